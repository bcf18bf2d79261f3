// What every browser test needs: one Chromium for the file, pages that fail on any console error, pictures, the accessibility
// check, and (where NGUON_BIN names the program) a demonstration server of its own on a free port, ended by its pid.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const results = join(dirname(fileURLToPath(import.meta.url)), 'results');
const START_LIMIT_MS = 240_000;

/** The rules that WCAG 2.2 level AA is made of, in axe's names. */
const AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser;
const contexts = new Map();

async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.NGUON_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return browser;
}

/**
 * A page in a fresh context (own cookies, own storage).
 * `scripts: false` shows it as a visitor without JavaScript; `allowErrors` is a pattern of console errors that the test expects.
 */
export async function newPage({ width = 1360, height = 860, lang = 'vi-VN', dark = false, scripts = true, allowErrors = null, ...options } = {}) {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    locale: lang,
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    javaScriptEnabled: scripts,
    hasTouch: width < 600,
    ...options,
  });
  const page = await context.newPage();
  const seen = { errors: [], requests: [] };
  page.on('console', (message) => {
    if (message.type() === 'error' && !allowErrors?.test(message.text())) seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => seen.requests.push(request.url()));
  contexts.set(page, seen);
  return page;
}

/** Closes the page and fails if its console said an error, a refused script or style of the CSP among them. */
export async function done(page) {
  const { errors } = contexts.get(page);
  contexts.delete(page);
  await page.context().close();
  assert.deepEqual(errors, [], 'errors in the console');
}

/** Saves the whole page as `results/NAME.png` and gives its path. */
export async function shot(page, name, options = {}) {
  mkdirSync(results, { recursive: true });
  const path = join(results, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, fullPage: true, ...options });
  return path;
}

/** No violation of WCAG 2.2 AA that a machine can find. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(AA).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('\n  ')}`);
  assert.deepEqual(told, [], `accessibility of ${page.url()}`);
}

/** The page itself never scrolls sideways; a table may, in its own frame. */
export async function noHorizontalScroll(page) {
  const { wide, view, culprits } = await page.evaluate(() => {
    const view = document.documentElement.clientWidth;
    const framed = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== 'visible') return true;
      }
      return false;
    };
    const culprits = [...document.body.querySelectorAll('*')]
      .filter((each) => each.getBoundingClientRect().right > view + 1 && !framed(each))
      .slice(0, 5)
      .map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''}`);
    return { wide: document.documentElement.scrollWidth, view, culprits };
  });
  assert.ok(wide <= view, `${page.url()} is ${wide} px wide in a window of ${view} px: ${culprits.join(', ')}`);
}

/** Everything that the page asked for came from its own origin. */
export async function noThirdParty(page) {
  const origin = new URL(page.url()).origin;
  const foreign = contexts.get(page).requests.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:') && new URL(url).origin !== origin);
  assert.deepEqual(foreign, [], 'requests to others');
}

/** What a thumb may be asked to hit: every visible control outside running text is at least `least` px in both directions. */
export async function thumbSized(page, selector = 'button, .btn, .input, .step, .choice, summary', least = 44) {
  const small = await page.$$eval(
    selector,
    (found, least) =>
      found
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([each, box]) => box.width > 1 && !each.matches('.send-back > summary') && (box.height < least || box.width < least))
        .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`),
    least,
  );
  assert.deepEqual(small, [], 'controls too small for a thumb');
}

/**
 * Starts `nguon demo` on a free port with its own data folder and reads the one JSON line that it prints.
 * Gives `{address, scan_link, accounts: [{role, login, password}], api_key, account(role), stop()}`; null without NGUON_BIN.
 */
export async function startServer(extra = []) {
  const program = process.env.NGUON_BIN;
  if (!program) return null;
  const data = mkdtempSync(join(tmpdir(), 'nguon-e2e-'));
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data, ...extra], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(child.pid, 'SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const line = await firstJsonLine(child, ended);
    return { ...line, account: (role) => line.accounts.find((each) => each.role === role), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstJsonLine(child, ended) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`nguon demo said nothing for ${START_LIMIT_MS} ms`)), START_LIMIT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      clearTimeout(late);
      try {
        resolve(JSON.parse(line));
      } catch (error) {
        reject(new Error(`nguon demo printed no JSON: ${line}`, { cause: error }));
      }
    });
    ended.then((code) => {
      clearTimeout(late);
      reject(new Error(`nguon demo ended with ${code} before it was ready`));
    });
  });
}

/** Ends the browser; call it from `after`. */
export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}
