// What the server may rely on in web/dist. Run after the build (npm test does both).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(web, 'dist');
const text = (name) => readFileSync(join(dist, name), 'utf8');
const manifest = JSON.parse(text('manifest.json'));

/** The names that templates ask for; a template with another name would show an empty square. */
const ICONS = `sow fertilise spray harvest receive-animals feed treat slaughter process pack ship receive sell destroy correct
  place product lot certificate stamp qr search camera check warning cross clock question user organisation review chart print
  download globe home plus edit history`.split(/\s+/);

const fingerprint = () =>
  readdirSync(dist).sort().map((name) => `${name} ${createHash('sha256').update(readFileSync(join(dist, name))).digest('hex')}`);

test('every_name_of_the_manifest_is_a_file', () => {
  for (const name of ['app.css', 'app.js', 'favicon.svg', 'app-icon.svg', 'app-icon-180.png', 'be-vietnam-pro-vietnamese-400-normal.woff2']) {
    assert.ok(manifest[name], `${name} is missing`);
  }
  for (const [name, hashed] of Object.entries(manifest)) {
    assert.ok(existsSync(join(dist, hashed)), `${name} → ${hashed} does not exist`);
    assert.notEqual(name, hashed, `${name} carries no hash and could not be cached for ever`);
  }
});

test('the_same_sources_give_the_same_bytes', () => {
  const before = fingerprint();
  execFileSync(process.execPath, [join(web, 'build.mjs')]);
  assert.deepEqual(fingerprint(), before);
});

test('every_icon_that_pages_ask_for_is_drawn', () => {
  const icons = JSON.parse(text('icons.json'));
  assert.deepEqual(ICONS.filter((name) => !icons[name]), []);
  for (const [name, markup] of Object.entries(icons)) {
    assert.match(markup, /^<(path|circle)[^]*\/>$/, name);
    assert.doesNotMatch(markup, /style=|on\w+=|<script|url\(/, `${name} would break the CSP`);
  }
});

test('nothing_of_dist_asks_another_host', () => {
  for (const name of readdirSync(dist).filter((each) => /\.(css|js)$/.test(each))) {
    assert.doesNotMatch(text(name), /https?:\/\/|url\(["']?\/\//, name);
  }
});

test('the_scan_page_style_leaves_room_in_the_first_flight', () => {
  const css = text('scan.css');
  assert.doesNotMatch(css, /url\(|@import|@font-face/, 'the scan page fetches nothing');
  assert.ok(gzipSync(css).length < 2048, `${gzipSync(css).length} bytes compressed`);
});

test('no_markup_of_the_guide_needs_an_inline_style_or_handler', () => {
  const pages = ['styleguide.html', ...readdirSync(join(web, 'styleguide')).map((name) => `styleguide/${name}`)];
  for (const page of pages) assert.doesNotMatch(readFileSync(join(web, page), 'utf8'), /\sstyle=|\son[a-z]+=/, page);
});

test('the_lock_file_names_no_registry', () => {
  assert.doesNotMatch(readFileSync(join(web, 'package-lock.json'), 'utf8'), /"resolved"|registry/);
});
