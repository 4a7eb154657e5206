#!/usr/bin/env bash
# How long everybody else waits while a review draws its sample from 250,000 events, and while 250,000 that are too old are
# disposed of, on the embedded database: the longest of many small requests beside it, each of which writes to the log.
# Needs curl and python3. Build first: cargo build --release. KAA chooses another program.
set -euo pipefail
cd "$(dirname "$0")/.."
kaa=${KAA:-target/release/kaa}; unset KAA
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
export KAA_LOG=warn KAA_SECRET=$(head -c 36 /dev/urandom | base64) KAA_DATA=$folder/data
address=127.0.0.1:${PORT:-8098}
api=http://$address/kaa/v1
ready() { for _ in $(seq 1200); do curl -sf "http://$address/health/ready" >/dev/null && return; sleep 0.05; done; cat "$folder/serve.log"; exit 1; }
now() { date +%s%N; }
serve() { "$kaa" "$@" --listen "$address" >"$folder/serve.log" & server=$!; ready; }
"$kaa" migrate
password() { sed -n 's/.*once: //p'; }
chief=$("$kaa" user create --role enhetschef --username chief --name "Eva Chef" --unit "Unga vuxna" | password)
for n in 1 2 3 4 5; do "$kaa" user create --role syv --username "syv$n" --name "Anna Handläggare$n" --unit "Unga vuxna" >/dev/null; done
"$kaa" audit key "$folder/key.pem" >"$folder/public"

python3 - "$KAA_DATA/kaa.db" "${EVENTS:-250000}" <<'P'
import hashlib, os, sqlite3, sys
from datetime import datetime, timedelta, timezone
db, count = sqlite3.connect(sys.argv[1]), int(sys.argv[2])
db.execute("PRAGMA synchronous = OFF"); db.execute("PRAGMA cache_size = -200000")
staff = db.execute("SELECT id, role, unit_id FROM users WHERE unit_id IS NOT NULL AND role <> 'enhetschef'").fetchall()
unit, at, youths = staff[0][2], "2026-01-01T00:00:00.000000Z", [os.urandom(16) for _ in range(2000)]
db.executemany("INSERT INTO youths (id, unit_id, given_name, family_name, birth_date, legal_sex, addresses, phones, needs_interpreter, guardians, protection_level, sort_name, contact_sort_on, created_at, updated_at, version) "
               "VALUES (?,?,'A',?,'2009-05-05','female','[]','[]',0,'[]','none','b a','1900-01-01',?,?,1)", [(id, unit, "Berg%d" % n, at, at) for n, id in enumerate(youths)])
def feed(hasher, part):
    if part is None: return hasher.update(b"\0")
    hasher.update(b"\1" + len(part).to_bytes(8, "big") + part)
def fill(lane, ends, step):
    previous = bytes(32)
    for position in range(1, count + 1):
        id = os.urandom(16)
        at = (ends - step * (count - position)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        user, role, unit = staff[position % len(staff)]
        # Most open one youth; some list twenty.
        named = [youths[(position * 7 + n) % len(youths)] for n in range(20 if position % 50 == 0 else 1)]
        h = hashlib.sha256()
        for part in (previous, lane.to_bytes(4, "big"), position.to_bytes(8, "big"), id, at.encode(), user, b"staff", role.encode(), unit, None,
                     b"readYouth", b"allowed", None, b"bench", b"\0", None):
            feed(h, part)
        rows = []
        for ordinal, youth in enumerate(named):
            for part in (ordinal.to_bytes(4, "big"), youth, b"youths", youth, b"id,givenName,familyName"): feed(h, part)
            rows.append((id, ordinal, youth, "youths", youth, "id,givenName,familyName"))
        db.execute("INSERT INTO audit_events (lane, position, id, at, actor_id, actor_kind, role, unit_id, operation, outcome, request_id, is_break_glass, previous_hash, hash) "
                   "VALUES (?,?,?,?,?,'staff',?,?,'readYouth','allowed','bench',0,?,?)", (lane, position, id, at, user, role, unit, previous, h.digest()))
        db.executemany("INSERT INTO audit_subjects VALUES (?,?,?,?,?,?)", rows)
        previous = h.digest()
    db.commit()
today = datetime.now(timezone.utc)
# Of the last four weeks, but for the events that the chief's unit does not have.
fill(4000, today - timedelta(hours=1), timedelta(days=27) / count)
fill(4001, today - timedelta(days=1000), timedelta(days=300) / count)
P

serve serve
login="{\"username\": \"chief\", \"password\": \"$chief\"}"
token=$(curl -s "$api/sessions" -H 'Content-Type: application/json' -d "$login" | python3 -c 'import json,sys; print(json.load(sys.stdin)["accessToken"])')
beside() { # beside PID: small requests until it ends, and the longest of them
  python3 - "$1" "$api/me" "$token" <<'P'
import os, sys, time, urllib.request
pid, address, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
times = []
while os.path.exists(f"/proc/{pid}"):
    began = time.monotonic()
    urllib.request.urlopen(urllib.request.Request(address, headers={"Authorization": "Bearer " + token})).read()
    times.append(time.monotonic() - began)
times.sort()
print(f"  {len(times)} small requests beside it: median {times[len(times) // 2] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms")
P
}
timed() { # timed NAME COMMAND...
  local name=$1; shift
  local began=$(now); "$@" & local work=$!
  beside "$work"; wait "$work"; echo "$name: $(( ($(now) - began) / 1000000 )) ms"
}
from=$(date -d '-28 days' +%F); to=$(date +%F)
timed "draw of a review" curl -s -o "$folder/review.json" "$api/log-reviews" -H "Authorization: Bearer $token" \
  -H 'Content-Type: application/json' -d "{\"fromOn\":\"$from\",\"toOn\":\"$to\"}"
python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); print("  events", r.get("eventCount"), "rows", r.get("rowCount"), r.get("code") or "")' "$folder/review.json"
# The review is signed off by no one here: what it covers is younger than what goes.
python3 -c 'import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); db.execute("UPDATE settings SET document = json_set(document, \x27$.auditRetentionMonths\x27, 24)"); db.commit()' "$KAA_DATA/kaa.db"
timed "disposal" "$kaa" audit trim --key "$folder/key.pem"
kill -TERM "$server"; wait "$server"
began=$(now); "$kaa" audit verify --key "$(tail -1 "$folder/public")"; echo "check of the rest: $(( ($(now) - began) / 1000000 )) ms"
