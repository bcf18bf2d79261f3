// Stamps for the published lot: printed, stuck on, spoilt.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { noHorizontalScroll } from './harness.mjs';
import { faultAt, sound } from './people.mjs';
import { PRODUCT, STAMPS } from './walk.mjs';

/** Steps from the order to stamps in every state. */
export function stamps(walk) {
  const { step, at, known } = walk;

  step('an_order_of_stamps_gives_a_sheet_and_a_list_for_the_print_house', async () => {
    const page = at.household;
    await page.goto(known.lot);
    await page.getByRole('link', { name: /Tem của lô/ }).click();
    await sound(page);
    await page.getByLabel('Số tem', { exact: true }).fill(String(STAMPS));
    await page.getByRole('radio', { name: /30 mm/ }).first().check();
    await page.getByRole('button', { name: 'Đặt tem' }).click();
    await page.getByRole('heading', { level: 1, name: PRODUCT }).waitFor();
    known.order = page.url().split('?')[0];
    await page.getByText('Xem trước tờ đầu').click();
    await noHorizontalScroll(page);
    await sound(page);

    const sheet = page.getByRole('link', { name: /Tải PDF/ });
    const answer = await page.request.get(new URL(await sheet.getAttribute('href'), page.url()).href);
    assert.equal(answer.headers()['content-type'], 'application/pdf');
    const [pdf] = await Promise.all([page.waitForEvent('download'), sheet.click()]);
    assert.equal(readFileSync(await pdf.path()).subarray(0, 5).toString(), '%PDF-');
    assert.match(pdf.suggestedFilename(), /^tem-.*\.pdf$/);
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
    const text = readFileSync(await csv.path(), 'utf8');
    known.links = text.match(/https?:\/\/[^\s,;"]+/gi);
    assert.equal(known.links?.length, STAMPS, text.slice(0, 400));
    assert.equal(new Set(known.links).size, STAMPS, 'no two stamps are alike');
    assert.ok(text.includes(PRODUCT) && text.includes(known.lotCode));
  });

  step('a_range_of_stamps_is_activated_and_a_spoilt_one_voided', async () => {
    const page = at.household;
    const activate = page.locator('form[action$="/activate"]');
    await activate.getByLabel('Tem đầu').fill('1');
    await activate.getByLabel('Tem cuối').fill('99');
    await activate.getByRole('button', { name: 'Kích hoạt' }).click();
    assert.match(await faultAt(page, 'from'), new RegExp(`${STAMPS}`));
    await activate.getByLabel('Tem cuối').fill('6');
    await activate.getByRole('button', { name: 'Kích hoạt' }).click();
    await page.getByText('Đã kích hoạt tem.').waitFor();
    const figures = async () => (await page.locator('.figures .figure b').allInnerTexts()).map(Number);
    assert.deepEqual((await figures()).slice(0, 3), [STAMPS - 6, 6, 0]);
    await page.getByText('Hủy tem hỏng, mất').click();
    const spoil = page.locator('form[action$="/void"]');
    await spoil.getByLabel('Tem đầu').fill('6');
    await spoil.getByLabel('Tem cuối').fill('6');
    await spoil.getByLabel('Lý do').fill('In hỏng (minh hoạ)');
    page.once('dialog', (dialog) => dialog.accept());
    await spoil.getByRole('button', { name: 'Hủy tem' }).click();
    await page.getByText('Đã hủy tem.').waitFor();
    assert.deepEqual((await figures()).slice(0, 3), [STAMPS - 6, 5, 1]);
    await sound(page);
  });
}
