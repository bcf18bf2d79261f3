// `form[method=post]`: a second press sends nothing. A form that may be sent again (a download) says `data-repeat`.

import { all, on, set } from './dom.js';

export function submitOnce(page) {
  on(page, 'submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post' || 'repeat' in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = '1';
    // After this turn: a button disabled now would be missing from what is sent.
    setTimeout(() => {
      for (const button of all(form, 'button:not([type=button])')) {
        set(button, 'aria-disabled', 'true');
        set(button, 'aria-busy', 'true');
      }
    });
  });
  // Back from the next page out of the browser's memory: the form may be sent again.
  on(window, 'pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of all(page, 'form[data-sent]')) {
      delete form.dataset.sent;
      for (const button of all(form, '[aria-busy]')) {
        button.removeAttribute('aria-disabled');
        button.removeAttribute('aria-busy');
      }
    }
  });
}
