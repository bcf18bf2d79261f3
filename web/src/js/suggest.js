// `input[data-suggest="/suggest/communes"]`: proposals under the field while typing (the combobox of WAI-ARIA 1.2). The address
// answers `?q=` with `[{value, label, detail}]`; the choice goes to the hidden field named by `data-suggest-for` (an id).
// Without this script the server reads the typed name and asks when it fits several.

import { all, on, set } from './dom.js';
import { voice, words } from './words.js';

const WAIT_MS = 160;

export function suggest(page) {
  all(page, 'input[data-suggest]').forEach(combobox);
}

function combobox(input, index) {
  const target = document.getElementById(input.dataset.suggestFor);
  // The unit that was asked for by its former name, where one was: `data-suggest-old` names the field that keeps it.
  const former = document.getElementById(input.dataset.suggestOld ?? '');
  const list = document.createElement('ul');
  list.id = `suggest-${index}`;
  list.className = 'suggest-list';
  set(list, 'role', 'listbox');
  set(list, 'aria-label', input.labels?.[0]?.textContent ?? '');
  list.hidden = true;
  const box = document.createElement('div');
  box.className = 'suggest';
  input.replaceWith(box);
  box.append(input, list);
  const said = voice(list, true);

  set(input, 'role', 'combobox');
  set(input, 'aria-autocomplete', 'list');
  set(input, 'aria-controls', list.id);
  set(input, 'aria-expanded', 'false');
  input.autocomplete = 'off';

  let items = [];
  let at = -1;
  let timer;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    set(input, 'aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (item) => {
    input.value = item.label;
    if (target) target.value = item.value;
    if (former) former.value = item.old ?? '';
    close();
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const move = (step) => {
    at = (at + step + items.length) % items.length;
    [...list.children].forEach((row, position) => set(row, 'aria-selected', String(position === at)));
    set(input, 'aria-activedescendant', list.children[at].id);
    list.children[at].scrollIntoView({ block: 'nearest' });
  };
  const show = (found) => {
    items = found;
    at = -1;
    list.replaceChildren(
      ...found.map((item, position) => {
        const row = document.createElement('li');
        row.id = `${list.id}-${position}`;
        set(row, 'role', 'option');
        set(row, 'aria-selected', 'false');
        row.textContent = item.label;
        if (item.detail) {
          const detail = document.createElement('small');
          detail.textContent = item.detail;
          row.append(detail);
        }
        return row;
      }),
    );
    list.hidden = !found.length;
    set(input, 'aria-expanded', String(found.length > 0));
    input.removeAttribute('aria-activedescendant');
    said.textContent = words.suggestions(found.length);
  };
  const ask = async () => {
    const query = input.value.trim();
    const mine = ++asked;
    if (query.length < 2) return close();
    const address = new URL(input.dataset.suggest, location.href);
    address.searchParams.set('q', query);
    try {
      const answer = await fetch(address, { headers: { accept: 'application/json' } });
      // A slow answer to an old question must not cover a newer one.
      if (answer.ok && mine === asked) show(await answer.json());
    } catch {
      close();
    }
  };

  on(input, 'input', (event) => {
    // A restored draft fills the text, not the choice; only typing unmakes a choice.
    if (!event.isTrusted) return;
    if (target) target.value = '';
    if (former) former.value = '';
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  on(input, 'keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(at < 0 ? 0 : -1);
    else if (event.key === 'Enter' && at >= 0) choose(items[at]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  // Before the field loses the focus, or the list would close under the finger.
  on(list, 'mousedown', (event) => event.preventDefault());
  on(list, 'click', (event) => {
    const position = [...list.children].indexOf(event.target.closest('li'));
    if (position >= 0) choose(items[position]);
  });
  on(input, 'blur', () => {
    ++asked;
    clearTimeout(timer);
    close();
  });
}
