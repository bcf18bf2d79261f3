// The household comes in: it joins, an officer accepts it, it declares its place and its product.

import assert from 'node:assert/strict';
import { done } from './harness.mjs';
import { DESK, PHONE, REFUSED, chooseCommune, commune, faultAt, goTo, open, optionWith, signIn, sound, takePhoto, taxCode } from './people.mjs';
import { SHARP, picture, wanted } from './pictures.mjs';
import { HOUSEHOLD, LOGIN, PASSWORD, PRODUCT } from './walk.mjs';

/** The commune of today, not those elsewhere or of before 2025 that bear the same name. */
const THANH_AN = /^xã Thanh An,?\s*tỉnh Điện Biên$/i;

/** Steps up to a product of which nothing is missing. */
export function register(walk) {
  const { step, at, known } = walk;

  step('a_wrong_tax_code_is_told_at_its_field_and_nothing_typed_is_lost', async () => {
    const page = (at.household = await open({ ...(wanted ? SHARP : PHONE), allowErrors: REFUSED }));
    await page.goto(walk.server.address);
    await page.getByRole('link', { name: 'Đăng ký đơn vị' }).click();
    await sound(page);
    await page.getByLabel('Loại hình').selectOption('household');
    await page.getByLabel('Tên đầy đủ theo giấy đăng ký').fill(HOUSEHOLD);
    const right = taxCode('561234567');
    const wrong = right.slice(0, 9) + ((Number(right[9]) + 1) % 10);
    await page.getByLabel('Mã số thuế').fill(wrong);
    await page.getByLabel('Người đại diện').fill('Lò Văn Thử');
    await page.getByLabel('Điện thoại liên hệ').fill('0912 345 678');
    await chooseCommune(page, 'thanh an', THANH_AN);
    await page.getByLabel('Thôn, bản, số nhà').fill('Bản Hồng Sọt');
    await page.getByLabel('Họ và tên').fill('Lò Văn Thử');
    await page.getByLabel('Số điện thoại hoặc thư điện tử để đăng nhập').fill(LOGIN);
    await page.getByLabel('Mật khẩu').fill(PASSWORD);
    await page.getByLabel(/Tôi đồng ý/).check();
    await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();

    assert.match(await faultAt(page, 'tax_code'), new RegExp(`số thứ 10 phải là ${right[9]}|phải là ${right[9]}`));
    assert.equal(await page.getByLabel('Tên đầy đủ theo giấy đăng ký').inputValue(), HOUSEHOLD);
    assert.equal(await page.getByLabel('Mã số thuế').inputValue(), wrong);
    assert.match(await commune(page).inputValue(), /xã Thanh An/i);
    assert.equal(await page.getByLabel('Mật khẩu').inputValue(), '', 'a password must not come back in a page');
    assert.equal(await page.getByLabel(/Tôi đồng ý/).isChecked(), true);
    await sound(page);

    await page.getByLabel('Mã số thuế').fill(right);
    await page.getByLabel('Mật khẩu').fill(PASSWORD);
    await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
    await page.getByText('Đang chờ tiếp nhận').waitFor();
    await page.getByRole('heading', { level: 1, name: HOUSEHOLD }).waitFor();
    assert.match(await page.locator('dl.facts').first().innerText(), /Bản Hồng Sọt, Xã Thanh An/i);
    await sound(page);
  });

  step('no_lot_is_opened_before_an_officer_accepts_the_household', async () => {
    const page = at.household;
    await goTo(page, 'Lô và nhật ký');
    await page.getByText('Đơn vị chưa được tiếp nhận').waitFor();
    assert.equal(await page.getByRole('link', { name: /^Mở lô/ }).count(), 0);

    const officer = await signIn(walk.server, walk.server.account('officer'), DESK);
    await goTo(officer, 'Đơn vị');
    await officer.getByLabel('Tình trạng').selectOption('submitted');
    await officer.getByRole('link', { name: HOUSEHOLD }).waitFor();
    await sound(officer);
    await officer.getByRole('link', { name: HOUSEHOLD }).click();
    await sound(officer);
    await officer.getByRole('button', { name: 'Tiếp nhận' }).click();
    await officer.getByText('Đã tiếp nhận đơn vị').waitFor();
    await done(officer);

    await goTo(page, 'Đơn vị');
    await page.getByText('Đã được tiếp nhận').waitFor();
  });

  step('a_place_gets_a_code_of_its_own', async () => {
    const page = at.household;
    await goTo(page, 'Cơ sở, địa điểm');
    await page.getByRole('link', { name: 'Thêm địa điểm' }).first().click();
    await page.getByLabel('Loại địa điểm').selectOption('field');
    await page.getByLabel('Tên thường gọi').fill('Ruộng Hồng Sọt');
    assert.match(await commune(page).inputValue(), /xã Thanh An/i, 'a new place begins in the commune of its organisation');
    await page.getByLabel('Thôn, bản, số nhà').fill('Bản Hồng Sọt');
    await page.getByLabel(/Diện tích/).fill('2.400');
    await sound(page);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ruộng Hồng Sọt' }).waitFor();
    const facts = await page.locator('dl.facts').first().innerText();
    assert.match(facts, /2\.400/);
    known.place = facts.match(/urn:nguon:place:[0-9A-Z-]+/)?.[0];
    assert.ok(known.place, facts);
    await sound(page);
    await page.getByRole('link', { name: 'In mã cơ sở' }).click();
    await page.getByRole('img', { name: 'Mã QR của cơ sở' }).waitFor();
    await sound(page);
  });

  step('the_list_of_what_a_product_lacks_shrinks_as_it_is_filled', async () => {
    const page = at.household;
    await goTo(page, 'Sản phẩm');
    await page.getByRole('link', { name: 'Thêm sản phẩm' }).first().click();
    await page.getByLabel('Tên sản phẩm').fill(PRODUCT);
    await page.getByLabel('Nhóm hàng').selectOption({ index: await optionWith(page.getByLabel('Nhóm hàng'), /gạo/i) });
    await page.getByLabel('Đơn vị tính').selectOption('kg');
    await page.getByRole('button', { name: 'Lưu' }).click();
    const missing = page.locator('section.missing li');
    await page.getByRole('heading', { level: 1, name: PRODUCT }).waitFor();
    const first = await missing.count();
    assert.ok(first >= 4, `only ${first} data are asked for`);
    await sound(page);

    await missing.filter({ hasText: /ảnh/i }).getByRole('link').click();
    await takePhoto(page, 'Gạo nếp tan, minh hoạ');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('.photos img').waitFor();
    assert.equal(await missing.count(), first - 1);
    if (wanted) {
      await page.setViewportSize(DESK);
      await picture(page, 'product');
      await page.setViewportSize(PHONE);
    }

    await page.getByRole('link', { name: 'Sửa', exact: true }).click();
    await page.getByLabel('Sản phẩm không có thương hiệu').check();
    await page.getByLabel('Quy cách, khối lượng tịnh').fill('Túi 2 kg');
    await page.getByLabel('Thời hạn sử dụng').fill('365');
    await page.getByLabel('Tiêu chuẩn, quy chuẩn áp dụng').fill('TCVN 11888:2017\nTCCS 01:2026 (minh hoạ)');
    await sound(page);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Đủ thông tin về sản phẩm').waitFor();
    assert.equal(await missing.count(), 0);
    assert.match(await page.locator('.facts').first().innerText(), /dùng mã của tỉnh/);
    await sound(page);
  });
}
