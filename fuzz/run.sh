#!/usr/bin/env bash
# Fuzzes the readers of a crate, one target after the other, on a stable toolchain with a C++ compiler:
#   fuzz/run.sh CRATE SECONDS [TARGET…]
# SECONDS are of the processor, for each target: on a machine that is busy elsewhere it takes longer and tries as much.
# What is found on the way is kept under the target folder of Cargo, as are inputs that fail
# (`found/`); the kept corpus is read and never written. `fuzz/keep.sh` renews it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
crate=$1 seconds=$2
shift 2
source "$here/sizes.sh"
cd "$here/../crates/$crate/fuzz"
# Each target has a corpus.
all=(corpus/*/)
all=("${all[@]#corpus/}")
all=("${all[@]%/}")
targets=("${@:-${all[@]}}")
host=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}
# Coverage as cargo-fuzz asks for it, by options that a stable compiler passes on. Naming the host
# keeps them away from build scripts and macros.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Copt-level=3 -Cdebug-assertions"
cargo build --quiet --locked --release --target "$host"
failed=0
for target in "${targets[@]}"; do
  grown=$built/fuzz/$target found=$built/fuzz/found
  mkdir -p "$grown" "$found"
  echo "== $target, $seconds s"
  # Two seconds for one input of a few kilobytes: what is not linear shows. They are of the clock, so a machine that
  # is busy elsewhere needs more.
  "$built/$host/release/$target" -max_len="$longest" -timeout="${FUZZ_TIMEOUT:-2}" -rss_limit_mb=1024 -handle_int=1 \
    -dict=words.dict -print_final_stats=1 -artifact_prefix="$found/$target-" "$grown" "corpus/$target" \
    >"$built/fuzz/$target.log" 2>&1 &
  process=$!
  ticks=$((seconds * $(getconf CLK_TCK)))
  while used=$(awk '{print $14 + $15}' "/proc/$process/stat" 2>/dev/null) && [ -n "$used" ]; do
    [ "$used" -lt "$ticks" ] || kill -INT "$process" 2>/dev/null || true
    sleep 1
  done
  wait "$process" || code=$?
  # Being stopped is no fault.
  [ "${code:-0}" -eq 0 ] || grep -q 'run interrupted' "$built/fuzz/$target.log" || failed=1
  code=0
  grep -E '^stat::|^#[0-9]+.*DONE|panicked|ERROR|SUMMARY|Test unit written|Done ' "$built/fuzz/$target.log" || true
done
exit "$failed"
