// The pictures of the guides, from real pages in the invented province. They are written only where NGUON_PICTURES is 1, so
// that a test run changes nothing.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { done } from './harness.mjs';
import { DESK, PHONE, goTo, open, signIn } from './people.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'pictures');
/** A guide is read over slow connections too. */
const MOST_BYTES = 200_000;

export const wanted = process.env.NGUON_PICTURES === '1';

/** A phone of good make, so that its pictures stay sharp in print. */
export const SHARP = { ...PHONE, deviceScaleFactor: 2 };

/** Pages full of photographs are shown in a smaller window, or they would be too heavy. */
const SMALL = { width: 900, height: 760 };

/** Saves what the window shows as `docs/pictures/NAME.png`, smaller where it would be too heavy. */
export async function picture(page, name) {
  if (!wanted) return;
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => [...document.images].every((each) => each.complete || each.getBoundingClientRect().top > innerHeight));
  const window = page.viewportSize();
  if (window.width < 600) await page.evaluate(() => document.activeElement?.blur());
  let bytes = await page.screenshot({ scale: 'device' });
  if (bytes.length > MOST_BYTES) bytes = await page.screenshot({ scale: 'css' });
  // Photographs weigh most; a lower window shows fewer of them.
  for (let height = window.height - 80; bytes.length > MOST_BYTES && height >= 460; height -= 80) {
    bytes = await page.screenshot({ scale: 'css', clip: { x: 0, y: 0, width: window.width, height } });
  }
  assert.ok(bytes.length <= MOST_BYTES, `${name}.png has ${bytes.length} bytes`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), bytes);
}

/** The pictures that need nothing but the demonstration. */
export async function pictures(server) {
  const visit = async (name, path, options = DESK, act = async () => {}) => {
    const page = await open(options);
    await page.goto(new URL(path, server.address).href);
    await act(page);
    await picture(page, name);
    await done(page);
  };
  await visit('scan-phone', server.scan_link, SHARP);
  await visit('scan-desk', server.scan_link);
  await visit('home', '/', SMALL);
  await visit('figures', '/figures');
  await visit('join', '/join');
  await visit('search', '/', SMALL, async (page) => {
    await page.getByRole('searchbox').first().fill('che shan tuyet');
    await page.getByRole('searchbox').first().press('Enter');
    await page.locator('.cards').first().waitFor();
  });

  const manager = await signIn(server, server.account('manager'), DESK);
  await goTo(manager, 'Cơ sở, địa điểm');
  await manager.locator('main').getByRole('link', { name: /xưởng/i }).first().click();
  await manager.getByRole('link', { name: 'In mã cơ sở' }).click();
  await picture(manager, 'place-code');
  await goTo(manager, 'Chứng nhận');
  await picture(manager, 'certificates');
  await goTo(manager, 'Tem');
  await manager.getByRole('heading', { name: 'Đặt tem' }).evaluate((each) => each.parentElement.scrollIntoView({ block: 'end' }));
  await picture(manager, 'stamps-order');
  await manager.locator('main table a').first().click();
  await manager.getByText('Xem trước tờ đầu').click();
  await manager.getByText('Xem trước tờ đầu').evaluate((each) => each.closest('section').scrollIntoView());
  await picture(manager, 'stamps-sheet');
  await goTo(manager, 'Kết nối máy');
  await picture(manager, 'keys');
  await done(manager);

  const farmer = await signIn(server, server.account('member'), SHARP);
  await goTo(farmer, 'Lô và nhật ký');
  await picture(farmer, 'lots-phone');
  await done(farmer);

  for (const [role, entry, name] of [['officer', 'Đơn vị', 'organisations'], ['inspector', 'Nghi vấn', 'doubt'], ['reviewer', 'Duyệt hồ sơ', 'review'], ['administrator', 'Tài khoản', 'accounts']]) {
    const page = await signIn(server, server.account(role), DESK);
    await goTo(page, entry);
    if (name === 'review') await page.locator('.queue a').first().click();
    await picture(page, name);
    await done(page);
  }
}
