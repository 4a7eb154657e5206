#!/usr/bin/env bash
# The timeline of a youth with many contacts beside a list of 20 of them, in the same run: what a page of the whole story costs.
# Needs python3. Build first: cargo build --release. DATABASE_URL chooses another database. CONTACTS says how many (2,000).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
export KAA_LOG=warn KAA_SECRET=$(head -c 36 /dev/urandom | base64) KAA_DATA=$folder/data
address=127.0.0.1:${PORT:-8098}
${KAA:-target/release/kaa} demo --listen "$address" >"$folder/demo.log" & server=$!
until curl -sf "http://$address/health/ready" >/dev/null; do sleep 0.05; done
python3 - "$address" "$KAA_DATA/demo-accounts.json" "${CONTACTS:-2000}" <<'P'
import datetime, http.client, json, sys, time

address, accounts, many = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
link = http.client.HTTPConnection(address)

def call(token, method, path, body=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    link.request(method, "/kaa/v1" + path, json.dumps(body) if body is not None else None, headers)
    answer = link.getresponse()
    told = answer.read()
    assert answer.status < 300, (path, answer.status, told)
    return json.loads(told)

def sign_in():
    account = next(a for a in accounts if a["role"] == "syv")
    return call(None, "POST", "/sessions", {k: account[k] for k in ("username", "password")})["accessToken"]

def measure(name, path, times=200):
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call(token, "GET", path)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"{name}: p50 {took[times // 2]:.1f} ms, p99 {took[times * 99 // 100]:.1f} ms")

token = sign_in()
episode = next(e for e in call(token, "GET", "/episodes?isOpen=true&limit=100")["episodes"] if e["handlerId"])
youth = f"/youths/{episode['youthId']}"
entered = datetime.datetime.fromisoformat(episode["enteredOn"] + "T12:00:00+00:00")
now = datetime.datetime.now(datetime.timezone.utc)
for number in range(many):
    if number % 500 == 0:
        token = sign_in()
    at = now - (now - entered) * (0.98 * number / many)
    contact = {"channel": "phone", "result": "reached", "note": "Kort samtal.", "occurredAt": at.isoformat()}
    call(token, "POST", youth + "/contacts", contact)
token = sign_in()
print(f"{many} contacts")
measure("list of 20 contacts", youth + "/contacts?limit=20")
measure("timeline, 20 entries", youth + "/timeline?limit=20")
measure("timeline, 100 entries", youth + "/timeline?limit=100")
P
