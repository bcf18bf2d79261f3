// GS1's own JavaScript toolkit doing what `crates/gs1/examples/toolkit_bench.rs` does, for bench/toolkit.sh.
"use strict";
const [, , file, seconds = "1", only] = process.argv;
const Toolkit = require(require("path").resolve(file));
const toolkit = new Toolkit();

const STEM = "https://tx.example.vn";
const LINK = `${STEM}/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T?17=261231`;
const BRACKETED = "(01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T(17)261231";
const SHORT = toolkit.compressGS1DigitalLink(LINK, false, STEM, false, true, false);

const works = {
  "read and check a link": () => toolkit.extractFromGS1digitalLink(LINK).GS1["21"] === "7K3M9Q2XWP4T",
  "turn a link into an element string": () => toolkit.gs1digitalLinkToGS1elementStrings(LINK, true) === BRACKETED,
  "turn a link into a compressed one": () => toolkit.compressGS1DigitalLink(LINK, false, STEM, false, true, false) === SHORT,
  "turn a compressed link into a link": () => toolkit.decompressGS1DigitalLink(SHORT, false, STEM) === LINK,
};

/** Repeats a work for so many seconds that the processor gives to it; gives how often in one. */
function run(work, time) {
  const start = process.cpuUsage();
  let done = 0;
  let passed = 0;
  while (passed < time) {
    for (let turn = 0; turn < 100; turn += 1) {
      if (!work()) throw new Error("the toolkit gives something else");
    }
    done += 100;
    const used = process.cpuUsage(start);
    passed = (used.user + used.system) * 1e-6;
  }
  return done / passed;
}

for (const [what, work] of Object.entries(works)) {
  if (only && only !== what) continue;
  run(work, 0.5); // the compiler of the engine has seen it all before it counts
  console.log(JSON.stringify({ what, per_second: Math.round(run(work, Number(seconds))) }));
}
