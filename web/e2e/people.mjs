// What people do on many pages: sign in, choose a commune from the suggestions, take a photo, leave a page in good order.
// Every one goes through what is seen: labels, links and buttons.

import assert from 'node:assert/strict';
import { axe, newPage, noHorizontalScroll, noThirdParty } from './harness.mjs';

/** Farmers work on a phone, officers at a desk. */
export const PHONE = { width: 390, height: 800 };
export const DESK = { width: 1360, height: 860 };
/** The narrowest phone that pages are made for. */
export const NARROW = { width: 360, height: 740 };

/** What a page may take at most to show what is waited for. */
const PATIENCE_MS = 15_000;

/** A page of the harness that says sooner what it waits for in vain. */
export async function open(options) {
  const page = await newPage(options);
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** A refused form answers 422, and Chromium reports that as an error. */
export const REFUSED = /status of 422/;

/** A main tax code with the check digit that its nine digits ask for. */
export function taxCode(nine) {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  const sum = weights.reduce((sum, weight, at) => sum + weight * Number(nine[at]), 0);
  const check = 10 - (sum % 11);
  assert.ok(check <= 9, `${nine} has no check digit: choose other digits`);
  return `${nine}${check}`;
}

/** The day so many days ago in Vietnam, as a date field takes it: `2026-11-22`. */
export function daysAgo(days) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(Date.now() - days * 86_400_000);
}

/** An ISO day as pages write it: `22/11/2026`. */
export const written = (iso) => iso.split('-').reverse().join('/');

/** A signed-in page in a context of its own, from the home page on. */
export async function signIn(server, account, options) {
  const page = await open({ allowErrors: REFUSED, ...options });
  await page.goto(server.address);
  await page.getByRole('link', { name: 'Đăng nhập' }).click();
  await page.getByLabel('Số điện thoại hoặc thư điện tử').fill(account.login);
  await page.getByLabel('Mật khẩu').fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Đăng nhập' }).click();
  await page.locator('.desk').waitFor();
  return page;
}

/** Follows the side navigation, which keeps its later entries folded on a phone. */
export async function goTo(page, name) {
  const link = page.locator('.desk-nav').getByRole('link', { name, exact: true });
  if (!(await link.isVisible())) await page.locator('.nav-more').click();
  await link.click();
  await page.locator('.desk-nav a[aria-current=page]', { hasText: name }).waitFor({ state: 'attached' });
}

/** The field of the commune; the list of its proposals bears the same name. */
export const commune = (page) => page.getByRole('combobox', { name: 'Xã, phường' });

/** Types without tone marks and takes the proposal that fits. */
export async function chooseCommune(page, typed, fitting) {
  await commune(page).pressSequentially(typed);
  await page.getByRole('option', { name: fitting }).click();
}

/** A photo as a phone takes it: a JPEG with some content, drawn by the browser. */
export async function photo(page, words) {
  const base64 = await page.evaluate((words) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1800, height: 1350 });
    const pen = canvas.getContext('2d');
    const sky = pen.createLinearGradient(0, 0, 0, 1350);
    sky.addColorStop(0, '#bcd9e6');
    sky.addColorStop(0.45, '#eef3e2');
    sky.addColorStop(0.46, '#8ca24f');
    sky.addColorStop(1, '#4d6b2c');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 1800, 1350);
    for (let row = 0; row < 26; row += 1) {
      pen.fillStyle = `hsl(${70 + ((row * 7) % 20)} 45% ${38 + ((row * 5) % 14)}%)`;
      for (let stalk = 0; stalk < 90; stalk += 1) pen.fillRect(stalk * 20 + ((row * 13) % 20), 640 + row * 27, 6, 40);
    }
    pen.fillStyle = '#fff';
    pen.font = '64px sans-serif';
    pen.fillText(words, 60, 1290);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
  }, words);
  return { name: 'IMG_2026.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

/** Puts a photo into the page's photo field and waits until it is ready to travel. */
export async function takePhoto(page, words) {
  await page.locator('input[data-photo]').setInputFiles(await photo(page, words));
  await page.locator('.photo-preview canvas').first().waitFor();
}

/** What holds for every page: accessible, no wider than its window, nothing fetched from others. */
export async function sound(page) {
  await axe(page);
  await noHorizontalScroll(page);
  await noThirdParty(page);
}

/** The faults that stand at a field, and that the summary on top leads to them. */
export async function faultAt(page, name) {
  await page.getByRole('alert').waitFor();
  const field = page.locator(`#f-${name}`);
  const said = (await page.locator(`#e-${name}`).innerText()).trim();
  assert.equal(await field.getAttribute('aria-invalid'), 'true', `#f-${name} is not marked as wrong`);
  await page.locator(`.error-summary a[href="#f-${name}"]`).waitFor();
  return said;
}

/** Where among a list's options the first one stands that fits. */
export async function optionWith(select, pattern) {
  const at = (await select.locator('option').allInnerTexts()).findIndex((text) => pattern.test(text));
  assert.ok(at >= 0, `no option fits ${pattern}`);
  return at;
}
