// `input[type=file][data-photo]`: photos are made small on the phone before they travel (long edge 1600 px, at most about
// 400 KB), drawn anew so that position and device data stay at home. What cannot be read here goes as it is; the server judges.

import { all, on, set } from './dom.js';
import { voice, words } from './words.js';

const LONG_EDGE_PX = 1600;
const ENOUGH_BYTES = 400 * 1024;

const encode = (canvas, quality) => new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONG_EDGE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext('2d');
  // JPEG has no transparency; what was clear becomes white, not black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let blob = null;
  for (const quality of [0.82, 0.7, 0.58, 0.45]) {
    blob = await encode(canvas, quality);
    if (blob && blob.size <= ENOUGH_BYTES) break;
  }
  if (!blob) throw new Error('the browser cannot write JPEG');
  return { blob, canvas };
}

export function photos(page) {
  for (const input of all(page, 'input[type=file][data-photo]')) {
    const said = voice(input);
    const preview = document.createElement('div');
    preview.className = 'photo-preview';
    said.after(preview);
    let busy = false;
    let waiting = null;

    on(input, 'change', async () => {
      if (!input.files.length) return;
      busy = true;
      said.textContent = words.photoBusy;
      preview.replaceChildren();
      const files = new DataTransfer();
      let bytes = 0;
      let unread = false;
      for (const [index, file] of [...input.files].entries()) {
        try {
          const { blob, canvas } = await smaller(file);
          // The phone's file name tells the day and the device; ours tells nothing.
          files.items.add(new File([blob], `anh-${index + 1}.jpg`, { type: 'image/jpeg' }));
          bytes += blob.size;
          set(canvas, 'aria-hidden', 'true');
          preview.append(canvas);
        } catch {
          files.items.add(file);
          bytes += file.size;
          unread = true;
        }
      }
      input.files = files.files;
      said.textContent = unread ? words.photoUnread : words.photoReady(files.files.length, Math.ceil(bytes / 1024));
      busy = false;
      if (waiting) {
        const { form, submitter } = waiting;
        waiting = null;
        form.requestSubmit(submitter);
      }
    });

    // Sent while still shrinking: wait for it, then send.
    on(input.form, 'submit', (event) => {
      if (!busy) return;
      event.preventDefault();
      waiting = { form: input.form, submitter: event.submitter };
    });
  }
}
