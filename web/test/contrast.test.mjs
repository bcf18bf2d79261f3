// Contrast of every pair of text and ground that the styles use, in both colour schemes, by the formula of WCAG 2.2 §1.4.3.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

/** Custom properties of one scheme; the dark one changes only what it names. */
function schemes(file) {
  const css = readFileSync(join(src, file), 'utf8');
  const [light, dark] = css.split(/@media \(prefers-color-scheme: dark\)/);
  const colours = (part) => Object.fromEntries([...part.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6})/g)].map(([, name, hex]) => [name, hex]));
  const base = colours(light);
  return { light: base, dark: { ...base, ...colours(dark.split(/^}/m)[0]) } };
}

function luminance(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = parseInt(full.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Text needs 4.5:1 (1.4.3), the edge of a field 3:1 (1.4.11). */
const pairs = [
  ...['ink', 'soft', 'green', 'amber', 'red'].flatMap((ink) => ['paper', 'card', 'sunk'].map((ground) => [ink, ground, 4.5])),
  ...['ink', 'soft', 'green'].map((ink) => [ink, 'green-wash', 4.5]),
  ...['ink', 'soft', 'amber'].map((ink) => [ink, 'amber-wash', 4.5]),
  ...['ink', 'red'].map((ink) => [ink, 'red-wash', 4.5]),
  ['green-deep', 'paper', 4.5],
  ['on-green', 'green', 4.5],
  ['on-green', 'green-deep', 4.5],
  ...['good', 'warn', 'bad', 'plain'].map((verdict) => ['on-verdict', `verdict-${verdict}`, 4.5]),
  ['field-line', 'card', 3],
  ['field-line', 'paper', 3],
];

for (const [scheme, colours] of Object.entries(schemes('styles/tokens.css'))) {
  test(`text_is_legible_in_the_${scheme}_scheme`, () => {
    const weak = pairs
      .map(([ink, ground, least]) => [ink, ground, least, contrast(colours[ink], colours[ground])])
      .filter(([, , least, ratio]) => !(ratio >= least))
      .map(([ink, ground, least, ratio]) => `${ink} on ${ground}: ${ratio.toFixed(2)} < ${least}`);
    assert.deepEqual(weak, []);
  });
}

for (const [scheme, colours] of Object.entries(schemes('scan.css'))) {
  test(`the_scan_page_is_legible_in_the_${scheme}_scheme`, () => {
    const inks = ['ink', 'soft', 'green', 'amber', 'red'].flatMap((ink) => ['paper', 'card'].map((ground) => [colours[ink], colours[ground]]));
    const verdicts = ['good', 'warn', 'bad', 'plain'].map((verdict) => ['#ffffff', colours[verdict]]);
    for (const [ink, ground] of [...inks, ...verdicts]) assert.ok(contrast(ink, ground) >= 4.5, `${ink} on ${ground}`);
  });
}
