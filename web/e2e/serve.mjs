// Shows the style guide the way the server will show its pages: the same built files, the same strict CSP, icons inlined by
// name. `{{icon NAME}}`, `{{asset NAME}}` and `{{scan.css}}` stand for what askama writes. Run it alone to look at the pages.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(web, path));
const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Communes for the combobox of the guide, to try tone marks on; the codes are invented. */
const communes = [
  { value: '03127', label: 'Phường Điện Biên Phủ', detail: 'tỉnh Điện Biên' },
  { value: '03325', label: 'Xã Thanh An', detail: 'tỉnh Điện Biên' },
  { value: '03349', label: 'Xã Thanh Yên', detail: 'tỉnh Điện Biên' },
  { value: '03217', label: 'Xã Tủa Chùa', detail: 'tỉnh Điện Biên' },
];
const fold = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();

function fill(html) {
  const icons = JSON.parse(read('dist/icons.json'));
  const assets = JSON.parse(read('dist/manifest.json'));
  const known = (table, name) => {
    if (!(name in table)) throw new Error(`the style guide asks for "${name}", which the build does not make`);
    return table[name];
  };
  return html
    .replace(/\{\{icon ([a-z-]+)\}\}/g, (_, name) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${known(icons, name)}</svg>`)
    .replace(/\{\{asset ([\w.-]+)\}\}/g, (_, name) => `/assets/${known(assets, name)}`)
    .replace('{{scan.css}}', () => read('dist/scan.css').toString())
    .replace('{{all icons}}', () =>
      Object.entries(icons)
        .map(([name, markup]) => `<li><svg class="icon icon-l" viewBox="0 0 24 24" aria-hidden="true">${markup}</svg><span class="small soft">${name}</span></li>`)
        .join('\n'));
}

/** Starts on a free port of this machine; `posts` collects the bodies that forms sent. */
export async function serveGuide(port = 0) {
  const posts = [];
  const scanHash = createHash('sha256').update(read('dist/scan.css')).digest('base64');
  const server = createServer((request, response) => {
    const address = new URL(request.url, 'http://guide');
    const answer = (type, body) => {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': `default-src 'none'; style-src 'self' 'sha256-${scanHash}'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      });
      response.end(body);
    };
    try {
      if (request.method === 'POST') {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
          posts.push(Buffer.concat(chunks));
          // Slow on purpose: a second press must find the first still on its way.
          setTimeout(() => answer(types['.html'], '<!doctype html><html lang="vi"><title>Đã nhận</title><h1>Đã nhận</h1><script type="module" src="' + fill('{{asset app.js}}') + '"></script>'), 400);
        });
      } else if (address.pathname === '/suggest/communes') {
        const query = fold(address.searchParams.get('q') ?? '');
        answer(types['.json'], JSON.stringify(communes.filter((each) => fold(each.label).includes(query))));
      } else if (address.pathname.startsWith('/assets/')) {
        const name = normalize(address.pathname).replace('/assets/', '');
        answer(types[extname(name)] ?? 'application/octet-stream', read(join('dist', name)));
      } else if (address.pathname === '/favicon.ico') {
        answer(types['.svg'], read('src/favicon.svg'));
      } else {
        const name = address.pathname === '/' ? 'styleguide.html' : normalize(address.pathname).slice(1);
        if (!/^styleguide(\/[a-z]+)?\.html$/.test(name)) throw new Error(`no page ${name}`);
        answer(types['.html'], fill(read(name).toString()));
      }
    } catch (error) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(String(error.message));
    }
  });
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    posts,
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const guide = await serveGuide(8090);
  process.stdout.write(`${guide.origin}\n`);
}
