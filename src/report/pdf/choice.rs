//! What of a release stands in the report, and what is left to the workbook and the CSV? An editor's plan (themes, groups,
//! headings of columns) and four rules that the figures decide:
//! 1. A measure is shown when a third of its figures at least are published; otherwise it is named. So is one of noughts alone.
//! 2. A chart is drawn of a group's share, or of a measure that stands alone, by the division that shows most groups (of equals
//!    the one with the widest spread); half of them at least are published, and a page has room for them.
//! 3. All other divisions of a group's measures lie under one another in one table; what the chart tells is not told again.
//! 4. A division of which less than a third is published is left out, and so is a row or column of noughts; the table says so.
//!
//! How it looks is decided in `chapters`. A measure that the plan does not know stands by itself among the others.

use crate::error::Language;
use crate::report::words::{figure, total};
use crate::statistics::document::{
    Axis, Category, MeasureDefinition, MeasureKind, ReleaseDocument, Table, TableCell,
};

/// Both languages, Swedish first.
type Both = (&'static str, &'static str);

/// A chapter's part of the plan.
struct PlannedTheme {
    title: Both,
    groups: &'static [PlannedGroup],
    /// Measures that are but one figure: among the key figures alone.
    singles: &'static [&'static str],
}

/// Measures beside one another: of the same people, so that a row can be read across.
struct PlannedGroup {
    title: Both,
    columns: &'static [(&'static str, Both)],
}

const fn group(title: Both, columns: &'static [(&'static str, Both)]) -> PlannedGroup {
    PlannedGroup { title, columns }
}

