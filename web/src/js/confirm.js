// `[data-confirm="question"]` on a button or a form: asks before sending. What cannot be undone has a page of its own that asks;
// this is for the small things.

import { on } from './dom.js';
import { words } from './words.js';

export function confirmFirst(page) {
  on(
    page,
    'submit',
    (event) => {
      const asking = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
      if (asking === undefined || confirm(asking || words.areYouSure)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
