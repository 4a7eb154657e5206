//! How does a work list look in a calendar, so that whoever looks over a shoulder learns nothing? A day and a neutral title: no
//! name, no reason, no kind, no address to click on, and the same for a task of the register as for one of the protected
//! compartment. An event's id is not the task's, and cannot be worked out from it without the address of the calendar.
//!
//! Written by RFC 5545 here: what is used of it are ten lines, and a library would bring a parser and a time zone database for
//! them. Whose calendar it is and which tasks stand in it is decided in `service::calendar_feeds`.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What every event is called.
pub const TITLE: &str = "Uppföljning";
/// What every event says.
const TEXT: &str = "Se arbetslistan.";
/// What the calendar is called.
const NAME: &str = "Uppföljningar";
/// How often a calendar looks again: a work list changes by the day.
const REFRESH: &str = "PT6H";
/// When on the day the reminder comes: hours after midnight.
const REMINDED_AT: &str = "PT8H";
/// Octets in a line (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;

/// Something to do on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its own id, by [`event_id`].
    pub id: String,
    /// The day.
    pub on: NaiveDate,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// The id of an event: the same at every reading of a calendar, and another in every calendar.
pub fn event_id(token: &str, task: Uuid) -> String {
    let digest = Sha256::new()
        .chain_update(b"kaa calendar event v1\0")
        .chain_update(token.as_bytes())
        .chain_update(task.as_bytes())
        .finalize();
    let short: [u8; 16] = std::array::from_fn(|place| digest.get(place).copied().unwrap_or(0));
    uuid::Builder::from_custom_bytes(short)
        .into_uuid()
        .to_string()
}

/// The calendar with these events, as a file.
pub fn calendar(events: &[Event]) -> String {
    let mut file = String::new();
    let mut line = |text: &str| {
        file.push_str(&folded(text));
        file.push_str("\r\n");
    };
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kaa//kalender//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        line(text);
    }
    line(&format!("NAME:{}", escaped(NAME)));
    line(&format!("X-WR-CALNAME:{}", escaped(NAME)));
    line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
    line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
    for event in events {
        let next = event.on.checked_add_days(Days::new(1)).unwrap_or(event.on);
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", event.id));
        line(&format!(
            "DTSTAMP:{}",
            event.changed_at.format("%Y%m%dT%H%M%SZ")
        ));
        line(&format!("DTSTART;VALUE=DATE:{}", event.on.format("%Y%m%d")));
        line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
        line(&format!("SUMMARY:{}", escaped(TITLE)));
        line(&format!("DESCRIPTION:{}", escaped(TEXT)));
        line("CLASS:PRIVATE");
        line("TRANSP:TRANSPARENT");
        line("BEGIN:VALARM");
        line("ACTION:DISPLAY");
        line(&format!("TRIGGER:{REMINDED_AT}"));
        line(&format!("DESCRIPTION:{}", escaped(TITLE)));
        line("END:VALARM");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    file
}

/// A text as a value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => {
                value.push('\\');
                value.push(sign);
            }
            '\n' => value.push_str("\\n"),
            '\r' => {}
            _ => value.push(sign),
        }
    }
    value
}

/// A line in parts of at most 75 octets, never broken within a character.
fn folded(text: &str) -> String {
    let mut parts = String::with_capacity(text.len() + text.len() / 25);
    let mut octets = 0;
    for sign in text.chars() {
        if octets + sign.len_utf8() > LONGEST_LINE {
            parts.push_str("\r\n ");
            octets = 1;
        }
        parts.push(sign);
        octets += sign.len_utf8();
    }
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn event(task: u128) -> Event {
        Event {
            id: event_id("a token", Uuid::from_u128(task)),
            on: "2026-12-31".parse().unwrap(),
            changed_at: "2026-11-26T09:15:30Z".parse().unwrap(),
        }
    }

    #[test]
    fn an_event_is_a_day_and_a_neutral_title() {
        let file = calendar(&[event(1)]);
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines.first(), Some(&"BEGIN:VCALENDAR"));
        assert!(file.ends_with("END:VCALENDAR\r\n"));
        for line in [
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "DTSTAMP:20261126T091530Z",
            "SUMMARY:Uppföljning",
            "TRIGGER:PT8H",
        ] {
            assert!(lines.contains(&line), "{line}");
        }
        assert!(!file.contains(&Uuid::from_u128(1).to_string()));
        assert!(!file.replace("\r\n", "").contains('\n'));
        assert!(!file.contains("http"));
    }

    #[test]
    fn the_same_task_is_the_same_event_in_one_calendar_and_another_in_the_next() {
        let task = Uuid::from_u128(7);
        assert_eq!(event_id("one", task), event_id("one", task));
        assert_ne!(event_id("one", task), event_id("other", task));
        assert_ne!(event_id("one", task), event_id("one", Uuid::from_u128(8)));
    }

    #[test]
    fn an_empty_work_list_is_a_calendar_too() {
        let file = calendar(&[]);
        assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && !file.contains("VEVENT"));
    }

    #[test]
    fn what_would_end_a_value_is_escaped() {
        assert_eq!(escaped("a,b;c\\d\r\ne"), "a\\,b\\;c\\\\d\\ne");
    }

    proptest! {
        #[test]
        fn a_folded_line_unfolds_to_what_it_was(text in "\\PC{0,300}") {
            let parts = folded(&text);
            prop_assert_eq!(parts.replace("\r\n ", ""), text);
            for part in parts.split("\r\n") {
                prop_assert!(part.len() <= LONGEST_LINE, "{}", part.len());
            }
        }
    }
}
