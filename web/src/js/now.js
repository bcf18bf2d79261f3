// `input[data-now]`: an empty date or date-and-time begins at the device's present; `input[data-zone]` (hidden) takes the
// device's offset from UTC as `+07:00`, so that the server keeps the hour as the person saw it.

import { all } from './dom.js';

const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, '0');

export function now(page) {
  const moment = new Date();
  const offset = -moment.getTimezoneOffset();
  for (const input of all(page, 'input[data-zone]')) {
    input.value = `${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
  }
  const local = new Date(moment.getTime() + offset * 60000).toISOString();
  for (const input of all(page, 'input[data-now]')) {
    if (!input.value) input.value = local.slice(0, input.type === 'date' ? 10 : 16);
  }
}
