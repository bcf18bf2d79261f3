#!/usr/bin/env bash
# Renews the kept corpus of a crate out of what `run.sh` found: per target the fewest short inputs that reach
# everything the others reach, and of those the longest, which reach most, up to MOST (default 25).
#   fuzz/keep.sh CRATE [MOST]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
crate=$1 most=${2:-25}
source "$here/sizes.sh"
cd "$here/../crates/$crate/fuzz"
host=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}
for corpus in corpus/*/; do
  target=$(basename "$corpus")
  work=$(mktemp -d)
  mkdir "$work/short" "$work/best"
  # Short ones can be read by people too.
  find "$built/fuzz/$target" "$corpus" -type f -size "-${short}c" -exec cp -n {} "$work/short" \;
  "$built/$host/release/$target" -set_cover_merge=1 "$work/best" "$work/short" >"$work/log" 2>&1
  # Own inputs stay.
  find "$corpus" -type f ! -name 'own-*' -delete
  kept=$(find "$corpus" -type f | wc -l)
  find "$work/best" -type f ! -name 'own-*' -printf '%s %p\n' | sort -k1,1nr -k2 | head -n "$((most > kept ? most - kept : 0))" |
    while read -r _ file; do cp "$file" "$corpus$(basename "$file" | cut -c1-12)"; done
  echo "$target: $(find "$corpus" -type f | wc -l) inputs of $(find "$work/best" -type f | wc -l)"
  rm -rf "$work"
done
