// The visual language and the scripts by themselves, on the style guide: needs Chromium but no server of the product.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, closeBrowser, done, newPage, noHorizontalScroll, noThirdParty, shot, thumbSized } from './harness.mjs';
import { serveGuide } from './serve.mjs';

const PAGES = { components: '/', home: '/styleguide/home.html', desk: '/styleguide/desk.html', diary: '/styleguide/diary.html', scan: '/styleguide/scan.html' };

let guide;
before(async () => { guide = await serveGuide(); });
after(async () => {
  await closeBrowser();
  await guide.close();
});

const open = async (path, options) => {
  const page = await newPage(options);
  await page.goto(guide.origin + path);
  return page;
};

/** Light on the narrowest phone, dark at the desk; what people hold in hand also at the usual width. */
const SIGHTS = [
  ...Object.keys(PAGES).flatMap((name) => [[name, 360, false], [name, 1360, true]]),
  ['diary', 390, true],
  ['scan', 390, false],
];

for (const [name, width, dark] of SIGHTS) {
  const tag = `guide-${name}-${width}${dark ? '-dark' : ''}`;
  test(`${tag}_is_accessible_and_fits`, async () => {
    const page = await open(PAGES[name], { width, dark });
    await noHorizontalScroll(page);
    await axe(page);
    await noThirdParty(page);
    await shot(page, tag);
    await done(page);
  });
}

test('controls_are_sized_for_a_thumb', async () => {
  for (const path of Object.values(PAGES)) {
    const page = await open(path, { width: 360, height: 740 });
    await thumbSized(page);
    await done(page);
  }
});

test('every_page_reads_without_scripts', async () => {
  for (const path of Object.values(PAGES)) {
    const page = await open(path, { width: 360, scripts: false });
    await noHorizontalScroll(page);
    assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
    await done(page);
  }
});

test('the_rest_of_the_list_opens_on_a_phone_without_scripts', async () => {
  const page = await open(PAGES.desk, { width: 360, height: 740, scripts: false });
  const later = page.getByRole('link', { name: 'Nhật ký thay đổi' });
  assert.equal(await later.isVisible(), false);
  await page.getByRole('link', { name: 'Thêm' }).click();
  assert.equal(await later.isVisible(), true);
  await page.getByRole('link', { name: 'Đóng' }).click();
  assert.equal(await later.isVisible(), false);
  await done(page);
});

test('a_second_press_sends_nothing', async () => {
  const page = await open('/');
  const before = guide.posts.length;
  const button = page.getByRole('button', { name: 'Lưu và gửi duyệt' });
  await button.evaluate((each) => { each.click(); each.click(); });
  await page.waitForURL('**/post');
  assert.equal(guide.posts.length, before + 1);
  assert.match(guide.posts.at(-1).toString(), /viec=gui/, 'the pressed button must be in what is sent');
  await done(page);
});

test('a_place_is_found_without_marks_and_its_code_is_sent', async () => {
  const page = await open('/', { width: 360 });
  const field = page.getByRole('combobox', { name: 'Xã, phường' });
  await field.pressSequentially('thanh y');
  await page.getByRole('option', { name: /Xã Thanh Yên/ }).waitFor();
  await axe(page);
  await field.press('ArrowDown');
  await field.press('Enter');
  assert.equal(await field.inputValue(), 'Xã Thanh Yên');
  assert.equal(await page.locator('#xa-ma').inputValue(), '03349');
  await field.press('Backspace');
  assert.equal(await page.locator('#xa-ma').inputValue(), '', 'a changed name must not keep the old code');
  await done(page);
});

test('a_draft_survives_a_reload_and_dies_when_sent', async () => {
  const page = await open('/styleguide/diary.html', { width: 390 });
  const field = page.getByLabel('Thuốc', { exact: true });
  await field.fill('');
  await field.pressSequentially('Thuốc trừ rầy B');
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('nguon:draft:')));
  await page.reload();
  await page.getByRole('button', { name: 'Dùng bản nháp' }).click();
  assert.equal(await field.inputValue(), 'Thuốc trừ rầy B');
  await page.getByRole('button', { name: 'Lưu bước' }).click();
  await page.waitForURL('**/post');
  await page.waitForFunction(() => document.documentElement.classList.contains('js'));
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  await done(page);
});

test('signing_out_leaves_no_draft_behind', async () => {
  const page = await open('/styleguide/diary.html');
  await page.evaluate(() => localStorage.setItem('nguon:draft:x', '{"at":1,"fields":[]}'));
  await page.locator('.menu > summary').click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.waitForURL('**/post');
  assert.equal(await page.evaluate(() => localStorage.getItem('nguon:draft:x')), null);
  await done(page);
});

