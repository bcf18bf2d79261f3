// `input[data-filter="table-id"]` (hidden until here, with its field): hides the rows of a table that lack the words typed,
// tone marks not needed. For short tables that are whole on the page; longer ones are searched by the server.

import { all, on } from './dom.js';
import { voice, words } from './words.js';

/** "Điện Biên" and "dien bien" become the same. NFD splits the marks off; đ is a letter of its own and needs saying. */
export const fold = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();

export function filter(page) {
  for (const input of all(page, 'input[data-filter]')) {
    const rows = [...all(page, `#${CSS.escape(input.dataset.filter)} tbody tr`)];
    const texts = rows.map((row) => fold(row.textContent));
    const said = voice(input);
    input.closest('[hidden]')?.removeAttribute('hidden');
    on(input, 'input', () => {
      const wanted = fold(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, index) => {
        row.hidden = !wanted.every((word) => texts[index].includes(word));
        if (!row.hidden) shown += 1;
      });
      said.textContent = wanted.length ? words.rows(shown, rows.length) : '';
    });
  }
}
