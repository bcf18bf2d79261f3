// `button[data-locate]` (hidden until here): fills the inputs named by `data-lat`, `data-lon` and `data-accuracy` (ids) with the
// device's position, in degrees and metres. The person sees and may change what is filled in.

import { all, on } from './dom.js';
import { voice, words } from './words.js';

const PATIENCE_MS = 20000;

export function locate(page) {
  if (!navigator.geolocation) return;
  for (const button of all(page, 'button[data-locate]')) {
    const said = voice(button);
    const fill = (name, value) => {
      const input = document.getElementById(button.dataset[name]);
      if (!input) return;
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    button.hidden = false;
    on(button, 'click', () => {
      said.textContent = words.locating;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const metres = Math.ceil(coords.accuracy);
          // Six decimals are a tenth of a metre; more would claim what no phone knows.
          fill('lat', coords.latitude.toFixed(6));
          fill('lon', coords.longitude.toFixed(6));
          fill('accuracy', metres);
          said.textContent = words.located(metres);
        },
        () => (said.textContent = words.locateFailed),
        { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60000 },
      );
    });
  }
}