test('a_large_photo_leaves_small_and_without_its_metadata', async () => {
  const page = await open('/styleguide/diary.html', { width: 390 });
  // A noisy 2400×1600 JPEG with a foreign APP1 block spliced in behind its first marker.
  const encoded = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1600 });
    const pen = canvas.getContext('2d');
    for (let i = 0; i < 3000; i += 1) {
      pen.fillStyle = `hsl(${(i * 47) % 360} 60% ${(i * 13) % 90}%)`;
      pen.fillRect((i * 911) % 2400, (i * 577) % 1600, 60, 40);
    }
    const blob = await new Promise((ready) => canvas.toBlob(ready, 'image/jpeg', 0.95));
    const reader = new FileReader();
    reader.readAsDataURL(blob);
    await new Promise((ready) => { reader.onload = ready; });
    return reader.result.split(',')[1];
  });
  const bytes = Buffer.from(encoded, 'base64');
  const secret = Buffer.from('Exif\0\0GPS 21.38N 103.02E');
  const block = Buffer.concat([Buffer.from([0xff, 0xe1, 0, secret.length + 2]), secret]);
  const buffer = Buffer.concat([bytes.subarray(0, 2), block, bytes.subarray(2)]);
  await page.locator('input[data-photo]').setInputFiles({ name: 'IMG_20261122_0914.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByText('Đã bỏ vị trí').waitFor();
  const sent = await page.evaluate(async () => {
    const [file] = document.querySelector('input[data-photo]').files;
    const { width, height } = await createImageBitmap(file);
    const text = new TextDecoder('latin1').decode(await file.arrayBuffer());
    return { name: file.name, size: file.size, width, height, leaks: text.includes('GPS 21.38N') };
  });
  assert.equal(sent.name, 'anh-1.jpg');
  assert.equal(sent.leaks, false);
  assert.deepEqual([sent.width, sent.height], [1600, 1067]);
  assert.ok(sent.size < 420 * 1024, `${sent.size} bytes`);
  await done(page);
});

test('a_file_that_is_no_photo_is_left_to_the_server', async () => {
  const page = await open('/styleguide/diary.html');
  await page.locator('input[data-photo]').setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a photo') });
  await page.getByText('không đọc được như ảnh').waitFor();
  assert.equal(await page.$eval('input[data-photo]', (input) => input.files[0].size), 11);
  await done(page);
});

test('letters_work_the_queue_but_never_while_typing', async () => {
  const page = await open('/styleguide/desk.html');
  await page.keyboard.press('j');
  assert.match(page.url(), /#b$/);
  await page.getByLabel('Tìm').pressSequentially('ja');
  assert.match(page.url(), /#b$/);
  assert.equal(guide.posts.some((body) => body.toString().includes('viec=duyet')), false);
  await page.getByRole('button', { name: 'Phím tắt' }).click();
  await page.goto(`${guide.origin}/styleguide/desk.html`);
  await page.keyboard.press('j');
  assert.doesNotMatch(page.url(), /#b$/, 'switched off must mean off');
  await page.getByRole('button', { name: 'Phím tắt' }).click();
  await page.keyboard.press('a');
  await page.waitForURL('**/post');
  assert.match(guide.posts.at(-1).toString(), /viec=duyet/);
  await done(page);
});

test('a_table_is_filtered_without_tone_marks', async () => {
  const page = await open('/');
  await page.getByLabel('Lọc nhanh trong bảng này').fill('che tua');
  assert.equal(await page.locator('#bang-sp tbody tr:visible').count(), 1);
  await page.getByText('Hiện 1 trong 3 dòng').waitFor();
  await done(page);
});

test('an_empty_date_begins_today_as_the_device_sees_it', async () => {
  const page = await newPage();
  await page.clock.setFixedTime(new Date('2026-11-22T23:30:00Z'));
  await page.goto(`${guide.origin}/styleguide/diary.html`);
  assert.equal(await page.locator('#luc').inputValue(), '2026-11-23T06:30');
  assert.equal(await page.locator('[data-zone]').inputValue(), '+07:00');
  await done(page);
});

test('a_position_is_filled_in_when_the_person_asks', async () => {
  const page = await open('/', { geolocation: { latitude: 21.3891234, longitude: 103.0169, accuracy: 12 }, permissions: ['geolocation'] });
  await page.getByRole('button', { name: 'Lấy vị trí ở đây' }).click();
  await page.getByText('sai số khoảng 12 m').waitFor();
  assert.equal(await page.locator('#toado').inputValue(), '21.389123');
  await done(page);
});

test('a_code_that_the_camera_reads_is_followed_only_on_this_site', async () => {
  const page = await newPage();
  for (const [read, expected] of [[`${guide.origin}/styleguide/scan.html`, '/styleguide/scan.html'], ['https://other.example/t/1', '/scan?code=https%3A%2F%2Fother.example%2Ft%2F1']]) {
    await page.addInitScript((text) => {
      window.BarcodeDetector = class { async detect() { return [{ rawValue: text }]; } };
      const canvas = document.createElement('canvas');
      canvas.getContext('2d');
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
      HTMLMediaElement.prototype.play = async () => {};
    }, read);
    await page.route('**/scan?*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>x</title>' }));
    await page.goto(`${guide.origin}/`);
    await page.getByRole('button', { name: 'Quét mã' }).click();
    await page.waitForURL(guide.origin + expected);
  }
  await done(page);
});

test('paper_shows_the_record_and_not_the_furniture', async () => {
  const page = await open('/styleguide/desk.html');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.desk-nav').isVisible(), false);
  assert.equal(await page.locator('.actions').isVisible(), false);
  assert.equal(await page.locator('.fields').isVisible(), true);
  await shot(page, 'guide-desk-print');
  await done(page);
});
