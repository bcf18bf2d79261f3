// `form[data-draft="key"]`: what is typed is kept on this device until the server has taken it. The key should name the
// account too, so that two people on one phone do not meet. `form[data-forget]` (signing out) drops every draft.

import { all, on } from './dom.js';
import { words } from './words.js';

const PREFIX = 'nguon:draft:';
const SENT = 'nguon:sent';
const LIFE_MS = 30 * 24 * 3600 * 1000;

const kept = (field) =>
  field.name && !field.matches('[type=password],[type=file],[type=hidden],[type=submit],button,[data-no-draft]');

function read(form) {
  return [...form.elements].filter(kept).map((field) => {
    const choice = field.type === 'checkbox' || field.type === 'radio';
    return [field.name, choice ? field.value : null, choice ? field.checked : field.value];
  });
}

function write(form, entries) {
  const fields = [...form.elements].filter(kept);
  for (const [name, option, value] of entries) {
    const field = fields.find((each) => each.name === name && (option === null || each.value === option));
    if (!field) continue;
    // A name used twice (rows of a list) is filled in order.
    fields.splice(fields.indexOf(field), 1);
    if (option === null) field.value = value;
    else field.checked = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function offer(form, store, draft) {
  const notice = document.createElement('div');
  notice.className = 'notice no-print';
  const text = document.createElement('p');
  const when = new Intl.DateTimeFormat(document.documentElement.lang === 'en' ? 'en-GB' : 'vi-VN', {
    dateStyle: 'short',
    timeStyle: 'short',
  });
  text.textContent = words.draftFrom(when.format(draft.at));
  const row = document.createElement('p');
  row.className = 'row';
  const button = (label, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'btn';
    made.textContent = label;
    on(made, 'click', () => {
      act();
      notice.remove();
    });
    row.append(made);
  };
  button(words.draftUse, () => {
    write(form, draft.fields);
    form.querySelector('.input')?.focus();
  });
  button(words.draftDrop, () => store.removeItem(PREFIX + form.dataset.draft));
  notice.append(text, row);
  form.prepend(notice);
}

export function drafts(page) {
  const store = localStorage;
  const forms = [...all(page, 'form[data-draft]')];

  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  // The form came back after sending: the server refused it and shows what was typed. It did not: the draft has done its work.
  const refused = forms.some((form) => form.dataset.draft === sent);
  if (sent && !refused) store.removeItem(PREFIX + sent);

  for (const form of forms) {
    const key = PREFIX + form.dataset.draft;
    const draft = JSON.parse(store.getItem(key) || 'null');
    if (draft && Date.now() - draft.at > LIFE_MS) store.removeItem(key);
    else if (draft && form.dataset.draft !== sent) offer(form, store, draft);

    let timer;
    let unsaved = false;
    const save = () => {
      try {
        store.setItem(key, JSON.stringify({ at: Date.now(), fields: read(form) }));
        unsaved = false;
      } catch {
        unsaved = true;
      }
    };
    on(form, 'input', (event) => {
      if (!event.isTrusted) return;
      unsaved = true;
      clearTimeout(timer);
      timer = setTimeout(save, 300);
    });
    on(form, 'submit', (event) => {
      if (event.defaultPrevented) return;
      clearTimeout(timer);
      save();
      unsaved = false;
      sessionStorage.setItem(SENT, form.dataset.draft);
    });
    // Ask only when leaving would really lose something.
    on(window, 'beforeunload', (event) => {
      if (unsaved) save();
      if (unsaved) event.preventDefault();
    });
  }

  for (const form of all(page, 'form[data-forget]')) {
    on(form, 'submit', () => {
      for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key);
    });
  }
}