#[rustfmt::skip]
const PLAN: &[PlannedTheme] = &[
    PlannedTheme {
        title: ("Ungdomarna i registret", "The youths in the register"),
        groups: &[
            group(("Vilka ungdomarna är", "Who the youths are"), &[("youths", ("Ungdomar", "Youths"))]),
            group(("Vad ungdomarna gjorde sista dagen", "What the youths did on the last day"), &[("occupations", ("Ungdomar", "Youths"))]),
        ],
        singles: &[],
    },
    PlannedTheme {
        title: ("Att nå ungdomarna", "Reaching the youths"),
        groups: &[
            group(("Hur många som nåtts", "How many were reached"), &[
                ("personsAttempted", ("Med kontaktförsök", "With attempts")),
                ("personsReached", ("Nådda", "Reached")),
                ("personsReachedShare", ("Nådda, procent", "Reached, per cent")),
                ("personsNeverReached", ("Aldrig nådda", "Never reached")),
                ("personsNeverReachedShare", ("Aldrig nådda, procent", "Never reached, per cent")),
            ]),
            group(("Kontakter och kontaktförsök", "Contacts and attempts"), &[
                ("contactAttempts", ("Kontakter och försök", "Contacts and attempts")),
                ("contactsReached", ("Nådde ungdomen", "Reached")),
                ("contactReachRate", ("Nådde ungdomen, procent", "Reached, per cent")),
            ]),
        ],
        singles: &[],
    },
    PlannedTheme {
        title: ("Erbjudanden och insatser", "Offers and interventions"),
        groups: &[
            group(("Från erbjudande till deltagande", "From offer to participation"), &[
                ("personsOffered", ("Erbjudna", "Offered")),
                ("personsAccepted", ("Tackat ja", "Accepted")),
                ("personsStarted", ("Påbörjat", "Started")),
                ("participants", ("Deltagare", "Participants")),
                ("personsWithEndedIntervention", ("Avslutat", "Ended")),
            ]),
            group(("Slag av insats", "Kinds of intervention"), &[("interventionKinds", ("Deltagare", "Participants"))]),
            group(("Hur insatserna slutade", "How interventions ended"), &[("interventionEndReasons", ("Ungdomar", "Youths"))]),
            group(("Hur länge insatserna pågick", "How long interventions ran"), &[("interventionDurations", ("Ungdomar", "Youths"))]),
        ],
        singles: &["interventionsOffered", "interventionsAccepted", "interventionsStarted", "interventionsEnded"],
    },
    PlannedTheme {
        title: ("Aktivitetsansvaret, 16–19 år", "The activity responsibility, ages 16–19"),
        groups: &[
            group(("Erbjudna insats", "Offered an intervention"), &[
                ("kaaYouths", ("Ungdomar", "Youths")),
                ("kaaYouthsOffered", ("Erbjudna", "Offered")),
                ("kaaOfferedShare", ("Erbjudna, procent", "Offered, per cent")),
                ("daysToFirstOffer", ("Dagar till erbjudande, median", "Days to the offer, median")),
            ]),
        ],
        singles: &["kaaYouthsLeft", "kaaYouthsOfferedBeforeLeaving", "kaaOfferedBeforeLeavingShare"],
    },
    PlannedTheme {
        title: ("Avbrott och återupptagna studier", "Dropouts and resumed studies"),
        groups: &[
            group(("Avbrott från gymnasieskolan", "Dropouts from upper secondary school"), &[("dropouts", ("Avbrott", "Dropouts"))]),
            group(("Återupptagna studier efter avbrott", "Studies resumed after a dropout"), &[
                ("dropoutCohort", ("Alla", "All")),
                ("dropoutsCensored", ("Inte möjliga att följa", "Could not be followed")),
                ("dropoutsFollowed", ("Följda hela tiden", "Followed all the time")),
                ("dropoutsResumedIntroductory", ("Till introduktion", "Introductory programme")),
                ("dropoutsResumedNational", ("Till nationellt program", "National programme")),
                ("dropoutsResumedShare", ("Återupptagit, procent", "Resumed, per cent")),
            ]),
            group(("Unga 20–24 år utan gymnasieexamen", "Ages 20–24 without an exam"), &[
                ("adultsWithoutExam", ("Utan gymnasieexamen", "Without an exam")),
                ("adultsResumedStudies", ("Återupptagit studier", "Resumed studies")),
                ("adultsResumedShare", ("Återupptagit studier, procent", "Resumed studies, per cent")),
            ]),
        ],
        singles: &[],
    },
    PlannedTheme {
        title: ("Efter tiden i registret", "After the register"),
        groups: &[
            group(("Kvar i registret och avslutade", "Still in the register, and out of it"), &[
                ("personsOnLastDay", ("I registret sista dagen", "In it on the last day")),
                ("personsExited", ("Lämnat registret", "Left the register")),
                ("exitedToWorkOrEducation", ("Till arbete eller utbildning", "To work or education")),
            ]),
            group(("Varför ungdomarna avregistrerades", "Why youths were deregistered"), &[("deregistrationReasons", ("Ungdomar", "Youths"))]),
            group(("Vart ungdomarna gick", "Where youths went"), &[("destinations", ("Ungdomar", "Youths"))]),
            group(("Andelar av dem som lämnat registret", "Shares of those who left"), &[
                ("exitedToWorkShare", ("Till arbete, procent", "To work, per cent")),
                ("exitedToEducationShare", ("Till utbildning, procent", "To education, per cent")),
                ("mobilityShare", ("På annan ort, procent", "Elsewhere, per cent")),
            ]),
            group(("På annan ort", "In another place"), &[("mobility", ("Ungdomar", "Youths"))]),
            group(("Kvar efter en tid", "Still there after a while"), &[
                ("outcomesChecked", ("Uppföljda", "Followed up")),
                ("outcomesKnown", ("Känt resultat", "Known result")),
                ("outcomesSustained", ("Kvar", "Still there")),
                ("outcomesSustainedShare", ("Kvar, procent", "Still there, per cent")),
            ]),
        ],
        singles: &[],
    },
    PlannedTheme {
        title: ("Uppsökande arbete och kostnad", "Outreach and cost"),
        groups: &[
            group(("Människor som mötts vid pass", "People met in sessions"), &[("peopleMet", ("Människor", "People"))]),
        ],
        singles: &["outreachSessions", "outreachHours", "peopleMet", "anonymousContacts", "cost", "costPerParticipant"],
    },
];

/// Bars that a page has room for, with what stands above them.
const MOST_BARS: usize = 30;

const OTHER: Both = ("Övriga mått", "Other measures");

/// What is shown of a theme.
pub(super) struct Theme<'d> {
    pub(super) title: String,
    /// Its measures, as the document has them.
    pub(super) measures: Vec<&'d MeasureDefinition>,
    /// Those of them that say something as one figure for all, with that figure; nothing where it is hidden.
    pub(super) key_figures: Vec<(&'d MeasureDefinition, Option<KeyFigure<'d>>)>,
    pub(super) groups: Vec<Group<'d>>,
    /// Headings of measures that are hidden, wholly or for the most part.
    pub(super) hidden: Vec<String>,
    /// Headings of measures that are nought, or have nothing to be computed from, and are no key figures that say so.
    pub(super) nought: Vec<String>,
}

