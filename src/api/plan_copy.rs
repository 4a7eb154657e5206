//! The youth's own copy of a plan as a page that stands alone: to be read on a screen, read aloud, printed and signed. It
//! holds what the plan holds in plain words, no ids and nothing of what else is known of the youth. What stands on it is
//! decided in `service::plans`.

use super::printed_page::{Page, Say, Words, begin, end, escaped};
use crate::domain::codes::{Code, ResponsibleParty};
use crate::domain::plan::{Agreement, PlanItem};
use crate::error::Language;
use crate::service::plans::PlanCopy;
use std::fmt::Write;

/// The page in a language. The youth's own words stay as they are.
pub fn page(copy: &PlanCopy, language: Language) -> Page {
    let say = Say(language);
    let title = ("Min plan", "My plan");
    let mut html = begin(&say, title, &copy.youth, &copy.unit);
    say.head(&mut html, copy);
    let goal = (copy.goal_type.sv(), copy.goal_type.en());
    say.heading(&mut html, ("Mitt mål", "My goal"));
    let _ = writeln!(
        html,
        "<p class=\"goal\"><strong>{}.</strong></p>",
        say.word(goal)
    );
    own_words(&mut html, &copy.goal_text);
    say.heading(&mut html, ("Så har vi planerat", "What we have planned"));
    own_words(&mut html, &copy.planning_text);
    say.items(&mut html, &copy.items);
    say.follow_ups(&mut html, copy);
    say.agreement(&mut html, copy.agreement.as_ref());
    let _ = writeln!(
        html,
        "<div class=\"sign\"><p>{}</p><p>{}</p></div>",
        say.word(("Datum och min underskrift", "Date and my signature")),
        say.word((
            "Datum och handläggarens underskrift",
            "Date and the handler's signature"
        ))
    );
    end(
        html,
        say.word((
            "Stödet är frivilligt och planen går att ändra: då får du en ny. Du har rätt att veta vad som står om dig. \
             Säg till om något är fel.",
            "The support is voluntary and the plan can be changed: then you get a new one. You have the right to know what \
             is written about you. Tell us if something is wrong.",
        )),
    )
}

impl Say {
    fn head(&self, html: &mut String, copy: &PlanCopy) {
        html.push_str("<dl>\n");
        let mut line = |term: Words, value: &str| {
            let _ = writeln!(
                html,
                "<dt>{}</dt><dd>{}</dd>",
                self.word(term),
                escaped(value)
            );
        };
        line(("Planen är för", "The plan is for"), &copy.youth);
        line(("Skriven den", "Written on"), &copy.made_on.to_string());
        if let Some(made_by) = &copy.made_by {
            line(("Tillsammans med", "Together with"), made_by);
        }
        line(("Version", "Version"), &copy.number.to_string());
        html.push_str("</dl>\n");
    }

    /// What is to be done, by whom: first what the youth does.
    fn items(&self, html: &mut String, items: &[PlanItem]) {
        self.heading(html, ("Vem gör vad", "Who does what"));
        if items.is_empty() {
            let none = ("Inget är bestämt än.", "Nothing has been decided yet.");
            let _ = writeln!(html, "<p>{}</p>", self.word(none));
        }
        for (party, title) in [
            (ResponsibleParty::Youth, ("Det här gör jag", "What I do")),
            (
                ResponsibleParty::Municipality,
                ("Det här gör kommunen", "What the municipality does"),
            ),
            (
                ResponsibleParty::OtherActor,
                ("Det här gör andra", "What others do"),
            ),
        ] {
            let theirs = items.iter().filter(|item| item.responsible_party == party);
            if theirs.clone().next().is_none() {
                continue;
            }
            self.table(
                html,
                title,
                &[
                    ("Vad", "What"),
                    ("Vem", "Who"),
                    ("Börjar", "Begins"),
                    ("Slutar", "Ends"),
                    ("Avslutat", "Ended"),
                ],
            );
            for item in theirs {
                self.item(html, item);
            }
            html.push_str("</tbody>\n</table>\n</div>\n");
        }
    }

