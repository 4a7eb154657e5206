#!/usr/bin/env bash
# Requests a second of the whole service, audit and access on, against the bare server in the same run; memory, start and stop.
# Needs wrk, curl and python3. Build first: cargo build --release. DATABASE_URL chooses another database.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
export KAA_LOG=warn KAA_SECRET=$(head -c 36 /dev/urandom | base64) KAA_DATA=$folder/data
address=127.0.0.1:${PORT:-8097}
api=http://$address/kaa/v1

ready() { until curl -sf "http://$address/health/ready" >/dev/null; do sleep 0.005; done; }
now() { date +%s%N; }

target/release/kaa demo --listen "$address" >"$folder/demo.log" & server=$!
ready; kill -TERM "$server"; wait "$server"

began=$(now); target/release/kaa serve --listen "$address" >"$folder/serve.log" & server=$!
ready; echo "start on a migrated database: $(( ($(now) - began) / 1000000 )) ms"
sleep 1; echo "memory at rest: $(( $(ps -o rss= -p "$server") / 1024 )) MiB"

field() { python3 -c "import json,sys; print(eval('json.load(sys.stdin)'+sys.argv[1]))" "$1"; }
login=$(python3 - "$KAA_DATA/demo-accounts.json" <<'P'
import json, sys
account = next(a for a in json.load(open(sys.argv[1])) if a["role"] == "syv")
print(json.dumps({"username": account["username"], "password": account["password"]}))
P
)
token=$(curl -s "$api/sessions" -H 'Content-Type: application/json' -d "$login" | field '["accessToken"]')
youth=$(curl -s "$api/youths?isOpen=true&limit=1" -H "Authorization: Bearer $token" | field '["youths"][0]["id"]')
printf 'wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\nwrk.body=%s\n' \
  "'{\"channel\":\"sms\",\"result\":\"no_answer\"}'" >"$folder/contact.lua"

load() { # load NAME ADDRESS [more of wrk]
  echo "== $1"; shift
  wrk -t1 -c32 -d"${SECONDS_EACH:-5}s" --latency -H "Authorization: Bearer $token" "$@" | grep -E 'Requests/sec|50%|99%|Non-2xx' || true
}
load "bare server, a constant" "http://$address/health/live"
load "read one youth" "$api/youths/$youth"
load "list of 20 youths" "$api/youths?isOpen=true"
load "log a contact" -s "$folder/contact.lua" "$api/youths/$youth/contacts"
echo "memory after the load: $(( $(ps -o rss= -p "$server") / 1024 )) MiB"
kill -TERM "$server"; began=$(now); wait "$server"; echo "stop: $(( ($(now) - began) / 1000000 )) ms"
target/release/kaa audit verify
