#!/usr/bin/env bash
# Seconds of a run of the target group over 100,000 youths with facts of home, school and exam, on the embedded database: the
# first run raises the candidates there are, the second finds nothing new. Needs python3. Build first: cargo build --release.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export KAA_DATA=$folder KAA_LOG=warn
target/release/kaa migrate
python3 - "$folder/kaa.db" "${YOUTHS:-100000}" <<'P'
import os, sqlite3, sys
from datetime import date, timedelta
file, count = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(file)
at, number = "2026-01-01T00:00:00.000000Z", [0]
def fresh():
    number[0] += 1
    return bytes.fromhex("%012x" % (0x019b00000000 + number[0])) + b"\x70\x00\x80\x00" + os.urandom(6)
today = date.today()
unit = fresh()
db.execute("INSERT INTO units VALUES (?,?,?,?,1)", (unit, "Unga vuxna", at, at))
youths, homes, schools, papers, episodes = [], [], [], [], []
for place in range(count):
    id, born = fresh(), today - timedelta(days=16 * 365 + (place * 37) % (4 * 365 - 30))
    end = f"{born.year + 16}-06-10"
    youths.append((id, unit, "A", "B", str(born), "female", "[]", "[]", 0, "[]", "none", "b a", "1900-01-01", at, at, 1, end, "tenth_year"))
    homes.append((fresh(), id, "registered_here", str(born), "population_register", at, at, 1))
    # Most have left a national programme and are followed; some go to school; a few are to be found.
    left = (today - timedelta(days=30 + place % 300)) if place % 5 else None
    schools.append((fresh(), id, "GY", "national", str(today - timedelta(days=400)), str(left) if left else None, int(bool(left)), "school", at, at, 1))
    if place % 10 == 1:
        papers.append((fresh(), id, "GY_STUDIEBEVIS", str(left), "document", at, at, 1))
    if left and place % 100 > 2:
        episodes.append((fresh(), id, unit, "kaa", "dropout_national_programme", str(left + timedelta(days=1)), at, at, 1))
db.executemany("INSERT INTO youths (id, unit_id, given_name, family_name, birth_date, legal_sex, addresses, phones, needs_interpreter, guardians, protection_level, sort_name, contact_sort_on, created_at, updated_at, version, compulsory_school_ended_on, compulsory_school_basis) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", youths)
db.executemany("INSERT INTO residences (id, youth_id, kind, from_on, source, created_at, updated_at, version) VALUES (?,?,?,?,?,?,?,?)", homes)
db.executemany("INSERT INTO enrolments (id, youth_id, school_type, programme_kind, starts_on, ends_on, is_cancelled, source, created_at, updated_at, version) VALUES (?,?,?,?,?,?,?,?,?,?,?)", schools)
db.executemany("INSERT INTO exam_documents (id, youth_id, kind, issued_on, source, created_at, updated_at, version) VALUES (?,?,?,?,?,?,?,?)", papers)
db.executemany("INSERT INTO episodes (id, youth_id, unit_id, track, reason, entered_on, created_at, updated_at, version) VALUES (?,?,?,?,?,?,?,?,?)", episodes)
db.commit()
P
for run in first second; do
  echo "== the $run run"
  target/release/kaa target-group run
done
target/release/kaa audit verify