/// A figure for all, and the table that it is of.
pub(super) type KeyFigure<'d> = (&'d Table, &'d TableCell);

/// What is shown of measures beside one another.
pub(super) struct Group<'d> {
    pub(super) title: String,
    /// The measure that the heading is about.
    pub(super) measure: &'d MeasureDefinition,
    /// Figures to be drawn.
    pub(super) chart: Option<Table>,
    pub(super) table: Option<Side>,
}

/// Several divisions under one another.
pub(super) struct Side {
    /// What the rows are divided by, in words: one where there is but one.
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    pub(super) parts: Vec<Part>,
    /// Whether the first row sums up the others.
    pub(super) begins_with_sum: bool,
    /// Headings of divisions that are hidden for the most part.
    pub(super) left_out: Vec<String>,
    /// Groups in which nobody is.
    pub(super) nobody: Vec<String>,
}

/// The rows of a division.
pub(super) struct Part {
    /// Nothing over the sum of all.
    pub(super) heading: Option<String>,
    /// Labels with their figures.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

/// The choice of a release.
pub(super) fn chosen(document: &ReleaseDocument, language: Language) -> Vec<Theme<'_>> {
    let editor = Editor { document, language };
    let mut themes: Vec<Theme<'_>> = PLAN.iter().map(|plan| editor.theme(plan)).collect();
    themes.push(editor.others());
    themes.retain(|theme| !theme.measures.is_empty());
    themes
}

/// The figure of a measure for all: the sum of one of its tables, or its only one.
fn for_all<'d>(document: &'d ReleaseDocument, code: &str) -> Option<KeyFigure<'d>> {
    let tables = document.tables.iter().filter(|table| table.measure == code);
    tables
        .filter_map(|table| {
            let mut cells = table.cells.iter();
            let cell = cells.find(|cell| cell.at.iter().all(Option::is_none))?;
            Some((table, cell))
        })
        // The one that is published, if another is not.
        .max_by_key(|(_, cell)| cell.value.is_some())
}

struct Editor<'d> {
    document: &'d ReleaseDocument,
    language: Language,
}

/// A column with the tables behind it.
struct Shown<'d> {
    heading: String,
    measure: &'d MeasureDefinition,
    tables: Vec<&'d Table>,
}

impl<'d> Editor<'d> {
    fn word(&self, both: Both) -> String {
        self.language.pick(both.0, both.1).to_owned()
    }

