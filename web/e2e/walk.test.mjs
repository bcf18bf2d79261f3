// One walk through the whole system, as its users go it: a household joins, is accepted, keeps its diary, submits, is sent
// back, is approved, orders stamps; a buyer without scripts reads them and reports a doubt; a program sends events. The tests
// stand on each other in this order and share one server with the invented province.

import { after, before, test } from 'node:test';
import { closeBrowser, startServer } from './harness.mjs';
import { pictures, wanted } from './pictures.mjs';
import { diary } from './walk-diary.mjs';
import { readers } from './walk-public.mjs';
import { register } from './walk-register.mjs';
import { stamps } from './walk-stamps.mjs';

const options = { skip: process.env.NGUON_BIN ? false : 'NGUON_BIN names no program' };
/** The step that failed: those after it would only repeat its failure. */
let broken = null;

const walk = {
  server: null,
  /** Pages that stay open over several steps, by whose they are. */
  at: {},
  /** What later steps need from earlier ones. */
  known: {},
  step: (name, act) =>
    test(name, options, async (t) => {
      if (broken) return t.skip(`after ${broken}`);
      broken = name;
      await act();
      broken = null;
    }),
};

before(async () => { walk.server = await startServer(); });
after(async () => {
  await closeBrowser();
  await walk.server?.stop();
});

// Before the walk adds things of its own to the province.
if (wanted) test('pictures_for_the_guides', options, () => pictures(walk.server));
register(walk);
diary(walk);
stamps(walk);
readers(walk);
