// Comforts on top of pages that work without them. Each feature is found by its own data attribute, knows nothing of the
// others, and may fail without taking a form with it. No inline handlers, no eval: the CSP is strict.

import { autosubmit } from './js/autosubmit.js';
import { confirmFirst } from './js/confirm.js';
import { copy } from './js/copy.js';
import { drafts } from './js/draft.js';
import { filter } from './js/filter.js';
import { keys } from './js/keys.js';
import { locate } from './js/locate.js';
import { now } from './js/now.js';
import { photos } from './js/photo.js';
import { scan } from './js/scan.js';
import { submitOnce } from './js/submit.js';
import { suggest } from './js/suggest.js';

document.documentElement.classList.add('js');

// Asking comes before everything that acts on a submit; keeping the draft before the form leaves.
for (const feature of [confirmFirst, drafts, photos, submitOnce, suggest, now, keys, copy, filter, autosubmit, locate, scan]) {
  try {
    feature(document);
  } catch (error) {
    console.warn(`${feature.name}:`, error);
  }
}
