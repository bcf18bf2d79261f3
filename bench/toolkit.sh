#!/usr/bin/env bash
# Reading, compressing and decompressing a link, against GS1's own JavaScript toolkit, in turn, one core, one run.
# Seconds are of the processor, not of the clock.
# Needs Node and the sources of github.com/gs1/GS1DigitalLinkToolkit.js:
#   bench/toolkit.sh PATH/TO/GS1DigitalLinkToolkit.js/src/GS1DigitalLinkToolkit.js [ROUNDS] [SECONDS]
set -euo pipefail
toolkit=$(realpath "$1") rounds=${2:-7} seconds=${3:-1}
cd "$(dirname "$0")/.."
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
cargo build --quiet --release --package gs1 --example toolkit_bench
ours=${CARGO_TARGET_DIR:-target}/release/examples/toolkit_bench
for round in $(seq "$rounds"); do
  for what in "read and check a link" "turn a link into an element string" "turn a link into a compressed one" \
    "turn a compressed link into a link"; do
    "$ours" "$seconds" "$what" | sed "s/^/$round ours /"
    node bench/toolkit_peer.js "$toolkit" "$seconds" "$what" | sed "s/^/$round peer /"
  done
done >"$lines"
python3 - "$lines" <<'PY'
import collections, json, statistics, sys
found = collections.defaultdict(dict)
for line in open(sys.argv[1]):
    turn, who, said = line.split(" ", 2)
    said = json.loads(said)
    found[said["what"], turn][who] = said["per_second"]
for what in dict.fromkeys(what for what, _ in found):
    pairs = [pair for (one, _), pair in found.items() if one == what]
    ratios = sorted(pair["ours"] / pair["peer"] for pair in pairs)
    ours, peer = (statistics.median(pair[who] for pair in pairs) for who in ("ours", "peer"))
    print(f"{what}: ours {ours:,.0f}/s, toolkit {peer:,.0f}/s, ratio {statistics.median(ratios):.1f} ({ratios[0]:.1f}-{ratios[-1]:.1f})")
PY
