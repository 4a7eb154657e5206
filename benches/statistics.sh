#!/usr/bin/env bash
# A statistics release over 100,000 youths and a million contacts, made by a job of the service on the embedded database while
# others read: seconds of the job, peak memory, and what a read takes with and without it, in the same run.
# Needs wrk, curl and python3. Build first: cargo build --release. YOUTHS and CONTACTS (of each) choose other numbers.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
export KAA_LOG=warn KAA_SECRET=$(head -c 36 /dev/urandom | base64) KAA_DATA=$folder/data
address=127.0.0.1:${PORT:-8098}
api=http://$address/kaa/v1

ready() { until curl -sf "http://$address/health/ready" >/dev/null; do sleep 0.05; done; }
field() { python3 -c "import json,sys; print(eval('json.load(sys.stdin)'+sys.argv[1]))" "$1"; }
token() { # token ROLE
  login=$(python3 - "$KAA_DATA/demo-accounts.json" "$1" <<'P'
import json, sys
account = next(a for a in json.load(open(sys.argv[1])) if a["role"] == sys.argv[2])
print(json.dumps({"username": account["username"], "password": account["password"]}))
P
)
  curl -s "$api/sessions" -H 'Content-Type: application/json' -d "$login" | field '["accessToken"]'
}

target/release/kaa demo --listen "$address" >"$folder/demo.log" & server=$!
ready
youth=$(curl -s "$api/youths?isOpen=true&limit=1" -H "Authorization: Bearer $(token syv)" | field '["youths"][0]["id"]')
kill -TERM "$server"; wait "$server"

python3 - "$KAA_DATA/kaa.db" "${YOUTHS:-100000}" "${CONTACTS:-10}" <<'P'
import os, random, sqlite3, sys
from datetime import date, timedelta
file, count, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
db = sqlite3.connect(file)
random.seed(7)
at, number = "2026-01-01T00:00:00.000000Z", [0]
def fresh():
    number[0] += 1
    return bytes.fromhex("%012x" % (0x019b00000000 + number[0])) + b"\x70\x00\x80\x00" + os.urandom(6)
unit, = db.execute("SELECT id FROM units ORDER BY id LIMIT 1").fetchone()
author, = db.execute("SELECT id FROM users WHERE role = 'syv' ORDER BY id LIMIT 1").fetchone()
year = date.today().year - 1
first = date(year, 1, 1)
areas = ["Norr", "Söder", "Öster", "Väster", "Centrum", None]
channels, results = ["phone", "sms", "letter", "home_visit"], ["reached", "no_answer", "no_answer", "wrong_details"]
def rows():
    for place in range(count):
        id, born = fresh(), date(year - 17, 1, 1) - timedelta(days=place * 37 % 1000)
        came = first + timedelta(days=place % 100)
        yield "youths", (id, unit, "A", "B", str(born), "female" if place % 2 else "male", areas[place % 6], "[]", "[]", 0, "[]", "none", "b a", "1900-01-01", at, at, 1)
        episode = fresh()
        left = str(came + timedelta(days=60)) if place % 4 == 0 else None
        yield "episodes", (episode, id, unit, "kaa", "dropout_national_programme", str(came), left, "national_programme_or_equiv" if left else None, "upper_secondary_studies" if left else None, at, at, 1)
        for turn in range(each):
            day = came + timedelta(days=turn * 5)
            yield "contacts", (fresh(), id, episode, author, f"{day}T09:00:00.000000Z", random.choice(channels), "outbound", "youth", random.choice(results), at, at, 1)
        if place % 3:
            yield "interventions", (fresh(), id, episode, "study_career_guidance", "accepted", str(came + timedelta(days=20)), str(came + timedelta(days=21)), "municipality", at, at, 1)
into = {
    "youths": "id, unit_id, given_name, family_name, birth_date, legal_sex, area, addresses, phones, needs_interpreter, guardians, protection_level, sort_name, contact_sort_on, created_at, updated_at, version",
    "episodes": "id, youth_id, unit_id, track, reason, entered_on, exited_on, deregistration_reason, destination, created_at, updated_at, version",
    "contacts": "id, youth_id, episode_id, author_id, occurred_at, channel, direction, met_who, result, created_at, updated_at, version",
    "interventions": "id, youth_id, episode_id, kind, answer, offered_on, answered_on, responsible_party, created_at, updated_at, version",
}
waiting = {table: [] for table in into}
def write():
    for table, columns in into.items():
        holes = ",".join("?" * (columns.count(",") + 1))
        db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", waiting[table])
        waiting[table].clear()
for place, (table, row) in enumerate(rows()):
    waiting[table].append(row)
    if place % 200000 == 0:
        write()
write()
db.commit()
print("youths", db.execute("SELECT COUNT(*) FROM youths").fetchone()[0], "contacts", db.execute("SELECT COUNT(*) FROM contacts").fetchone()[0])
P

# At an hour that is not now: the run of the target group does not fall into the measurement.
target/release/kaa serve --listen "$address" --nightly-hour "$(( ($(date +%H) + 12) % 24 ))" >"$folder/serve.log" & server=$!
ready
reads() { # reads NAME
  echo "== read one youth, $1"
  wrk -t1 -c"${READERS:-4}" -d"${SECONDS_EACH:-10}s" --latency -H "Authorization: Bearer $(token syv)" "$api/youths/$youth" | grep -E 'Requests/sec|50%|99%|Max|Non-2xx' || true
}
# The run of the day that is made up for at the start comes to its end first.
sleep "${SETTLE:-5}"
reads "without a job"
echo "memory before the job: $(( $(ps -o rss= -p "$server") / 1024 )) MiB"
year=$(( $(date +%Y) - 1 ))
began=$(date +%s)
job=$(curl -s "$api/statistics/releases" -H "Authorization: Bearer $(token enhetschef)" -H 'Content-Type: application/json' \
  -d "{\"year\":$year,\"period\":\"tertial_1\"}" | field '["id"]')
reads "while the job runs"
echo "still running: $(curl -s "$api/jobs/$job" -H "Authorization: Bearer $(token enhetschef)" | field '["status"]')"
until told=$(curl -s "$api/jobs/$job" -H "Authorization: Bearer $(token enhetschef)") && [[ "$(field '["status"]' <<<"$told")" =~ done|failed ]]; do sleep 2; done
echo "the job: $(field '["status"]' <<<"$told") $(field '["errorCode"]' <<<"$told"), $(field '["doneCount"]' <<<"$told") youths, $(( $(date +%s) - began )) s"
echo "peak memory: $(( $(grep VmHWM "/proc/$server/status" | tr -dc 0-9) / 1024 )) MiB"
kill -TERM "$server"; wait "$server"
target/release/kaa audit verify
