#!/usr/bin/env bash
# Scan page throughput against nginx serving the same HTML as a static file, in turn, one run.
# Needs wrk and nginx (Debian packages of these names) and a release build:
#   cargo xtask web && cargo build --release -p nguon && bench/scan.sh [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-6}
bin=${CARGO_TARGET_DIR:-target}/release/nguon
work=$(mktemp -d)
trap 'kill $(cat "$work/nguon.pid" 2>/dev/null) $(cat "$work/nginx.pid" 2>/dev/null) 2>/dev/null || true; rm -rf "$work"' EXIT

NGUON_LOG=error "$bin" demo --listen 127.0.0.1:0 --data "$work/data" >"$work/out" 2>"$work/err" &
echo $! >"$work/nguon.pid"
for _ in $(seq 300); do [ -s "$work/out" ] && break; sleep 0.2; done
link=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["scan_link"])' "$work/out")
mkdir -p "$work/html"
curl -fsS -H 'Accept: text/html' "$link" -o "$work/html/page.html"
port=$((20000 + RANDOM % 20000))
cat >"$work/nginx.conf" <<CONF
pid $work/nginx.pid; error_log $work/nginx.err; worker_processes 2;
events { worker_connections 1024; }
http { access_log off; sendfile on; client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5; default_type text/html;
  server { listen 127.0.0.1:$port; root $work/html; } }
CONF
nginx -c "$work/nginx.conf"
rate() { wrk -t1 -c32 -d"${seconds}s" -H 'Accept: text/html' "$1" | awk '/Requests\/sec/ {print $2}'; }
rate "$link" >/dev/null; rate "http://127.0.0.1:$port/page.html" >/dev/null   # warm both
for round in $(seq "$rounds"); do
  ours=$(rate "$link"); theirs=$(rate "http://127.0.0.1:$port/page.html")
  echo "$round ours $ours nginx $theirs ratio $(python3 -c "print(f'{$ours/$theirs:.2f}')")"
done | tee "$work/rounds"
echo "page: $(wc -c <"$work/html/page.html") bytes; median ratio: $(awk '{print $NF}' "$work/rounds" | sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}')"
