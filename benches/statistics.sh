#!/usr/bin/env bash
# A statistics release over 100,000 youths and a million contacts, made by a job of the service while others read: seconds of the
# job and of its two parts, peak memory, what a read takes with and without it in the same run, and how soon a job that is
# cancelled stands still.
#
# On the embedded database, or with POSTGRES=postgres://me@host/postgres on a database of its own on that server (needs psql).
# Needs wrk, curl and python3. Build first: cargo build --release. YOUTHS, CONTACTS (of each) and READERS choose other numbers.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
server=
database=
finish() {
  status=$?
  [ "$status" -eq 0 ] || tail -n 20 "$folder"/*.log || true
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; }
  [ -z "$database" ] || psql -q "$POSTGRES" -c "DROP DATABASE $database WITH (FORCE)" || true
  rm -rf "$folder"
}
trap finish EXIT
export KAA_LOG=warn KAA_DATA=$folder/data
KAA_SECRET=$(head -c 36 /dev/urandom | base64)
export KAA_SECRET
unset DATABASE_URL
if [ -n "${POSTGRES:-}" ]; then
  database=kaa_bench_$$
  psql -q "$POSTGRES" -c "CREATE DATABASE $database"
  export DATABASE_URL=${POSTGRES%/*}/$database
fi
address=127.0.0.1:${PORT:-8098}
kaa=${KAA:-target/release/kaa}

ready() { # ready LOG
  until curl -sf "http://$address/health/ready" >/dev/null; do
    kill -0 "$server" 2>/dev/null || { cat "$1"; exit 1; }
    sleep 0.05
  done
}
stop() { kill -TERM "$server"; wait "$server" || true; server=; }

"$kaa" demo --listen "$address" >"$folder/demo.log" 2>&1 & server=$!
ready "$folder/demo.log"
stop

echo "== rows"
python3 - "${YOUTHS:-100000}" "${CONTACTS:-10}" <<'P'
import csv, os, random, sqlite3, subprocess, uuid
import sys
from datetime import date, timedelta
count, each, url = int(sys.argv[1]), int(sys.argv[2]), os.environ.get("DATABASE_URL")
folder = os.environ["KAA_DATA"]
random.seed(7)
at, number = "2026-01-01T00:00:00.000000Z", [0]
def fresh():
    number[0] += 1
    return bytes.fromhex("%012x" % (0x019b00000000 + number[0])) + b"\x70\x00\x80\x00" + os.urandom(6)
if url:
    def one(sql):
        told = subprocess.run(["psql", url, "-qAtc", sql], check=True, capture_output=True, text=True).stdout.strip()
        return uuid.UUID(told).bytes if "-" in told else told
else:
    db = sqlite3.connect(f"{folder}/kaa.db")
    def one(sql):
        return db.execute(sql).fetchone()[0]
unit = one("SELECT id FROM units ORDER BY id LIMIT 1")
author = one("SELECT id FROM users WHERE role = 'syv' ORDER BY id LIMIT 1")
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
if url:
    files = {table: open(f"{folder}/{table}.csv", "w", newline="") for table in into}
    writers = {table: csv.writer(file) for table, file in files.items()}
    for table, row in rows():
        writers[table].writerow([str(uuid.UUID(bytes=cell)) if isinstance(cell, bytes) else cell for cell in row])
    for table, columns in into.items():
        files[table].close()
        subprocess.run(["psql", url, "-qc", f"\\copy {table} ({columns}) FROM '{folder}/{table}.csv' CSV"], check=True)
        os.remove(f"{folder}/{table}.csv")
    subprocess.run(["psql", url, "-qc", "ANALYZE"], check=True)
else:
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
print("youths", one("SELECT COUNT(*) FROM youths"), "contacts", one("SELECT COUNT(*) FROM contacts"))
P

# At an hour that is not now: the run of the target group does not fall into the measurement.
"$kaa" serve --listen "$address" --nightly-hour "$(( (10#$(date +%H) + 12) % 24 ))" >"$folder/serve.log" 2>&1 & server=$!
ready "$folder/serve.log"
# The run of the day that is made up for at the start comes to its end first.
sleep "${SETTLE:-5}"

python3 -u - "http://$address/kaa/v1" "$server" "${READERS:-4}" "${SECONDS_EACH:-10}" <<'P'
import json, os, re, subprocess, sys, time, urllib.request
from datetime import date
api, server, readers, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
accounts = json.load(open(os.environ["KAA_DATA"] + "/demo-accounts.json"))
def call(method, path, token=None, body=None):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(api + path, data, headers, method=method)) as answer:
        return json.load(answer)
def token(role):
    of = next(a for a in accounts if a["role"] == role)
    return call("POST", "/sessions", body={"username": of["username"], "password": of["password"]})["accessToken"]
syv, chief = token("syv"), token("enhetschef")
youth = call("GET", "/youths?isOpen=true&limit=1", syv)["youths"][0]["id"]
def reads(length):
    return subprocess.Popen(["wrk", "-t1", f"-c{readers}", f"-d{length:g}s", "--latency", "-H", f"Authorization: Bearer {syv}", f"{api}/youths/{youth}"], stdout=subprocess.PIPE, text=True)
def told(wrk):
    out = wrk.communicate()[0]
    number = lambda pattern: (re.search(pattern, out) or ["", "none"])[1]
    return f"{number(r'Requests/sec: *([0-9.]+)')} reads/s, p50 {number(r'50% *(.+)')}, p99 {number(r'99% *(.+)')}, refused {number(r'Non-2xx.*: ([0-9]+)')}"
def memory(name):
    status = open(f"/proc/{server}/status").read()
    return f"{int(re.search(name + r':[^0-9]*([0-9]+)', status)[1]) // 1024} MiB"
def processor():
    told = open(f"/proc/{server}/stat").read().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
def ask(part):
    return call("POST", "/statistics/releases", chief, {"year": date.today().year - 1, "period": part})["id"]
def watch(job, began, until=lambda seen: False):
    counted, seen = None, []
    while True:
        state = call("GET", f"/jobs/{job}", chief)
        seen.append(state["doneCount"])
        now = time.monotonic() - began
        if counted is None and state["totalCount"] and state["doneCount"] >= state["totalCount"]:
            counted = now
        if state["finishedAt"] or until(seen):
            return state, counted, now, seen
        time.sleep(0.1)

print("== read one youth without a job:", told(reads(seconds)))
print("memory before the job:", memory("VmRSS"))
began, used = time.monotonic(), processor()
job = ask("tertial_1")
state, counted, ended, seen = watch(job, began)
print(f"== the job alone: {state['status']} {state['errorCode'] or ''} {state['doneCount']} youths in {ended:.1f} s: counted after {counted:.1f}, protected and stored {ended - counted:.1f} later; {processor() - used:.1f} s of processor; {len(set(seen))} steps of progress were seen")
assert seen == sorted(seen), "progress went back"
print("peak memory:", memory("VmHWM"))
began = time.monotonic()
job = ask("tertial_1_2")
wrk = reads(max(2.0, min(seconds, ended)))
state, counted, ended, _ = watch(job, began)
print("== read one youth while a job runs:", told(wrk))
print(f"that job: {state['status']} {state['errorCode'] or ''} in {ended:.1f} s (counted after {counted:.1f})")
print("peak memory:", memory("VmHWM"))
job = ask("half_year_1")
_, _, _, seen = watch(job, time.monotonic(), lambda seen: seen[-1] > 0)
began = time.monotonic()
cancelled = call("POST", f"/jobs/{job}/cancellation", chief)
took, used = time.monotonic() - began, processor()
time.sleep(2)
used = processor() - used
later = call("GET", f"/jobs/{job}", chief)
assert later == cancelled, (cancelled, later)
print(f"== cancelled after {cancelled['doneCount']} youths: answered after {took * 1000:.0f} ms; {used:.2f} s of processor in the two seconds after")
P
stop
"$kaa" audit verify