    fn measure(&self, code: &str) -> Option<&'d MeasureDefinition> {
        let mut measures = self.document.measures.iter();
        measures.find(|measure| measure.code == code)
    }

    fn tables(&self, code: &str) -> Vec<&'d Table> {
        let tables = self.document.tables.iter();
        tables.filter(|table| table.measure == code).collect()
    }

    fn theme(&self, plan: &PlannedTheme) -> Theme<'d> {
        let is_of = |code: &str| {
            let mut columns = plan.groups.iter().flat_map(|group| group.columns);
            plan.singles.contains(&code) || columns.any(|(own, _)| *own == code)
        };
        let mut theme = Theme {
            title: self.word(plan.title),
            measures: self
                .document
                .measures
                .iter()
                .filter(|one| is_of(&one.code))
                .collect(),
            key_figures: Vec::new(),
            groups: Vec::new(),
            hidden: Vec::new(),
            nought: Vec::new(),
        };
        self.key_figures(&mut theme, plan.singles);
        for group in plan.groups {
            let columns = group.columns.iter().filter_map(|(code, heading)| {
                let measure = self.measure(code)?;
                Some((measure, self.word(*heading)))
            });
            self.group(&mut theme, &self.word(group.title), columns.collect());
        }
        for code in plan.singles {
            self.single(&mut theme, code);
        }
        theme
    }

    /// What the plan does not know.
    fn others(&self) -> Theme<'d> {
        let is_planned = |code: &str| {
            PLAN.iter().any(|theme| {
                let mut columns = theme.groups.iter().flat_map(|group| group.columns);
                theme.singles.contains(&code) || columns.any(|(own, _)| *own == code)
            })
        };
        let measures = self.document.measures.iter();
        let mut theme = Theme {
            title: self.word(OTHER),
            measures: measures.filter(|one| !is_planned(&one.code)).collect(),
            key_figures: Vec::new(),
            groups: Vec::new(),
            hidden: Vec::new(),
            nought: Vec::new(),
        };
        self.key_figures(&mut theme, &[]);
        for measure in theme.measures.clone() {
            let title = measure.title.in_language(self.language).to_owned();
            let unit = measure.unit.label().in_language(self.language).to_owned();
            self.group(&mut theme, &title, vec![(measure, unit)]);
        }
        theme
    }

    /// What is nothing but a figure, or is divided by people alone: of kinds the sum is that of another measure.
    fn key_figures(&self, theme: &mut Theme<'d>, singles: &[&str]) {
        for measure in theme.measures.clone() {
            let tables = self.tables(&measure.code);
            let is_of_kinds = tables.iter().any(|table| table.axes.len() > 1);
            if is_of_kinds && !singles.contains(&measure.code.as_str()) {
                continue;
            }
            let figure = for_all(self.document, &measure.code);
            let figure = figure.filter(|(_, cell)| !cell.is_hidden);
            theme.key_figures.push((measure, figure));
        }
    }

    /// A measure that is but one figure: among the key figures, unless it is hidden.
    fn single(&self, theme: &mut Theme<'d>, code: &str) {
        let Some(measure) = self.measure(code) else {
            return;
        };
        if for_all(self.document, code).is_none_or(|(_, cell)| cell.is_hidden) {
            let name = measure.title.in_language(self.language).to_owned();
            if !theme.hidden.contains(&name) {
                theme.hidden.push(name);
            }
        }
    }

    fn group(
        &self,
        theme: &mut Theme<'d>,
        title: &str,
        columns: Vec<(&'d MeasureDefinition, String)>,
    ) {
        let mut shown: Vec<Shown<'d>> = Vec::new();
        let is_of_several = columns.len() > 1;
        for (measure, heading) in columns {
            let tables = self.tables(&measure.code);
            let divided = tables
                .iter()
                .copied()
                .filter(|table| !table.axes.is_empty());
            let tables: Vec<&Table> = divided.collect();
            let name = measure.title.in_language(self.language).to_owned();
            let cells = || tables.iter().flat_map(|table| &table.cells);
            if cells().all(|cell| !cell.is_hidden && cell.value.unwrap_or(0) == 0) {
                // Of a single figure there is nothing to say beyond it; of a measure without tables nobody may know.
                match for_all(self.document, &measure.code) {
                    Some((_, cell)) if cell.is_hidden => theme.hidden.push(name),
                    Some((_, cell)) if cell.value.unwrap_or(0) == 0 => {
                        let mut told = theme.key_figures.iter();
                        if told.all(|(told, _)| told.code != measure.code) {
                            theme.nought.push(name);
                        }
                    }
                    Some(_) => {}
                    None => theme.hidden.push(name),
                }
            } else if !is_told(cells()) {
                theme.hidden.push(name);
            } else {
                shown.push(Shown {
                    heading,
                    measure,
                    tables,
                });
            }
        }
        let lead = shown
            .iter()
            .find(|column| column.measure.kind == MeasureKind::Share)
            .or_else(|| shown.first());
        let Some(lead) = lead else { return };
        let is_alone = shown.len() == 1;
        let may_be_drawn = is_alone || lead.measure.kind == MeasureKind::Share;
        let own_axis = lead.tables.iter().find(|table| table.axes.len() > 1);
        let charted = match own_axis {
            _ if !may_be_drawn => None,
            Some(table) => margin(table, lead.measure).filter(|margin| score(margin).is_some()),
            None => most_telling(&lead.tables).cloned(),
        };
        let table = match own_axis {
            Some(_) => self.crossed(lead, charted.is_some()),
            None => self.side_by_side(&shown, charted.as_ref()),
        };
        if charted.is_none() && table.is_none() {
            let name = lead.measure.title.in_language(self.language);
            theme.hidden.push(name.to_owned());
            return;
        }
        // Of several measures of which one is left, that one is the heading.
        let title = if is_of_several && is_alone {
            lead.measure.title.in_language(self.language)
        } else {
            title
        };
        theme.groups.push(Group {
            title: title.to_owned(),
            measure: lead.measure,
            chart: charted,
            table,
        });
    }

    /// Divisions under one another, measures beside one another.
    fn side_by_side(&self, shown: &[Shown<'d>], charted: Option<&Table>) -> Option<Side> {
        let charted = charted.and_then(|table| table.axes.first());
        let mut axes: Vec<&Axis> = Vec::new();
        for axis in shown
            .iter()
            .flat_map(|column| &column.tables)
            .filter_map(|table| table.axes.first())
        {
            if axes.iter().all(|known| known.name != axis.name)
                && charted.is_none_or(|charted| charted.name != axis.name)
            {
                axes.push(axis);
            }
        }
        let mut parts = Vec::new();
        let mut left_out = Vec::new();
        let mut nobody = Vec::new();
        for axis in axes {
            let cells = || {
                shown.iter().flat_map(|column| {
                    let places = axis.categories.iter();
                    places.filter_map(|place| find(column, axis, Some(place)).map(|(_, cell)| cell))
                })
            };
            let heading = axis.label.in_language(self.language).to_owned();
            if !is_told(cells()) {
                left_out.push(heading);
                continue;
            }
            let mut rows = Vec::new();
            for place in &axis.categories {
                let label = place.label.in_language(self.language).to_owned();
                let figures = self.figures(shown, axis, Some(place));
                let mut cells = shown
                    .iter()
                    .filter_map(|column| find(column, axis, Some(place)));
                if cells.all(|(_, cell)| is_nobody(cell)) {
                    if !nobody.contains(&label) {
                        nobody.push(label);
                    }
                } else {
                    rows.push((label, figures));
                }
            }
            parts.push(Part {
                heading: Some(heading),
                rows,
            });
        }
        if parts.is_empty() {
            return None;
        }
        let sums: Vec<String> = shown
            .iter()
            .map(|column| {
                let found = for_all(self.document, &column.measure.code);
                found.map_or_else(
                    || "–".to_owned(),
                    |(table, cell)| figure(cell, table.decimals, self.language),
                )
            })
            .collect();
        // A sum that the chart has is not told again.
        let chart_has_sum =
            charted.is_some() && shown.len() == 1 && !is_count(shown.first()?.measure);
        if !chart_has_sum {
            parts.insert(
                0,
                Part {
                    heading: None,
                    rows: vec![(total(self.language).to_owned(), sums)],
                },
            );
        }
        let names = parts.iter().filter_map(|part| part.heading.as_ref());
        let names: Vec<String> = names.map(|name| name.to_lowercase()).collect();
        Some(Side {
            caption: format!(
                "{} {}",
                self.word(("efter", "by")),
                listed(&names, self.language)
            ),
            columns: shown.iter().map(|column| column.heading.clone()).collect(),
            parts,
            begins_with_sum: !chart_has_sum,
            left_out,
            nobody,
        })
    }

    fn figures(&self, shown: &[Shown<'d>], axis: &Axis, place: Option<&Category>) -> Vec<String> {
        let of_column = |column: &Shown<'d>| {
            find(column, axis, place).map_or_else(
                || "–".to_owned(),
                |(table, cell)| figure(cell, table.decimals, self.language),
            )
        };
        shown.iter().map(of_column).collect()
    }

    /// A measure's own groups down, divisions of people across.
    fn crossed(&self, column: &Shown<'d>, chart_has_sums: bool) -> Option<Side> {
        let own = column.tables.iter().find_map(|table| {
            let axis = table.axes.first()?;
            (table.axes.len() > 1).then_some(axis)
        })?;
        let mut columns = Vec::new();
        // Of kinds that a person may have several of there may be no sum.
        let has_sum = column
            .tables
            .iter()
            .flat_map(|table| &table.cells)
            .any(|cell| cell.at.first().is_some_and(Option::is_none));
        let places = |axis: &'d Axis| places(axis, has_sum || axis.name != own.name);
        let mut rows: Vec<(String, Vec<String>)> = places(own)
            .map(|place| {
                let label = place.map_or(total(self.language), |place| {
                    place.label.in_language(self.language)
                });
                (label.to_owned(), Vec::new())
            })
            .collect();
        let mut names = Vec::new();
        let mut left_out = Vec::new();
        let mut nobody = Vec::new();
        let tables = column.tables.iter().filter(|table| {
            table.axes.len() > 1 && table.axes.first().is_some_and(|axis| axis.name == own.name)
        });
        for table in tables {
            for (at, across) in table.axes.iter().enumerate().skip(1) {
                let cell = |own: Option<&Category>, place: Option<&Category>| {
                    table.cells.iter().find(|cell| {
                        cell.at.iter().enumerate().all(|(axis, code)| {
                            let wanted = match axis {
                                0 => own,
                                axis if axis == at => place,
                                _ => None,
                            };
                            code.as_deref() == wanted.map(|place| place.code.as_str())
                        })
                    })
                };
                let told = || {
                    places(own).flat_map(|row| {
                        let places = across.categories.iter().map(Some);
                        places.filter_map(move |place| cell(row, place))
                    })
                };
                let heading = across.label.in_language(self.language).to_owned();
                if names.contains(&heading) || left_out.contains(&heading) {
                    continue;
                }
                if !is_told(told()) {
                    left_out.push(heading);
                    continue;
                }
                names.push(heading);
                let sum = (columns.is_empty() && !chart_has_sums).then_some(None);
                let (somebody, none): (Vec<&Category>, Vec<&Category>) =
                    across.categories.iter().partition(|place| {
                        let mut cells = places(own).filter_map(|row| cell(row, Some(*place)));
                        !cells.all(is_nobody)
                    });
                for place in none {
                    nobody.push(place.label.in_language(self.language).to_owned());
                }
                let across_places: Vec<Option<&Category>> = sum
                    .into_iter()
                    .chain(somebody.into_iter().map(Some))
                    .collect();
                columns.extend(across_places.iter().map(|place| {
                    let heading = place.map_or(total(self.language), |place| {
                        place.label.in_language(self.language)
                    });
                    heading.to_owned()
                }));
                for (row, place) in rows.iter_mut().zip(places(own)) {
                    let figures = across_places.iter().map(|across| {
                        cell(place, *across).map_or_else(
                            || "–".to_owned(),
                            |cell| figure(cell, table.decimals, self.language),
                        )
                    });
                    row.1.extend(figures);
                }
            }
        }
        if columns.is_empty() {
            return None;
        }
        let is_nought = |figures: &[String]| figures.iter().all(|figure| figure == "0");
        let (none, rows): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .partition(|(_, figures)| is_nought(figures));
        nobody.extend(none.into_iter().map(|(label, _)| label));
        let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        Some(Side {
            caption: format!(
                "{} {}",
                self.word(("efter", "by")),
                listed(&names, self.language)
            ),
            columns,
            parts: vec![Part {
                heading: None,
                rows,
            }],
            begins_with_sum: has_sum,
            left_out,
            nobody,
        })
    }
}

/// The places of an axis, the sum first where there is one.
fn places(axis: &Axis, has_sum: bool) -> impl Iterator<Item = Option<&Category>> {
    let sum = has_sum.then_some(None);
    sum.into_iter().chain(axis.categories.iter().map(Some))
}

/// Words as people list them.
pub(super) fn listed(words: &[String], language: Language) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => {
            format!(
                "{} {} {last}",
                before.join(", "),
                language.pick("och", "and")
            )
        }
    }
}

