#!/usr/bin/env bash
# Fuzzes the readers of epcis, one target after the other, on a stable toolchain with a C++ compiler:
#   crates/epcis/fuzz/run.sh SECONDS [TARGET…]
# What is found on the way is kept under the target folder of Cargo, as are inputs that fail
# (`found/`); the kept corpus is read and never written. `crates/epcis/fuzz/keep.sh` renews it.
set -euo pipefail
cd "$(dirname "$0")"
seconds=$1
shift
all=(json xml xml12 stream convert hash query)
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
  # Two seconds for one input of four kilobytes: what is not linear shows. They are of the clock, so a machine that
  # is busy elsewhere needs more.
  "$built/$host/release/$target" -max_total_time="$seconds" -max_len=8192 -timeout="${FUZZ_TIMEOUT:-2}" -rss_limit_mb=1024 \
    -dict=words.dict -print_final_stats=1 -artifact_prefix="$found/$target-" "$grown" "corpus/$target" \
    >"$built/fuzz/$target.log" 2>&1 || failed=1
  grep -E '^stat::|^#[0-9]+.*DONE|panicked|ERROR|SUMMARY|Test unit written|Done ' "$built/fuzz/$target.log" || true
done
exit "$failed"
