// Builds web/src into web/dist, which the server embeds: bundled and content-hashed styles and scripts, fonts, icons, and a
// manifest from plain name to hashed name. The same sources give the same bytes, so the server binary is reproducible.
// `scan.css` and `icons.json` keep their names: the server writes them into pages instead of linking to them.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const modules = join(root, 'node_modules');

/** What a visitor's browser must know; older ones still get every page, without the comforts. */
const target = ['chrome88', 'firefox90', 'safari14.1'];

/** The scan page must leave in one flight of packets (RFC 6928); its style may take this many bytes of it, minified. */
const SCAN_CSS_LIMIT = 6 * 1024;
/** The script is a comfort and must cost less than a thumbnail, minified. */
const APP_JS_LIMIT = 12 * 1024;

const manifest = {};

/** Writes `bytes` as `name-HASH.ext` and notes it in the manifest. */
function writeHashed(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(dist, hashed), bytes);
  manifest[name] = hashed;
}

/** Takes the sprite apart: icon name → the markup inside its symbol, for a server that inlines single icons. */
function readIcons(sprite) {
  const icons = {};
  const symbol = /<symbol id="([a-z-]+)" viewBox="0 0 24 24">(.*?)<\/symbol>/gs;
  for (const [, name, markup] of sprite.matchAll(symbol)) {
    if (icons[name]) throw new Error(`icons.svg draws "${name}" twice`);
    icons[name] = markup;
  }
  return icons;
}

function refuseOver(limit, name, bytes) {
  if (bytes.length >= limit) throw new Error(`${name} is ${bytes.length} bytes minified; the budget is ${limit}`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  target,
};

const app = await build({
  ...common,
  entryPoints: ['src/app.css', 'src/app.js'],
  outdir: 'dist',
  format: 'esm',
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file' },
  metafile: true,
});
for (const [path, output] of Object.entries(app.metafile.outputs)) {
  const name = output.entryPoint ? basename(output.entryPoint) : basename(Object.keys(output.inputs)[0]);
  manifest[name] = basename(path);
}
refuseOver(APP_JS_LIMIT, 'app.js', readFileSync(join(dist, manifest['app.js'])));

const scan = await build({ ...common, entryPoints: ['src/scan.css'], write: false });
refuseOver(SCAN_CSS_LIMIT, 'scan.css', scan.outputFiles[0].contents);
// The end of line of esbuild would be a byte on every scan page.
writeFileSync(join(dist, 'scan.css'), scan.outputFiles[0].text.trimEnd());

const icons = readIcons(readFileSync(join(root, 'src/icons.svg'), 'utf8'));
writeFileSync(join(dist, 'icons.json'), `${JSON.stringify(icons, null, 1)}\n`);

for (const name of ['favicon.svg', 'app-icon.svg', 'app-icon-180.png']) {
  writeHashed(name, readFileSync(join(root, 'src', name)));
}

// The stamp sheets embed this face in the PDF; it never goes to a browser, so its name needs no hash.
copyFileSync(
  join(modules, '@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf'),
  join(dist, 'sheet.ttf'),
);
// The Open Font Licence asks to travel with the fonts (clause 2).
copyFileSync(join(modules, '@expo-google-fonts/be-vietnam-pro/LICENSE_FONT'), join(dist, 'fonts-licence.txt'));

const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
