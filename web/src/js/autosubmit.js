// `select[data-autosubmit]`: choosing is sending; the button that serves without scripts (`data-autosubmit-button`) steps back.

import { all, on } from './dom.js';

export function autosubmit(page) {
  for (const select of all(page, 'select[data-autosubmit]')) {
    select.form?.querySelector('[data-autosubmit-button]')?.setAttribute('hidden', '');
    on(select, 'change', () => select.form?.requestSubmit());
  }
}
