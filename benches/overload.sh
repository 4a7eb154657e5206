#!/usr/bin/env bash
# What somebody else notices when the service is asked for ten times what it can bear: reads, signing in and health beside a flood
# of lists by one person, beside floods of sign-ins, and beside a roster of 100,000 rows. Needs wrk and python3.
# Build first: cargo build --release (or PROGRAM=target/profiling/kaa). DATABASE_URL chooses another database.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${PROGRAM:-target/release/kaa}
each=${SECONDS_EACH:-8}
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
export KAA_LOG=off KAA_SECRET=$(head -c 36 /dev/urandom | base64) KAA_DATA=$folder/data
address=127.0.0.1:${PORT:-8096}
api=http://$address/kaa/v1
ulimit -n "$(ulimit -Hn)"

ready() { until curl -sf "http://$address/health/ready" >/dev/null; do sleep 0.05; done; }
"$program" demo --listen "$address" >"$folder/demo.log" & server=$!
ready; kill -TERM "$server"; wait "$server"
"$program" serve --listen "$address" >"$folder/serve.log" & server=$!
ready; sleep 1

account() { # account ROLE: the body of a sign-in
  python3 - "$KAA_DATA/demo-accounts.json" "$1" <<'P'
import json, sys
account = next(a for a in json.load(open(sys.argv[1])) if a["role"] == sys.argv[2])
print(json.dumps({"username": account["username"], "password": account["password"]}))
P
}
token() { curl -s "$api/sessions" -H 'Content-Type: application/json' -d "$(account "$1")" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'; }
syv=$(token syv) chief=$(token ungdomskonsulent)
youth=$(curl -s "$api/youths?isOpen=true&limit=1" -H "Authorization: Bearer $syv" | sed 's/.*"youths":\[{[^]]*"id":"\([^"]*\)".*/\1/')
for who in right wrong; do
  body=$(account administrator); [ $who = wrong ] && body='{"username":"nobody-here","password":"en mening som ingen har"}'
  printf 'wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\nwrk.body=%s\n' "'$body'" >"$folder/$who.lua"
done

# probe NAME: what one other person notices, asking for one thing after another for as long as the flood lasts.
cat >"$folder/probe.py" <<'P'
import http.client, json, sys, time
address, seconds, token, youth, login = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
def ask(method, path, body=None):
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": "Bearer " + token} if not path.endswith("sessions") else {}
    if body: headers["Content-Type"] = "application/json"
    began = time.perf_counter()
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse(); answer.read()
        status = answer.status
    except Exception as cause:
        status = type(cause).__name__
    return (time.perf_counter() - began) * 1000, status
asked = {"live": ("GET", "/health/live"), "ready": ("GET", "/health/ready"), "a youth": ("GET", "/kaa/v1/youths/" + youth),
         "a contact": ("POST", "/kaa/v1/youths/" + youth + "/contacts", '{"channel":"sms","result":"no_answer"}'),
         "signing in": ("POST", "/kaa/v1/sessions", login)}
told = {name: [] for name in asked}
end = time.time() + seconds
while time.time() < end:
    for name, what in asked.items():
        told[name].append(ask(*what))
    time.sleep(0.02)
for name, answers in told.items():
    times = sorted(time for time, _ in answers)
    good = sum(1 for _, status in answers if status in (200, 201))
    print(f"   {name:11} {good:4} of {len(answers):4} answered, p50 {times[len(times)//2]:6.0f} ms, longest {times[-1]:6.0f} ms")
P
probe() { python3 "$folder/probe.py" "$address" "$1" "$chief" "$youth" "$(account socionom)"; }
flood() { # flood CONNECTIONS ADDRESS [more of wrk]
  connections=$1; shift
  wrk -t1 -c"$connections" -d"$((each + 2))s" --latency --timeout 30s "$@" | grep -E 'Requests/sec|50%|99%|Non-2xx|Socket' | sed 's/^ */   flood: /'
}
beside() { # beside NAME flood...
  echo "== $1"; shift
  "$@" >"$folder/flood" & load=$!
  sleep 1; probe "$each"; wait "$load"; cat "$folder/flood"
  began=$(date +%s%N); curl -s -o "$folder/after" -w '   at once after it: %{http_code} in %{time_total} s\n' "$api/youths?isOpen=true" -H "Authorization: Bearer $chief"
}

echo "== alone"; probe "$each"
beside "a person's lists, 1,000 connections" flood 1000 -H "Authorization: Bearer $syv" "$api/youths?isOpen=true"
beside "sign-ins with the right password, 200 connections" flood 200 -s "$folder/right.lua" "$api/sessions"
beside "sign-ins with made-up names, 200 connections" flood 200 -s "$folder/wrong.lua" "$api/sessions"
sleep "${PAUSE:-61}" # the address has to wait after so many failures

reads() { wrk -t1 -c4 -d"${1}s" --latency -H "Authorization: Bearer $chief" "$api/youths/$youth" | grep -E 'Requests/sec|50%|99%' | tr '\n' ' '; echo; }
echo "== reads of 4 connections, alone"; reads "$each"
for kind in right wrong; do
  flood 64 -s "$folder/$kind.lua" "$api/sessions" >"$folder/flood" & load=$!
  sleep 1; echo "== reads of 4 connections beside a flood of sign-ins ($kind)"; reads "$each"; wait "$load"; cat "$folder/flood"
done

if [ "${ROSTER:-yes}" = yes ]; then
  sleep "${PAUSE:-61}"
  python3 - >"$folder/roster.csv" <<'P'
import datetime
print("personnummer,fornamn,efternamn,kon,gatuadress,postnummer,postort,omrade")
def luhn(nine): return -sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine)) % 10
for made in range(100000):
    day = datetime.date(2000, 1, 1) + datetime.timedelta(days=made // 20)
    nine = f"{day:%y%m%d}{980 + made % 20}"
    print(f"{day:%Y%m%d}{nine[6:]}{luhn(nine)},Test,Prov,Man,Provgatan 1,172 60,Sundbyberg,Hallonbergen")
P
  roster() { curl -s -o "$folder/imported" -w '   the roster: %{http_code} in %{time_total} s\n' -X POST "$api/imports?isApplied=true" -H "Authorization: Bearer $syv" \
    -H 'Content-Type: text/csv' --data-binary "@$folder/roster.csv"; }
  syv=$(token syv); chief=$(token enhetschef)
  beside "a roster of $(wc -l <"$folder/roster.csv") rows, applied" roster
fi
kill -TERM "$server"; wait "$server"
