#!/usr/bin/env bash
# Reading and checking links, scans and bracketed strings, against GS1's own C engine, in turn, one core, one run.
# Needs a C compiler and the sources of github.com/gs1/gs1-syntax-engine:
#   bench/links.sh PATH/TO/gs1-syntax-engine/src/c-lib [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
engine=$1 rounds=${2:-7} seconds=${3:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=$(find "$engine" -maxdepth 2 -name '*.c' ! -name '*test*' ! -name '*fuzzer*' ! -name 'example*')
# shellcheck disable=SC2086
cc -O3 -DNDEBUG -DGS1_LINTER_ERR_STR_EN -I"$engine" -I"$engine/syntax" -o "$work/peer" bench/links_peer.c $sources 2>"$work/warnings"
cargo build --quiet --release --package gs1 --example link_bench
ours=${CARGO_TARGET_DIR:-target}/release/examples/link_bench
for round in $(seq "$rounds"); do
  for what in "read and check a link" "read and check a scan" "read and check a bracketed string"; do
    "$ours" "$seconds" "$what" | sed "s/^/$round ours /"
  done
  "$work/peer" "$seconds" | sed "s/^/$round peer /"
done >"$work/lines"
python3 - "$work/lines" <<'PY'
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
    print(f"{what}: ours {ours:,.0f}/s, C engine {peer:,.0f}/s, ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
PY
