// `button[data-copy="text"]` (hidden until here): puts the text on the clipboard and says so.

import { all, on } from './dom.js';
import { voice, words } from './words.js';

export function copy(page) {
  if (!navigator.clipboard) return;
  for (const button of all(page, 'button[data-copy]')) {
    const said = voice(button);
    button.hidden = false;
    on(button, 'click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        said.textContent = words.copied;
      } catch {
        said.textContent = words.copyFailed;
      }
      setTimeout(() => (said.textContent = ''), 4000);
    });
  }
}
