// Every page that each role can reach by following links: answered, accessible, not wider than a phone, without errors in the
// console. One page of each kind (addresses that differ only in their numbers and codes are one kind).

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, closeBrowser, done, newPage, noHorizontalScroll, noThirdParty, startServer } from './harness.mjs';

/** Where pictures of all pages go, to be looked at; none without it. */
const pictures = process.env.NGUON_SHOTS;

/** Kinds that the crawl without an account has looked at: not again by every role. */
let publicKinds = new Set();

let server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await server?.stop();
  await closeBrowser();
});

/** `/org/12/lots/34?sort=a` and `/org/56/lots/78?sort=b` are one kind; so are two scan pages. */
function kindOf(url) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/\/(?=[^/]*\d)[^/]+/g, '/_').replace(/^\/_(\/.*)?$/, '/code');
  return `${path}?${[...searchParams.keys()].sort().join('&')}`;
}

/** Links of the page to pages of this site: not files, not the same page in the other language, not its own parts. */
async function links(page) {
  const found = await page.$$eval('a[href]:not([download])', (all) => all.map((each) => each.href));
  const { origin } = new URL(page.url());
  return found
    .map((href) => href.split('#')[0])
    .filter((href) => href.startsWith(origin) && !/\/(assets|pictures|api)\/|\.(pdf|csv|svg|xlsx|json)$|\/(file|sheet|code\.svg)(\?|$)|[?&]lang=/.test(href));
}

async function signIn(page, account) {
  await page.goto(`${server.address}/sign-in`);
  await page.fill('[name=login]', account.login);
  await page.fill('[name=password]', account.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')), page.click('main button.btn-primary')]);
}

/** The answer of a page; null for a file that the browser saves instead. */
async function open(page, url) {
  try {
    return await page.goto(url);
  } catch (error) {
    if (/Download is starting/.test(error.message)) return null;
    throw error;
  }
}

async function crawl(page, starts, name) {
  const waiting = [...starts];
  const kinds = new Set();
  let count = 0;
  while (waiting.length > 0) {
    const url = waiting.shift();
    const kind = kindOf(url);
    if (kinds.has(kind) || publicKinds.has(kind)) continue;
    kinds.add(kind);
    await page.setViewportSize({ width: 1360, height: 860 });
    const answer = await open(page, url);
    if (!answer) continue;
    const type = (await answer.headerValue('content-type')) ?? '';
    if (!type.startsWith('text/html')) continue;
    assert.equal(answer.status(), 200, `${url} is linked`);
    waiting.push(...(await links(page)));
    await axe(page);
    await noHorizontalScroll(page);
    await picture(page, name, count, 'desk');
    await page.setViewportSize({ width: 360, height: 740 });
    await noHorizontalScroll(page);
    await axe(page);
    await picture(page, name, count, 'phone');
    await noThirdParty(page);
    count += 1;
  }
  return { count, kinds };
}

async function picture(page, name, count, size) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}-${String(count).padStart(2, '0')}-${size}.png`, fullPage: true });
}

for (const [role, least] of [
  ['', 12],
  ['manager', 20],
  ['officer', 7],
  ['reviewer', 8],
  ['inspector', 4],
  ['administrator', 3],
]) {
  test(`every_page_that_${role || 'anyone'}_can_reach_is_answered_accessible_and_fits_a_phone`, { timeout: 900_000 }, async () => {
    if (!server) return;
    const page = await newPage({});
    if (role) await signIn(page, server.account(role));
    const starts = role ? [page.url()] : [`${server.address}/`, server.scan_link];
    const { count, kinds } = await crawl(page, starts, role || 'public');
    if (!role) publicKinds = kinds;
    assert.ok(count >= least, `only ${count} pages were found: ${[...kinds].join(' ')}`);
    await done(page);
  });
}