    fn item(&self, html: &mut String, item: &PlanItem) {
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(dash, |day| day.to_string());
        let who = match (&item.actor, item.responsible_party) {
            (Some(actor), _) => escaped(actor),
            (None, ResponsibleParty::Youth) => self.word(("Jag", "I")).to_owned(),
            (None, _) => self.word(("Kommunen", "The municipality")).to_owned(),
        };
        let ended = match (item.ended_on, item.end_reason) {
            (Some(on), Some(reason)) => format!(
                "<span class=\"date\">{on}</span>: {}",
                self.word((reason.sv(), reason.en()))
            ),
            (on, _) => day(on),
        };
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{who}</td><td class=\"date\">{}</td><td class=\"date\">{}</td><td>{ended}</td></tr>",
            escaped(&item.what),
            day(item.planned_start_on),
            day(item.planned_end_on),
        );
    }

    fn follow_ups(&self, html: &mut String, copy: &PlanCopy) {
        self.heading(html, ("Uppföljning", "Follow-up"));
        if copy.follow_ups.is_empty() {
            let none = ("Ingen dag är bestämd än.", "No day has been set yet.");
            let _ = writeln!(html, "<p>{}</p>", self.word(none));
            return;
        }
        self.table(
            html,
            (
                "Då träffas vi och ser hur det går",
                "When we meet to see how it goes",
            ),
            &[
                ("Dag", "Day"),
                ("Vad vi gör", "What we do"),
                ("Gjort den", "Done on"),
            ],
        );
        for (due_on, kind, done_on) in &copy.follow_ups {
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\" class=\"date\">{due_on}</th><td>{}</td><td class=\"date\">{}</td></tr>",
                self.word((kind.sv(), kind.en())),
                done_on.map_or_else(dash, |day| day.to_string()),
            );
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn agreement(&self, html: &mut String, agreement: Option<&Agreement>) {
        self.heading(html, ("Vad jag har sagt ja till", "What I have agreed to"));
        let Some(agreement) = agreement else {
            let none = (
                "Jag har inte tagit ställning till planen än.",
                "I have not answered to the plan yet.",
            );
            let _ = writeln!(html, "<p>{}</p>", self.word(none));
            return;
        };
        if let Some(text) = &agreement.agreed_to {
            own_words(html, text);
        }
        if let Some(text) = &agreement.not_agreed_to {
            let title = self.word(("Vad jag inte har sagt ja till", "What I have not agreed to"));
            let _ = writeln!(html, "<h3>{title}</h3>");
            own_words(html, text);
        }
        let form = self.word((agreement.form.sv(), agreement.form.en()));
        let _ = writeln!(html, "<p>{form}, {}.</p>", agreement.agreed_on);
    }

    fn table(&self, html: &mut String, caption: Words, columns: &[Words]) {
        let caption = self.word(caption);
        // A narrow screen scrolls a wide table alone, also by keyboard.
        let is_wide = columns.len() > 3;
        let open = if is_wide {
            format!(
                "<div class=\"scroll wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">"
            )
        } else {
            "<div>".to_owned()
        };
        let _ = write!(
            html,
            "{open}\n<table>\n<caption>{caption}</caption>\n<thead><tr>"
        );
        for column in columns {
            let _ = write!(html, "<th scope=\"col\">{}</th>", self.word(*column));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
    }
}

/// What stands where nothing is: seen as a dash.
fn dash() -> String {
    "–".to_owned()
}

/// Text of several lines, as it was written.
fn own_words(html: &mut String, text: &str) {
    for paragraph in text.split("\n\n").filter(|text| !text.trim().is_empty()) {
        let lines: Vec<String> = paragraph.trim().lines().map(escaped).collect();
        let _ = writeln!(html, "<p>{}</p>", lines.join("<br>\n"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::EndReason;
    use crate::domain::plan::{AgreementForm, PlanFollowUpKind, PlanGoal};

    fn copy() -> PlanCopy {
        let day = |text: &str| text.parse().unwrap();
        PlanCopy {
            youth: "Alva <b>Lindqvist</b>".to_owned(),
            unit: "Unga & vuxna".to_owned(),
            made_by: Some("Karin Holm".to_owned()),
            made_on: day("2026-11-24"),
            number: 2,
            planning_text: "Först \"komvux\".\n\nSedan </p><script>alert(1)</script>".to_owned(),
            goal_type: PlanGoal::Education,
            goal_text: "Läsa klart".to_owned(),
            items: vec![PlanItem {
                what: "Praktik <i>".to_owned(),
                responsible_party: ResponsibleParty::OtherActor,
                actor: Some("Kafé 'Signal'".to_owned()),
                planned_start_on: Some(day("2026-12-01")),
                planned_end_on: None,
                intervention_id: None,
                ended_on: Some(day("2026-11-20")),
                end_reason: Some(EndReason::EndedByYouth),
            }],
            follow_ups: vec![(day("2027-01-15"), PlanFollowUpKind::Evaluation, None)],
            agreement: Some(Agreement {
                agreed_on: day("2026-11-24"),
                form: AgreementForm::OralDocumented,
                agreed_to: Some("Allt".to_owned()),
                not_agreed_to: Some("Inte morgnar".to_owned()),
            }),
        }
    }

    #[test]
    fn what_was_written_stands_as_text() {
        let html = page(&copy(), Language::Swedish).html;
        for told in [
            "Alva &lt;b&gt;Lindqvist&lt;/b&gt;",
            "Unga &amp; vuxna",
            "&lt;script&gt;alert(1)",
            "Kafé &#39;Signal&#39;",
            "Praktik &lt;i&gt;",
        ] {
            assert!(html.contains(told), "{told}");
        }
        assert!(!html.contains("<script") && !html.contains("<i>"));
    }

    #[test]
    fn it_is_whole_in_both_languages_with_headers_in_its_tables() {
        for (language, lang, words) in [
            (
                Language::Swedish,
                "<html lang=\"sv\">",
                ["Det här gör andra", "Avbruten av ungdomen", "Utvärdering"],
            ),
            (
                Language::English,
                "<html lang=\"en\">",
                ["What others do", "Ended by the youth", "Evaluation"],
            ),
        ] {
            let html = page(&copy(), language).html;
            assert!(html.contains(lang));
            for word in words {
                assert!(html.contains(word), "{word}");
            }
            assert_eq!(html.matches("<table>").count(), 2);
            assert_eq!(html.matches("<caption>").count(), 2);
            assert_eq!(html.matches("scope=\"col\"").count(), 5 + 3);
            for (open, close) in [
                ("<dl>", "</dl>"),
                ("<tbody>", "</tbody>"),
                ("<h2>", "</h2>"),
            ] {
                assert_eq!(html.matches(open).count(), html.matches(close).count());
            }
        }
    }
}