fn find<'t>(
    column: &Shown<'t>,
    axis: &Axis,
    place: Option<&Category>,
) -> Option<(&'t Table, &'t TableCell)> {
    let mut tables = column.tables.iter().copied();
    let table = tables.find(|table| {
        table.axes.len() == 1 && table.axes.first().is_some_and(|own| own.name == axis.name)
    })?;
    let code = place.map(|place| place.code.as_str());
    let cell = table
        .cells
        .iter()
        .find(|cell| cell.at.first().is_some_and(|at| at.as_deref() == code))?;
    Some((table, cell))
}

/// Whether nobody is in a group: a count of nought, or a share of none.
const fn is_nobody(cell: &TableCell) -> bool {
    !cell.is_hidden && matches!((cell.value, cell.denominator), (Some(0), None) | (None, _))
}

/// Whether a third at least is published, and something at all.
fn is_told<'c>(cells: impl Iterator<Item = &'c TableCell>) -> bool {
    let (mut all, mut known, mut something) = (0_usize, 0_usize, false);
    for cell in cells {
        all += 1;
        known += usize::from(!cell.is_hidden);
        something |= !cell.is_hidden && cell.value.is_some_and(|value| value != 0);
    }
    something && known * 3 >= all
}

const fn is_count(measure: &MeasureDefinition) -> bool {
    matches!(measure.kind, MeasureKind::Count)
}

