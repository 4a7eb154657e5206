//! What is done more seldom than reading: an intervention that is offered, a sign-in, a file of contacts, a roster, a release. And
//! what others feel of it: reads under a flood of sign-ins, casework while a release is made. How they are driven stands in `drive`.

use crate::drive::{Ask, Drove, Line, drive};
use crate::{API, Failure, Run, data, data::Amount, searchers};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Contacts of the file.
const FILE: u64 = 200_000;
/// Rows of the roster.
const ROSTER: u64 = 100_000;
/// Those who work while something long is done.
const COLLEAGUES: usize = 4;

impl Run<'_> {
    /// Does all of it.
    pub fn deeds(&mut self, amount: Amount) -> Result<(), Failure> {
        let syv = self.cast.sign_in("syv")?;
        let chief = self.cast.sign_in("enhetschef")?;
        self.drive("offer an intervention", &[], |n| {
            let youth = uuid::Uuid::from_u128(data::followed(n, amount.youths));
            let offer = r#"{"kind":"study_career_guidance","responsibleParty":"municipality"}"#;
            Ask::post(format!("{API}/youths/{youth}/interventions"), offer).with_token(&syv)
        });
        if self.wants("sign-in") {
            self.sign_ins(amount, &syv)?;
        }
        if self.wants("contacts as CSV") {
            self.file_of_contacts(amount, &chief)?;
        }
        if self.wants("roster") {
            self.roster(&syv)?;
        }
        if self.wants("statistics release") {
            self.release(amount, &syv, &chief)?;
        }
        Ok(())
    }

    fn sign_ins(&mut self, amount: Amount, syv: &str) -> Result<(), Failure> {
        let password = self.cast.accounts.iter().find(|one| one["role"] == "syv");
        let password = password.map_or(Value::Null, |one| one["password"].clone());
        let people = searchers();
        self.drive("sign-in", &[], |n| {
            let name = &people[(n % people.len() as u64) as usize];
            let body = json!({"username": name, "password": password}).to_string();
            Ask::post(format!("{API}/sessions"), body)
        });
        // Names that nobody has, each new, so that none is held back before its password is looked at.
        let began = Instant::now().elapsed().as_nanos() as u64 ^ u64::from(std::process::id());
        let attack = |n: u64| {
            let body = json!({"username": format!("x{began}-{n}"), "password": "fel fel fel fel"});
            Ask::post(format!("{API}/sessions"), body.to_string())
        };
        let read = |n: u64| {
            let youth = uuid::Uuid::from_u128(data::youth_id(n * 7919 % amount.youths));
            Ask::get(format!("{API}/youths/{youth}")).with_token(syv)
        };
        let (address, length) = (self.cast.address.clone(), self.options.length);
        let many = self.options.connections;
        let alone = drive(&address, many, length, &read);
        self.table
            .row("read one youth, before a sign-in flood", &alone, None, &[]);
        let (beside, flood) = std::thread::scope(|scope| {
            let flood = scope.spawn(|| drive(&address, many, length, &attack));
            let beside = drive(&address, many, length, &read);
            (beside, flood.join().unwrap_or_default())
        });
        let before = [("before", alone.rate())];
        self.table.row(
            "read one youth, under a sign-in flood",
            &beside,
            None,
            &before,
        );
        let tried = flood.times.len() as u64 + flood.refusals();
        let told = json!({
            "signInsTried": tried, "answeredAs": flood.refused,
            "p99Times": beside.within(0.99) / alone.within(0.99), "rateShare": beside.rate() / alone.rate(),
        });
        self.table
            .once("sign-in flood, of 32 connections", flood.seconds, told);
        Ok(())
    }

    fn file_of_contacts(&mut self, amount: Amount, chief: &str) -> Result<(), Failure> {
        // So many days that about so many contacts were in them.
        let seconds = 30_000_000 * FILE.min(amount.contacts) / amount.contacts + 3_600;
        let from = chrono::Utc::now().date_naive() - chrono::Days::new(seconds / 86_400);
        let ask = Ask::get(format!("{API}/contacts/csv?from={from}")).with_token(chief);
        let mut best = f64::INFINITY;
        let mut told = json!({});
        for _ in 0..3 {
            self.process.forget_peak();
            let before = self.process.memory("VmRSS");
            let used = self.process.processor();
            let began = Instant::now();
            let answer = Line::open(&self.cast.address)?.ask(&ask)?;
            let took = began.elapsed().as_secs_f64();
            if answer.status != 200 || took >= best {
                continue;
            }
            best = took;
            let rows = answer.body.iter().filter(|byte| **byte == b';').count() / 10;
            told = json!({
                "contacts": rows.saturating_sub(2), "bytes": answer.body.len(),
                "processorSeconds": self.process.processor() - used,
                "mibBefore": before, "mibAtMost": self.process.memory("VmHWM"),
            });
        }
        self.table.once("contacts as CSV", best, told);
        Ok(())
    }

    fn roster(&mut self, syv: &str) -> Result<(), Failure> {
        let mut file = String::from("personnummer;förnamn;efternamn;status\r\n");
        for number in 0..ROSTER {
            file += &roster_row(number);
        }
        let path = format!("{API}/imports?isApplied=true&fileName=roster.csv");
        let ask = Ask::upload(path, "text/csv", file).with_token(syv);
        let used = self.process.processor();
        let began = Instant::now();
        let told = self.cast.ask(&ask)?;
        let took = began.elapsed().as_secs_f64();
        let told = json!({
            "rowsPerSecond": ROSTER as f64 / took, "counts": told.get("counts").cloned(),
            "processorSeconds": self.process.processor() - used,
        });
        self.table
            .once("a roster of 100,000 rows, applied", took, told);
        Ok(())
    }

    fn release(&mut self, amount: Amount, syv: &str, chief: &str) -> Result<(), Failure> {
        let work = |n: u64| {
            let youth = uuid::Uuid::from_u128(data::followed(n, amount.youths));
            if n.is_multiple_of(10) {
                let contact = r#"{"channel":"sms","result":"no_answer"}"#;
                Ask::post(format!("{API}/youths/{youth}/contacts"), contact).with_token(syv)
            } else {
                Ask::get(format!("{API}/youths/{youth}")).with_token(syv)
            }
        };
        let address = self.cast.address.clone();
        let before = drive(&address, COLLEAGUES, self.options.length, &work);
        self.table
            .row("casework of four, before a release", &before, None, &[]);
        self.process.forget_peak();
        let resting = self.process.memory("VmRSS");
        let year = chrono::Datelike::year(&chrono::Utc::now()) - 1;
        let body = json!({"year": year, "period": "full_year"}).to_string();
        let ask = Ask::post(format!("{API}/statistics/releases"), body).with_token(chief);
        let began = Instant::now();
        let job = self.cast.ask(&ask)?;
        let job = job["id"].as_str().unwrap_or_default().to_owned();
        let (is_done, failed) = (AtomicBool::new(false), AtomicU64::new(0));
        let (took, beside) = std::thread::scope(|scope| {
            let working = scope.spawn(|| {
                let mut all = Drove::default();
                while !is_done.load(Ordering::Relaxed) {
                    let drove = drive(&address, COLLEAGUES, Duration::from_millis(500), &work);
                    all.seconds += drove.seconds;
                    all.bytes = drove.bytes;
                    all.times.extend(drove.times);
                }
                all.times.sort_by(f64::total_cmp);
                all
            });
            let ask = Ask::get(format!("{API}/jobs/{job}")).with_token(chief);
            loop {
                let status = self.cast.ask(&ask).ok();
                let status = status.as_ref().and_then(|job| job["status"].as_str());
                match status {
                    Some("queued" | "running") => {}
                    Some("done") => break,
                    _ => {
                        failed.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let took = began.elapsed().as_secs_f64();
            is_done.store(true, Ordering::Relaxed);
            (took, working.join().unwrap_or_default())
        });
        if failed.load(Ordering::Relaxed) > 0 {
            return Err("the release was not made".into());
        }
        let of = [("before", before.rate())];
        self.table
            .row("casework of four, beside a release", &beside, None, &of);
        let told = json!({
            "p99Times": beside.within(0.99) / before.within(0.99),
            "mibBefore": resting, "mibAtMost": self.process.memory("VmHWM"),
        });
        self.table
            .once("a statistics release, beside casework", took, told);
        Ok(())
    }
}

/// Somebody who is not in the register, with a number whose last digit is right; every twentieth has left school.
fn roster_row(number: u64) -> String {
    let (day, serial) = (number / 900, number % 900 + 100);
    let born =
        chrono::NaiveDate::from_ymd_opt(2008, 1, 1).unwrap_or_default() + chrono::Days::new(day);
    let digits = format!("{}{serial}", born.format("%y%m%d"));
    let sum: u32 = digits
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, times)| {
            let product = u32::from(digit - b'0') * times;
            product / 10 + product % 10
        })
        .sum();
    let check = (10 - sum % 10) % 10;
    let status = if number.is_multiple_of(20) {
        "avbrott gymnasium"
    } else {
        "inskriven gymnasium"
    };
    format!(
        "{}-{serial}{check};Maja;Holm;{status}\r\n",
        born.format("%Y%m%d")
    )
}
