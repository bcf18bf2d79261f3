// `[data-scan="/scan"]` (hidden until here): reads a QR code with the camera where the browser can. A link of this site is
// followed; anything else goes to the address as `?code=`, where the server says what it is. With `data-scan-into` (an id) the
// text fills that input instead: the first and the last stamp of a roll. Holds a `button[data-scan-start]` and a `video`.

import { all, on } from './dom.js';
import { voice, words } from './words.js';

const LOOK_EVERY_MS = 180;

export function scan(page) {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices) return;
  for (const place of all(page, '[data-scan]')) {
    const start = place.querySelector('[data-scan-start]');
    const video = place.querySelector('video');
    const frame = video.parentElement;
    const said = voice(start);
    place.hidden = false;
    on(start, 'click', async () => {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      } catch {
        said.textContent = words.scanDenied;
        return;
      }
      frame.hidden = false;
      start.hidden = true;
      said.textContent = words.scanning;
      video.srcObject = stream;
      await video.play();
      const text = await look(video, new BarcodeDetector({ formats: ['qr_code', 'data_matrix'] }));
      for (const track of stream.getTracks()) track.stop();
      frame.hidden = true;
      start.hidden = false;
      said.textContent = text;
      found(place, text);
    });
  }
}

async function look(video, detector) {
  for (;;) {
    try {
      const [code] = await detector.detect(video);
      if (code?.rawValue) return code.rawValue;
    } catch {
      // A frame that is not ready yet; the next one may be.
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
}

function found(place, text) {
  const input = document.getElementById(place.dataset.scanInto);
  if (input) {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.focus();
    return;
  }
  let link = null;
  try {
    link = new URL(text);
  } catch {
    // Not an address: a bare code, or another system's text.
  }
  // Never follow a stranger's address out of a code on a wall.
  location.assign(link?.origin === location.origin ? link.pathname : `${place.dataset.scan}?code=${encodeURIComponent(text)}`);
}
