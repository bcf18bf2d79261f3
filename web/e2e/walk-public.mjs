// Those who read what was published: a buyer without scripts, a visitor of the portal, a program with a key.

import assert from 'node:assert/strict';
import { done, noHorizontalScroll } from './harness.mjs';
import { DESK, NARROW, REFUSED, daysAgo, faultAt, goTo, open, signIn, sound, written } from './people.mjs';
import { HOUSEHOLD, PRODUCT } from './walk.mjs';

/** A buyer's phone: no scripts, a look of its own, since one phone counts once in ten minutes. */
const buyer = (name, more = {}) => open({ ...NARROW, scripts: false, userAgent: `Mozilla/5.0 (Linux; Android 15) ${name}`, ...more });

async function verdict(page, link) {
  await page.goto(link);
  assert.equal(await page.locator('script').count(), 0, 'the scan page carries no script');
  const [first] = await page.locator('main > *').evaluateAll((found) => found.map((each) => each.className));
  assert.match(first, /verdict/, 'the verdict comes first');
  return page.locator('.verdict h1').innerText();
}

/** Steps of those who are not the household. */
export function readers(walk) {
  const { step, at, known } = walk;

  step('a_buyer_reads_the_verdict_first_and_the_second_one_sees_that_he_is_not_the_first', async () => {
    const page = await buyer('A');
    assert.match(await verdict(page, known.links[0]), /^Tem hợp lệ, quét lần đầu/);
    const text = await page.locator('main').innerText();
    for (const expected of [PRODUCT, HOUSEHOLD, known.lotCode, 'Gieo trồng', 'Validamycin', 'cách ly 14 ngày', 'Thu hoạch', written(daysAgo(0))]) {
      assert.ok(text.includes(expected), `the page of the stamp does not say ${expected}`);
    }
    assert.ok(!text.includes('41 ngày'), 'what was declared in error is not shown');
    assert.equal(await page.locator('main img').count(), 1);
    await page.getByText('Mười thông tin').click();
    await page.getByText('TCCS 01:2026 (minh hoạ)').waitFor();
    await noHorizontalScroll(page);
    await done(page);

    const second = await buyer('B');
    assert.match(await verdict(second, known.links[0]), /^Tem hợp lệ, đã quét 2 lần/);
    await second.getByText('quét lần đầu').waitFor();
    await done(second);

    const checked = await open({ ...NARROW, dark: true });
    await checked.goto(known.links[1]);
    await sound(checked);
    await checked.setViewportSize(DESK);
    await sound(checked);
    await done(checked);
  });

  step('every_other_state_of_a_stamp_has_a_verdict_of_its_own', async () => {
    const page = await buyer('A', { allowErrors: /status of 404/ });
    assert.equal(await verdict(page, known.links[6]), 'Tem chưa kích hoạt');
    assert.equal(await verdict(page, known.links[5]), 'Tem đã hủy');
    const unknown = known.links[0].replace(/[0-9A-Z]{12}$/, 'Z9Z9Z9Z9Z9Z9');
    assert.equal(await verdict(page, unknown), 'Mã này chưa từng được cấp');
    await noHorizontalScroll(page);
    await page.goto(known.links[6]);
    await page.getByRole('link', { name: 'English' }).click();
    assert.equal(await page.locator('.verdict h1').innerText(), 'Stamp not activated');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.goto(`${known.links[0]}?lang=en`);
    assert.match(await page.locator('.verdict h1').innerText(), /^Genuine stamp/);
    await page.getByRole('heading', { name: 'Journey' }).waitFor();
    await done(page);

    for (const link of [known.links[6], known.links[5], unknown]) {
      const checked = await open({ ...NARROW, allowErrors: /status of 404/ });
      await checked.goto(link);
      await sound(checked);
      await done(checked);
    }
  });

  step('a_doubt_is_reported_without_scripts_and_its_answer_is_read_by_code', async () => {
    const page = await buyer('A', { allowErrors: REFUSED });
    await page.goto(known.links[6]);
    await page.getByRole('link', { name: 'Báo nghi vấn' }).click();
    assert.match(await page.getByLabel(/Mã hoặc đường dẫn/).inputValue(), /[0-9A-Z]{12}$/);
    await page.getByRole('button', { name: 'Gửi' }).click();
    assert.match(await faultAt(page, 'message'), /nghi ngờ/);
    await page.getByLabel('Điều gì làm bạn nghi ngờ').fill('Mua ở chợ ngày hôm nay, tem chưa kích hoạt (minh hoạ).');
    await page.getByLabel(/Cách liên hệ/).fill('0900 000 001');
    await page.getByRole('button', { name: 'Gửi' }).click();
    await page.getByText('Đã nhận nghi vấn của bạn').waitFor();
    const code = (await page.getByRole('heading', { level: 1 }).innerText()).trim();
    assert.match(code, /^C/);
    const text = await page.locator('main').innerText();
    assert.ok(!text.includes('0900') && !text.includes('chợ'), 'the public page shows neither contact nor message');
    await noHorizontalScroll(page);

    const inspector = await signIn(walk.server, walk.server.account('inspector'), DESK);
    await goTo(inspector, 'Nghi vấn');
    await sound(inspector);
    await inspector.getByRole('row', { name: /chưa kích hoạt \(minh hoạ\)/ }).getByRole('link').click();
    await inspector.getByText('0900 000 001').waitFor();
    await sound(inspector);
    await inspector.getByRole('radio', { name: 'Đã trả lời' }).check();
    await inspector.getByLabel(/Ghi chú hoặc câu trả lời/).fill('Đã kiểm tra tại chợ: hàng thật, đơn vị quên kích hoạt (minh hoạ).');
    await inspector.getByRole('button', { name: 'Lưu' }).click();
    await inspector.getByText('Đã lưu').first().waitFor();
    await done(inspector);

    await page.goto(walk.server.address);
    await page.getByRole('link', { name: 'Theo dõi nghi vấn đã báo' }).click();
    await page.getByLabel('Mã theo dõi').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Xem' }).click();
    await page.getByText('đơn vị quên kích hoạt').waitFor();
    await done(page);
  });

  step('the_portal_finds_the_product_without_tone_marks', async () => {
    const page = await open(NARROW);
    await page.goto(walk.server.address);
    await sound(page);
    await page.getByRole('searchbox', { name: 'Tìm' }).first().fill('gao nep tan thanh an');
    await page.getByRole('button', { name: 'Tìm' }).first().click();
    await page.getByRole('heading', { name: 'Sản phẩm' }).waitFor();
    await sound(page);
    await page.locator('main').getByRole('link', { name: PRODUCT, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: PRODUCT }).waitFor();
    await sound(page);
    await page.locator('.page-head').getByRole('link', { name: HOUSEHOLD }).click();
    await page.getByRole('heading', { level: 1, name: HOUSEHOLD }).waitFor();
    await page.getByRole('cell', { name: 'Ruộng Hồng Sọt' }).or(page.getByText('Ruộng Hồng Sọt')).first().waitFor();
    await sound(page);
    await page.locator('main').getByRole('link', { name: new RegExp(known.lotCode) }).first().click();
    assert.equal(await page.locator('.verdict h1').innerText(), 'Mã của cả lô hàng');
    await done(page);
  });

  step('every_public_page_is_accessible_fits_and_reads_without_scripts', async () => {
    const page = await open(DESK);
    const plain = await buyer('C');
    const links = page.getByRole('navigation', { name: 'Các trang chính' }).getByRole('link');
    await page.goto(walk.server.address);
    const pages = await links.count();
    assert.ok(pages >= 4, `the portal leads to ${pages} pages only`);
    for (let at = 0; at < pages; at += 1) {
      await page.goto(walk.server.address);
      await links.nth(at).click();
      await page.waitForURL((url) => url.pathname !== '/');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await sound(page);
      await page.setViewportSize(NARROW);
      await sound(page);
      await page.setViewportSize(DESK);
      await plain.goto(page.url());
      await plain.getByRole('heading', { level: 1 }).waitFor();
      await noHorizontalScroll(plain);
    }
    await page.goto(`${walk.server.address}/?lang=en`);
    await page.getByRole('heading', { level: 1, name: 'Where do these goods come from?' }).waitFor();
    await sound(page);
    await done(page);
    await done(plain);
  });

  step('a_key_made_on_the_page_sends_an_event_and_reads_it_back', async () => {
    const page = at.household;
    await goTo(page, 'Kết nối máy');
    await sound(page);
    await page.getByLabel('Dùng cho phần mềm nào').fill('Sổ kho (minh hoạ)');
    await page.getByLabel(/capture/).check();
    await page.getByLabel(/query/).check();
    await page.getByRole('button', { name: 'Tạo khóa' }).click();
    const key = (await page.locator('#secret').innerText()).trim();
    await sound(page);
    await done(page);

    const authorization = `Bearer ${key}`;
    const eventID = 'urn:uuid:5f0c9a1e-7b1d-4c59-9a55-0f6f8f1c2d3e';
    const time = new Date(Date.now() - 60_000).toISOString();
    const event = {
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'ObjectEvent',
      eventID,
      eventTime: time,
      eventTimeZoneOffset: '+07:00',
      action: 'OBSERVE',
      bizStep: 'storing',
      disposition: 'in_progress',
      readPoint: { id: known.place },
      bizLocation: { id: known.place },
      quantityList: [{ epcClass: `urn:nguon:lot:${known.trace}`, quantity: 640, uom: 'KGM' }],
    };
    const send = (body) =>
      fetch(`${walk.server.address}/epcis/events`, { method: 'POST', headers: { authorization, 'content-type': 'application/ld+json' }, body: JSON.stringify(body) });
    const sent = await send(event);
    assert.equal(sent.status, 201, await sent.text());
    assert.equal((await send(event)).status, 201, 'the same event again is no error');
    assert.equal((await fetch(new URL(sent.headers.get('location'), walk.server.address), { headers: { authorization } })).status, 200);

    const answer = await fetch(`${walk.server.address}/epcis/events?EQ_eventID=${encodeURIComponent(eventID)}`, { headers: { authorization } });
    assert.equal(answer.status, 200);
    const { epcisBody } = await answer.json();
    const found = epcisBody.queryResults.resultsBody.eventList;
    assert.equal(found.length, 1, 'sent twice, kept once');
    assert.equal(found[0].eventID, eventID);
    assert.equal((await fetch(`${walk.server.address}/epcis/events`, { headers: { authorization: 'Bearer nguon_wrong' } })).status, 401);
    const foreign = await send({ ...event, eventID: eventID.replace('5f0c', '5f0d'), readPoint: { id: 'urn:nguon:place:F000000000' } });
    assert.ok(foreign.status >= 400, 'a place that nobody has is refused');
  });
}
