// The household's diary and the review of its record.

import assert from 'node:assert/strict';
import { done, thumbSized } from './harness.mjs';
import { DESK, daysAgo, faultAt, goTo, optionWith, signIn, sound, takePhoto, written } from './people.mjs';
import { picture } from './pictures.mjs';
import { HOUSEHOLD, PRODUCT } from './walk.mjs';

/** The button of a step. */
const card = (page, name) => page.locator('.steps').getByRole('link', { name, exact: true });

/** Steps from an open lot to a published record. */
export function diary(walk) {
  const { step, at, known } = walk;

  step('a_lot_begins_with_the_steps_of_a_field', async () => {
    const page = at.household;
    await goTo(page, 'Lô và nhật ký');
    await sound(page);
    await page.getByRole('link', { name: /^Mở lô/ }).first().click();
    await page.getByLabel('Sản phẩm').selectOption({ label: PRODUCT });
    await page.getByLabel('Địa điểm').selectOption({ index: await optionWith(page.getByLabel('Địa điểm'), /Ruộng Hồng Sọt/) });
    await page.getByLabel(/Tên gọi/).fill('Lúa nếp · Ruộng Hồng Sọt');
    await sound(page);
    await page.getByRole('button', { name: 'Mở lô' }).click();
    await page.getByRole('heading', { level: 1, name: /Lúa nếp/ }).waitFor();
    known.lot = page.url().split('?')[0];
    known.lotCode = (await page.locator('.page-head .code').first().innerText()).trim();
    known.trace = (await page.locator('dl.facts dd.code').textContent()).trim();
    assert.equal(await card(page, 'Giết mổ').isVisible(), false, 'a field is not slaughtered');
    await sound(page);
    await thumbSized(page);

    await card(page, 'Gieo trồng').click();
    await page.getByLabel('Ngày', { exact: true }).fill(daysAgo(120));
    await sound(page);
    await thumbSized(page);
    await page.getByRole('button', { name: 'Lưu bước' }).click();
    await page.getByText('Người mua sẽ đọc').waitFor();
    assert.match(await page.locator('.buyer-reads').innerText(), /gieo trồng/);
    await page.locator('.journey time', { hasText: written(daysAgo(120)) }).waitFor();
  });

  step('a_harvest_within_the_waiting_period_is_refused_in_plain_words', async () => {
    const page = at.household;
    await card(page, 'Phun thuốc').click();
    await page.getByLabel('Tên thuốc, phân, thức ăn').fill('Validamycin');
    await page.getByLabel('Liều lượng').fill('0,5 lít/sào');
    await page.getByLabel('Ngày', { exact: true }).fill(daysAgo(20));
    await page.getByRole('button', { name: 'Lưu bước' }).click();
    assert.match(await faultAt(page, 'wait'), /cách ly/);
    assert.equal(await page.getByLabel('Tên thuốc, phân, thức ăn').inputValue(), 'Validamycin');
    // The label says 14; a slip of the finger makes it 41, and the correction comes below.
    await page.getByLabel(/Thời gian cách ly/).fill('41');
    await page.getByRole('button', { name: 'Lưu bước' }).click();
    await page.locator('.countdown').waitFor();
    assert.match(await page.locator('.countdown').innerText(), new RegExp(`21[^]*${written(daysAgo(-21))}`));
    await sound(page);
    await page.goto(known.lot);
    await picture(page, 'lot-phone');

    await card(page, 'Thu hoạch').click();
    await page.getByText('Lô còn thời gian cách ly').waitFor();
    await page.getByLabel('Số lượng').fill('640');
    await page.getByRole('button', { name: 'Lưu bước' }).click();
    const said = await faultAt(page, 'date');
    assert.match(said, /cách ly sau “Validamycin”/);
    assert.ok(said.includes(written(daysAgo(-21))), said);
    assert.equal(await page.getByLabel('Số lượng').inputValue(), '640');
    await sound(page);
  });

  step('a_correction_replaces_what_buyers_read_and_ends_the_waiting', async () => {
    const page = at.household;
    await page.goBack();
    await page.goto(known.lot);
    await page.locator('.journey li', { hasText: 'Validamycin' }).getByRole('link', { name: 'Sửa' }).click();
    await page.getByRole('radio').first().check();
    assert.equal(await page.getByLabel(/Thời gian cách ly/).inputValue(), '41');
    await page.getByLabel(/Thời gian cách ly/).fill('14');
    await sound(page);
    await page.getByRole('button', { name: 'Lưu bản sửa' }).click();
    await page.locator('.journey li', { hasText: 'Validamycin' }).waitFor();
    assert.equal(await page.locator('.journey li', { hasText: 'Validamycin' }).count(), 1, 'buyers read the right one only');
    assert.match(await page.locator('.journey li', { hasText: 'Validamycin' }).innerText(), /cách ly 14 ngày/);
    assert.equal(await page.locator('.countdown').count(), 0);
  });

  step('a_double_press_and_a_repeated_request_store_one_harvest', async () => {
    const page = at.household;
    await card(page, 'Thu hoạch').click();
    // What the refused form held is offered as a draft; this is another harvest.
    await page.getByRole('button', { name: 'Bỏ bản nháp' }).click();
    await page.getByLabel('Số lượng').fill('640');
    await takePhoto(page, 'Thu hoạch, minh hoạ');
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, 'step-phone');
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Lưu bước' }) });
    const sent = await form.evaluate((each) => [...new FormData(each)].filter(([, value]) => typeof value === 'string'));
    const address = page.url();
    await page.getByRole('button', { name: 'Lưu bước' }).dblclick();
    await page.getByText('Người mua sẽ đọc').waitFor();
    const harvests = page.locator('.journey li', { hasText: 'Thu hoạch' });
    assert.equal(await harvests.count(), 1);
    // A phone whose answer got lost sends the same form again.
    const status = await page.evaluate(async ([address, fields]) => {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      return (await fetch(address, { method: 'POST', body })).status;
    }, [address, sent]);
    assert.equal(status, 200, 'the repeated form is led to the lot as the first one was');
    await page.goto(known.lot);
    assert.equal(await harvests.count(), 1, 'the same form sent twice is one harvest');
    assert.match(await page.locator('.page-head').innerText(), /còn 640 kg/);
    await page.locator('.journey .photos img').waitFor();
    await sound(page);
  });

  step('a_returned_record_names_the_field_and_its_reason', async () => {
    const page = at.household;
    await page.getByRole('button', { name: /^Gửi duyệt/ }).click();
    await page.getByText('Đang chờ duyệt').first().waitFor();
    await sound(page);

    const reviewer = (at.reviewer = await signIn(walk.server, walk.server.account('reviewer'), DESK));
    await goTo(reviewer, 'Duyệt hồ sơ');
    await reviewer.locator('.queue').getByRole('link', { name: new RegExp(known.lotCode) }).filter({ hasText: HOUSEHOLD }).click();
    await reviewer.getByRole('heading', { level: 1, name: new RegExp(PRODUCT.slice(0, 12)) }).waitFor();
    await sound(reviewer);
    const field = reviewer.locator('.fields > div', { hasText: 'Quy cách' });
    await field.locator('summary').click();
    await field.getByRole('textbox').fill('Bao bì ghi túi 1 kg');
    await reviewer.getByRole('button', { name: /^Trả lại(?! ô)/ }).click();
    await reviewer.getByText('Đã trả lại kèm lý do').waitFor();

    await page.goto(known.lot);
    await page.getByRole('link', { name: 'Xem hồ sơ như người mua' }).click();
    await page.getByText('Hồ sơ được trả lại').waitFor();
    await page.getByText('Quy cách: Bao bì ghi túi 1 kg').waitFor();
    await sound(page);
  });

  step('a_mended_record_shows_the_reviewer_what_changed_and_is_approved', async () => {
    const page = at.household;
    await goTo(page, 'Sản phẩm');
    await page.getByRole('link', { name: new RegExp(PRODUCT.slice(0, 12)) }).click();
    await page.getByRole('link', { name: 'Sửa', exact: true }).click();
    await page.getByLabel('Quy cách, khối lượng tịnh').fill('Túi 1 kg');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { level: 1, name: PRODUCT }).waitFor();
    await page.goto(known.lot);
    await page.getByRole('button', { name: /^Gửi duyệt/ }).click();
    await page.getByText('Đang chờ duyệt').first().waitFor();

    const reviewer = at.reviewer;
    await goTo(reviewer, 'Duyệt hồ sơ');
    await reviewer.locator('.queue').getByRole('link', { name: new RegExp(known.lotCode) }).filter({ hasText: HOUSEHOLD }).click();
    const field = reviewer.locator('.fields > div', { hasText: 'Quy cách' });
    assert.equal(await field.locator('del').innerText(), 'Túi 2 kg');
    assert.equal(await field.locator('ins').innerText(), 'Túi 1 kg');
    await reviewer.getByText('Đủ mười thông tin').waitFor();
    await reviewer.getByRole('button', { name: /Duyệt và công bố/ }).click();
    await reviewer.getByText('Đã duyệt và công bố').waitFor();
    await done(reviewer);
  });
}
