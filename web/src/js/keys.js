// `[data-keys]` holds a queue of links: j goes to the next, k to the one before the current. `[data-key="a"]` is pressed by its
// letter. Never while typing. A `button[data-keys-switch]` turns them off, as WCAG 2.1.4 asks of single-letter shortcuts.

import { all, on, set } from './dom.js';

const OFF = 'nguon:keys-off';

export function keys(page) {
  const queue = page.querySelector('[data-keys]');
  const control = page.querySelector('[data-keys-switch]');
  if (!queue && !page.querySelector('[data-key]')) return;
  if (control) {
    const tell = () => set(control, 'aria-pressed', String(!localStorage.getItem(OFF)));
    control.hidden = false;
    on(control, 'click', () => {
      if (localStorage.getItem(OFF)) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, '1');
      tell();
    });
    tell();
  }

  on(page, 'keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || localStorage.getItem(OFF)) return;
    if (event.target.closest('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]')) return;
    const key = event.key.toLowerCase();
    if (queue && (key === 'j' || key === 'k')) {
      const links = [...all(queue, 'a[href]')];
      const here = links.findIndex((link) => link.hasAttribute('aria-current'));
      links[here + (key === 'j' ? 1 : -1)]?.click();
      return;
    }
    // Only a letter is a name, or a key such as `"` would break the selector.
    const button = /^[a-z]$/.test(key) && page.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
}
