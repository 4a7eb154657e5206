//! The chapter of the work list. How a line comes about is told in `db::tasks`.

use super::{Chapter, Described, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Tasks,
    title: ("Tasks", "Uppgifter"),
    text: (
        "Your work list: next contacts, follow-ups, and referrals that await an answer. Lines come and go by themselves as the work is done.",
        "Din arbetslista: nästa kontakter, uppföljningar, och hänvisningar som väntar på svar. Raderna kommer och går av sig själva när arbetet blir gjort.",
    ),
    shown: &[Shown {
        resource: Resource::Tasks,
        name: "Task",
        as_it_was: None,
        text: ("A line of the work list.", "En rad i arbetslistan."),
        properties: &[
            p("kind", Word("TaskKind"), "next_contact", "What is to be done.", "Vad som ska göras."),
            p("dueOn", Date, "2026-11-23", "The day it is due.", "Dagen då det ska vara gjort."),
            p("isOverdue", YesNo, "true", "Whether that day has passed.", "Om den dagen har passerat."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("givenName", Text(100), "Alva Maria", "Given names; absent for a youth with protected identity.", "Förnamn; saknas för en ungdom med skyddade personuppgifter.").sometimes(),
            p("familyName", Text(100), "Lindqvist", "Family name; absent for a youth with protected identity. The ambassador sees the initial.", "Efternamn; saknas för en ungdom med skyddade personuppgifter. Ambassadören ser initialen.").sometimes(),
            p("recordId", Id, ids::CONTACT, "The contact, intervention or referral that it comes from.", "Kontakten, insatsen eller hänvisningen som den kommer från."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListTasks,
            ("List my tasks", "Your own work list, longest overdue first."),
            ("Lista mina uppgifter", "Din egen arbetslista, den mest försenade först."))
            .query(&[
                p("dueBefore", Date, "2026-12-01", "Due before this day; the day itself is not included.", "Ska vara gjort före denna dag; själva dagen räknas inte med."),
                p("kind", Word("TaskKind"), "next_contact", "Of this kind.", "Av detta slag."),
            ]),
    ],
};
