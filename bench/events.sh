#!/usr/bin/env bash
# Reading, judging and hashing events: against serde_json to a Value of the same bytes (inside one program, in turn), and
# against the reference implementation of the hash id in Python, the same document in turn, one core, one run.
# Needs Python with the reference implementation, github.com/RalphTro/epcis-event-hash-generator:
#   bench/events.sh PATH/TO/python PATH/TO/epcis-event-hash-generator [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 reference=$2 rounds=${3:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release --package epcis --example document_bench
ours=${CARGO_TARGET_DIR:-target}/release/examples/document_bench
"$ours" make json 1 >"$work/document.jsonld"
cat >"$work/peer.py" <<'PY'
import sys, time
sys.path.insert(0, sys.argv[1])
from epcis_event_hash_generator import events_from_file_reader, hash_generator
start = time.process_time()
events = events_from_file_reader.event_list_from_file(sys.argv[2])
hashes = hash_generator.epcis_hashes_from_events(events, "sha256")
print("hashes_per_second", len(hashes) / (time.process_time() - start))
PY
for round in $(seq "$rounds"); do
  "$ours" speed 1 | sed "s/^/ours /"
  "$python" "$work/peer.py" "$reference" "$work/document.jsonld" | grep hashes_per_second | sed "s/^/peer /"
done >"$work/lines"
python3 - "$work/lines" <<'PY'
import json, statistics, sys
ours, peer = [], []
for line in open(sys.argv[1]):
    who, said = line.split(" ", 1)
    (ours.append(json.loads(said)) if who == "ours" else peer.append(float(said.split()[1])))
def told(values):
    values = sorted(values)
    return f"{statistics.median(values):,.3f} ({values[0]:,.3f}-{values[-1]:,.3f})"
print("read and judge, MB/s:", told([one["read_mb"] for one in ours]))
print("serde_json to Value, MB/s:", told([one["value_mb"] for one in ours]))
print("ratio of processor time:", told([one["ratio"] for one in ours]))
print("read, judge and hash, events/s:", told([one["read_and_hash_per_second"] for one in ours]))
print("reference in Python, hashes/s:", told(peer))
print("ratio:", told([one["read_and_hash_per_second"] / other for one, other in zip(ours, peer)]))
PY