/// How telling a table of one dimension is: how many groups it shows, and how far apart they are. Nothing where too little is
/// published to draw it.
fn score(table: &Table) -> Option<(usize, i64)> {
    let parts = || {
        let cells = table.cells.iter();
        cells.filter(|cell| cell.at.iter().all(Option::is_some))
    };
    let values: Vec<i64> = parts().filter_map(|cell| cell.value).collect();
    let shown = values.iter().filter(|value| **value != 0).count();
    let hidden = parts().filter(|cell| cell.is_hidden).count();
    if shown < 2 || hidden > values.len() || values.len() + hidden > MOST_BARS {
        return None;
    }
    let least = values.iter().min().copied().unwrap_or(0);
    let most = values.iter().max().copied().unwrap_or(0);
    Some((shown, most.saturating_sub(least)))
}

fn most_telling<'t>(tables: &[&'t Table]) -> Option<&'t Table> {
    let mut best: Option<(&Table, (usize, i64))> = None;
    for table in tables.iter().filter(|table| table.axes.len() == 1) {
        if let Some(score) = score(table)
            && best.is_none_or(|(_, known)| score > known)
        {
            best = Some((table, score));
        }
    }
    best.map(|(table, _)| table)
}

/// The sums of a table's first dimension over all others, as a table of that dimension alone.
fn margin(table: &Table, measure: &MeasureDefinition) -> Option<Table> {
    let axis = table.axes.first()?.clone();
    let cells = table
        .cells
        .iter()
        .filter(|cell| cell.at.iter().skip(1).all(Option::is_none));
    let cells = cells.map(|cell| TableCell {
        at: cell.at.iter().take(1).cloned().collect(),
        ..cell.clone()
    });
    Some(Table {
        cells: cells.collect(),
        axes: vec![axis],
        title: measure.title.clone(),
        ..table.clone()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::fixture;

    fn theme<'t, 'd>(themes: &'t [Theme<'d>], title: &str) -> &'t Theme<'d> {
        themes.iter().find(|theme| theme.title == title).unwrap()
    }

    fn hide(document: &mut ReleaseDocument, is_hidden: impl Fn(&Table, usize) -> bool) {
        for table in &mut document.tables {
            for place in 0..table.cells.len() {
                if is_hidden(table, place) {
                    let cell = &mut table.cells[place];
                    cell.is_hidden = true;
                    cell.value = None;
                }
            }
        }
    }

    #[test]
    fn what_the_chart_tells_is_not_told_again_in_the_table() {
        let document = fixture::document();
        let themes = chosen(&document, Language::Swedish);
        for group in themes.iter().flat_map(|theme| &theme.groups) {
            let (Some(chart), Some(side)) = (&group.chart, &group.table) else {
                continue;
            };
            let axis = &chart.axes[0].label.sv;
            let headings = side.parts.iter().filter_map(|part| part.heading.as_ref());
            assert!(headings.clone().all(|heading| heading != axis), "{axis}");
            // Of kinds the sums are the chart's.
            assert!(headings.count() > 0 || !side.columns.contains(&"Totalt".to_owned()));
        }
        let youths = &theme(&themes, "Ungdomarna i registret").groups[0];
        let side = youths.table.as_ref().unwrap();
        assert_eq!(youths.chart.as_ref().unwrap().name, "youthsByArea");
        assert_eq!(side.caption, "efter kön, åldersgrupp, spår och orsak");
        assert_eq!(side.parts[0].rows[0].0, "Totalt");
        assert_eq!(
            side.parts[1].rows[0],
            ("Kvinnor".to_owned(), vec!["1\u{a0}048".to_owned()])
        );
    }

    #[test]
    fn measures_of_the_same_people_stand_beside_one_another() {
        let mut document = fixture::document();
        for (old, new) in [
            ("offered", "kaaYouthsOffered"),
            ("youths", "kaaYouths"),
            ("offeredShare", "kaaOfferedShare"),
        ] {
            let measures = document.measures.iter_mut();
            for measure in measures.filter(|measure| measure.code == old) {
                new.clone_into(&mut measure.code);
            }
            for table in document
                .tables
                .iter_mut()
                .filter(|table| table.measure == old)
            {
                new.clone_into(&mut table.measure);
            }
        }
        let themes = chosen(&document, Language::Swedish);
        let group = &theme(&themes, "Aktivitetsansvaret, 16–19 år").groups[0];
        assert_eq!(group.measure.code, "kaaOfferedShare");
        assert_eq!(group.chart.as_ref().unwrap().measure, "kaaOfferedShare");
        let side = group.table.as_ref().unwrap();
        assert_eq!(side.columns, ["Ungdomar", "Erbjudna", "Erbjudna, procent"]);
        assert!(
            side.parts
                .iter()
                .flat_map(|part| &part.rows)
                .all(|(_, row)| row.len() == 3)
        );
    }

    #[test]
    fn what_is_hidden_for_the_most_part_is_named_and_not_shown() {
        let mut document = fixture::document();
        hide(&mut document, |table, place| {
            table.measure == "reached" && place > 0
                || table.measure == "youths" && table.axes[0].name == "reason" && place > 1
        });
        let themes = chosen(&document, Language::Swedish);
        let others = theme(&themes, "Övriga mått");
        assert!(others.hidden.contains(&"Nådda ungdomar".to_owned()));
        assert!(
            others
                .groups
                .iter()
                .all(|group| group.measure.code != "reached")
        );
        let youths = theme(&themes, "Ungdomarna i registret").groups[0]
            .table
            .as_ref()
            .unwrap();
        assert_eq!(youths.left_out, ["Orsak"]);
        // With all hidden there is a report that names everything.
        hide(&mut document, |_, _| true);
        let themes = chosen(&document, Language::English);
        assert!(themes.iter().all(|theme| theme.groups.is_empty()));
        let named: usize = themes.iter().map(|theme| theme.hidden.len()).sum();
        assert_eq!(named, document.measures.len());
    }

    #[test]
    fn a_table_that_is_not_there_is_as_one_that_is_hidden() {
        let mut document = fixture::document();
        document
            .tables
            .retain(|table| table.measure != "dropouts" && table.name != "youthsByArea");
        let themes = chosen(&document, Language::Swedish);
        let dropouts = theme(&themes, "Avbrott och återupptagna studier");
        assert_eq!(dropouts.hidden, ["Avbrott från gymnasieskolan"]);
        assert!(
            dropouts
                .key_figures
                .iter()
                .all(|(_, figure)| figure.is_none())
        );
        let youths = &theme(&themes, "Ungdomarna i registret").groups[0];
        assert_eq!(youths.chart.as_ref().unwrap().name, "youthsByReason");
    }

    #[test]
    fn groups_of_nobody_are_told_in_a_note() {
        let mut document = fixture::document();
        for table in &mut document.tables {
            for cell in &mut table.cells {
                if cell.at == [Some("male".to_owned())] && table.measure == "youths" {
                    cell.value = Some(0);
                }
            }
        }
        let themes = chosen(&document, Language::Swedish);
        let youths = theme(&themes, "Ungdomarna i registret").groups[0]
            .table
            .as_ref()
            .unwrap();
        assert_eq!(youths.nobody, ["Män"]);
        let rows = youths.parts.iter().flat_map(|part| &part.rows);
        assert!(rows.clone().all(|(label, _)| label != "Män"));
    }

    #[test]
    fn every_measure_of_the_catalogue_has_a_place_in_the_plan() {
        let planned: Vec<&str> = PLAN
            .iter()
            .flat_map(|theme| {
                let columns = theme.groups.iter().flat_map(|group| group.columns);
                columns
                    .map(|(code, _)| *code)
                    .chain(theme.singles.iter().copied())
            })
            .collect();
        let catalogue = crate::statistics::measures::MEASURES.iter();
        let codes: Vec<&str> = catalogue.map(|measure| measure.code).collect();
        for code in &codes {
            assert!(planned.contains(code), "{code} has no place");
        }
        for code in planned {
            assert!(codes.contains(&code), "{code} is no measure");
        }
    }
}
