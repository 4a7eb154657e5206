#!/usr/bin/env bash
# Requests a second of one, two and four processes on one PostgreSQL database, clients spread evenly over them as a plain balancer
# would. Needs wrk, curl, python3 and DATABASE_URL of an empty database. Build first: cargo build --release
# (or PROGRAM=target/profiling/kaa). Where clients, servers and database share two processors this shows what more processes cost,
# not what they gain: for that, name servers on machines of their own in SERVERS ("http://a:8080 http://b:8080").
set -euo pipefail
cd "$(dirname "$0")/.."
program=${PROGRAM:-target/release/kaa}
each=${SECONDS_EACH:-6}
connections=${CONNECTIONS:-32}
: "${DATABASE_URL:?the URL of an empty PostgreSQL database}"
folder=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]:-}"; do [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done; pids=(); true; }
trap 'stop; rm -rf "$folder"' EXIT
export KAA_LOG=warn KAA_SECRET=${KAA_SECRET:-$(head -c 36 /dev/urandom | base64)} KAA_DATA=$folder/data

port=${PORT:-8090}
start() { # start ADDRESS COMMAND
  "$program" "$2" --listen "$1" >"$folder/$1.log" 2>&1 & pids+=($!)
  until curl -sf "http://$1/health/ready" >/dev/null; do sleep 0.05; done
}
start "127.0.0.1:$port" demo; stop # the invented municipality
login=$(python3 - "$KAA_DATA/demo-accounts.json" <<'P'
import json, sys
accounts = json.load(open(sys.argv[1]))
for role in ("syv", "enhetschef", "ungdomskonsulent", "socionom"):
    account = next(a for a in accounts if a["role"] == role)
    print(json.dumps({"username": account["username"], "password": account["password"]}))
P
)
printf 'wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\nwrk.body=%s\n' \
  "'{\"channel\":\"sms\",\"result\":\"no_answer\"}'" >"$folder/contact.lua"

# load NAME PATH [more of wrk]: each process gets its share of the connections, as somebody else.
load() {
  name=$1 path=$2; shift 2
  running=() place=0
  for server in $servers; do
    token=$(sed -n "$((place % 4 + 1))p" "$folder/tokens")
    wrk -t1 -c$((connections / count)) -d"${each}s" --latency -H "Authorization: Bearer $token" "$@" "$server/kaa/v1$path" >"$folder/load.$place" & running+=($!)
    place=$((place + 1))
  done
  for pid in "${running[@]}"; do wait "$pid"; done
  cat "$folder"/load.* | awk -v name="$name" -v count="$count" '
    /Requests\/sec/ { sum += $2 } /99%/ { worst = worst " " $2 } /Non-2xx/ { bad += $NF }
    END { printf "%d processes, %-14s %6.0f requests/s, p99 of each%s, refused %d\n", count, name, sum, worst, bad }'
  rm -f "$folder"/load.*
}

for count in ${COUNTS:-1 2 4}; do
  if [ -n "${SERVERS:-}" ]; then
    servers=$(echo "$SERVERS" | tr ' ' '\n' | head -"$count")
  else
    servers=
    for number in $(seq "$count"); do
      start "127.0.0.1:$((port + number))" serve
      servers+="http://127.0.0.1:$((port + number)) "
    done
  fi
  first=${servers%% *}
  echo "$login" | while read -r body; do
    curl -s "$first/kaa/v1/sessions" -H 'Content-Type: application/json' -d "$body" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'; echo
  done >"$folder/tokens"
  syv=$(head -1 "$folder/tokens")
  youth=$(curl -s "$first/kaa/v1/youths?isOpen=true&limit=1" -H "Authorization: Bearer $syv" | sed 's/.*"youths":\[{[^]]*"id":"\([^"]*\)".*/\1/')
  load "read a youth" "/youths/$youth"
  load "list of 20" "/youths?isOpen=true"
  load "log a contact" "/youths/$youth/contacts" -s "$folder/contact.lua"
  stop
done
"$program" audit verify
