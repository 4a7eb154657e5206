//! A release to test with: as many tables as a real one, sums that add up, hidden cells, shares with their parts, two
//! dimensions, goals of every status, and texts by people who mean harm. The people do not exist.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::statistics::document::{
    Activity, Audit, Axis, Category, Division, FORMAT, FigureUnit, Goal, HiddenShare,
    MeasureDefinition, MeasureKind, PeriodOf, ReleaseDocument, Table, TableCell, Words, YearValue,
};
use std::collections::BTreeMap;

/// What nobody of good will calls an area.
pub(super) const HOSTILE: [(&str, &str); 6] = [
    ("formula", "=HYPERLINK(\"http://x\";\"y\")"),
    ("unseen", "\u{200b}+Öster; väster"),
    ("typst", "#read(\"/etc/passwd\")"),
    ("script", "</text><script>alert('å')</script> & \"mer\""),
    ("emoji", "Hallonbergen 🏠\u{0}\u{7} och Ör (Ursvik)"),
    (
        "long",
        "Rissne, Hallonbergen, Ör, Lilla Ursvik, Stora Ursvik, Duvbo, Centrala Sundbyberg, \
         Storskogen, Lilla Alby och Kymlinge-Brotorpsområdetsnordöstraindustrikvarter",
    ),
];

const AREAS: [(&str, &str); 4] = [
    ("rissne", "Rissne"),
    ("duvbo", "Duvbo"),
    ("centrala", "Centrala Sundbyberg"),
    ("other", "Övriga områden"),
];

fn categories(of: &[(&str, &str, &str)]) -> Vec<Category> {
    of.iter()
        .map(|(code, sv, en)| Category {
            code: (*code).to_owned(),
            label: (*sv, *en).into(),
            members: Vec::new(),
        })
        .collect()
}

fn axis(name: &str, label: (&str, &str), of: &[(&str, &str, &str)]) -> Axis {
    Axis {
        name: name.to_owned(),
        label: label.into(),
        categories: categories(of),
        has_sum: true,
    }
}

fn sex() -> Axis {
    let of = [("female", "Kvinnor", "Women"), ("male", "Män", "Men")];
    axis("sex", ("Kön", "Sex"), &of)
}

fn age() -> Axis {
    let of = [
        ("16_17", "16–17 år", "16–17 years"),
        ("18_19", "18–19 år", "18–19 years"),
        ("20_24", "20–24 år", "20–24 years"),
    ];
    axis("ageGroup", ("Åldersgrupp", "Age group"), &of)
}

fn area() -> Axis {
    let of: Vec<(&str, &str, &str)> = AREAS
        .iter()
        .chain(&HOSTILE)
        .map(|(code, label)| (*code, *label, *label))
        .collect();
    let mut axis = axis("area", ("Område", "Area"), &of);
    axis.categories[3].members = vec!["ör".to_owned(), "ursvik".to_owned()];
    axis
}

fn track() -> Axis {
    let of = [
        (
            "kaa",
            "Aktivitetsansvaret (16–19 år)",
            "Activity responsibility (16–19)",
        ),
        (
            "outreach",
            "Uppsökande arbete (20–24 år)",
            "Outreach (20–24)",
        ),
    ];
    axis("track", ("Spår", "Track"), &of)
}

fn reason() -> Axis {
    let of = [
        (
            "only_compulsory",
            "Endast grundskola",
            "Compulsory school only",
        ),
        (
            "dropout_national",
            "Avbrott från nationellt program",
            "Left a national programme",
        ),
        ("study_certificate", "Studiebevis", "Certificate of studies"),
        (
            "introductory",
            "Introduktionsprogram, avbrutet eller avslutat",
            "Introductory programme, left or ended",
        ),
        ("unknown", "Uppgift saknas", "Not known"),
    ];
    axis("reason", ("Orsak", "Reason"), &of)
}

fn destination() -> Axis {
    let of = [
        ("education", "Utbildning", "Education"),
        ("work", "Arbete", "Work"),
        (
            "elsewhere",
            "Arbete eller utbildning på annan ort",
            "Work or education elsewhere",
        ),
        ("turned_20", "Fyllt 20 år", "Turned 20"),
        (
            "moved",
            "Ej längre folkbokförd i kommunen",
            "No longer registered here",
        ),
        ("other", "Annat", "Other"),
    ];
    axis("destination", ("Destination", "Destination"), &of)
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// All places of all axes, the last varying fastest, the sum of an axis before its categories.
fn places(axes: &[Axis]) -> Vec<Vec<Option<String>>> {
    let mut all = vec![Vec::new()];
    for axis in axes {
        let codes: Vec<Option<String>> = std::iter::once(None)
            .chain(
                axis.categories
                    .iter()
                    .map(|category| Some(category.code.clone())),
            )
            .collect();
        all = all
            .iter()
            .flat_map(|before: &Vec<Option<String>>| {
                codes
                    .iter()
                    .map(|code| [before.clone(), vec![code.clone()]].concat())
            })
            .collect();
    }
    all
}

/// A table of counts that add up, with small counts hidden and one more beside each that stands alone.
fn counts(name: &str, measure: &str, title: (&str, &str), axes: Vec<Axis>, total: u64) -> Table {
    let mut chance = Chance(name.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    }));
    let inner: Vec<Vec<Option<String>>> = places(&axes)
        .into_iter()
        .filter(|at| at.iter().all(Option::is_some))
        .collect();
    let mut filled: BTreeMap<Vec<Option<String>>, u64> =
        inner.iter().map(|at| (at.clone(), 0)).collect();
    for _ in 0..total {
        let low = chance
            .below(inner.len() as u64)
            .min(chance.below(inner.len() as u64));
        *filled.get_mut(&inner[low as usize]).unwrap() += 1;
    }
    let cells = places(&axes)
        .into_iter()
        .map(|at| {
            let count: u64 = filled
                .iter()
                .filter(|(full, _)| {
                    at.iter()
                        .zip(*full)
                        .all(|(place, own)| place.is_none() || place == own)
                })
                .map(|(_, count)| count)
                .sum();
            let is_hidden = (1..5).contains(&count);
            TableCell {
                at,
                value: (!is_hidden).then_some(count as i64),
                is_hidden,
                numerator: None,
                denominator: None,
            }
        })
        .collect();
    let mut table = Table {
        name: name.to_owned(),
        measure: measure.to_owned(),
        title: title.into(),
        unit: FigureUnit::Persons,
        decimals: 0,
        axes,
        cells,
    };
    let hidden = table.cells.iter().filter(|cell| cell.is_hidden).count();
    let inner = table
        .cells
        .iter_mut()
        .filter(|cell| cell.at.iter().all(Option::is_some));
    if let (1, Some(cell)) = (
        hidden,
        inner
            .filter(|cell| !cell.is_hidden)
            .min_by_key(|cell| cell.value),
    ) {
        cell.value = None;
        cell.is_hidden = true;
    }
    table
}

/// A table of shares of a table of counts.
fn shares(name: &str, measure: &str, title: (&str, &str), of: &Table) -> Table {
    let mut chance = Chance(99);
    let mut table = of.clone();
    name.clone_into(&mut table.name);
    measure.clone_into(&mut table.measure);
    table.title = title.into();
    table.unit = FigureUnit::Percent;
    table.decimals = 1;
    for axis in &mut table.axes {
        axis.has_sum = false;
    }
    for cell in &mut table.cells {
        cell.denominator = cell.value;
        match cell.value {
            Some(0) => {
                cell.value = None;
                cell.numerator = Some(0);
            }
            Some(denominator) => {
                let numerator = denominator * (35 + chance.below(50) as i64) / 100;
                cell.numerator = Some(numerator);
                cell.value = Some((numerator * 2000 / denominator + 1) / 2);
            }
            None => {}
        }
    }
    table
}

fn measure(
    code: &str,
    kind: MeasureKind,
    unit: FigureUnit,
    title: (&str, &str),
) -> MeasureDefinition {
    let is_share = matches!(kind, MeasureKind::Share | MeasureKind::Mean);
    MeasureDefinition {
        code: code.to_owned(),
        version: 1,
        kind,
        unit,
        title: title.into(),
        definition: Words {
            sv: format!(
                "{} som någon dag under perioden hade en öppen period i registret, oavsett spår. Var och en räknas en gång även om hon eller han har haft flera perioder.",
                title.0
            ),
            en: format!(
                "{} who on any day of the period had an open episode in the register, whichever the track. Everybody is counted once, even with several episodes.",
                title.1
            ),
        },
        numerator: (
            "Ungdomar med minst ett erbjudande om insats vid periodens slut.",
            "Youths with at least one offer of an intervention by the end of the period.",
        )
            .into(),
        denominator: is_share.then(|| {
            (
                "Alla ungdomar i registret någon dag under perioden.",
                "All youths in the register on any day of the period.",
            )
                .into()
        }),
        period_logic: (
            "Dagarna från periodens första till och med dess sista.",
            "The days from the first of the period to its last.",
        )
            .into(),
        breakdowns: ["sex", "ageGroup", "area", "track", "reason"]
            .map(str::to_owned)
            .to_vec(),
        source: is_share.then(|| {
            (
                "Plan för unga 16–25, mål 2.",
                "Plan for the young 16–25, goal 2.",
            )
                .into()
        }),
    }
}

fn goal(title: &str, unit: &str, decimals: u8, series: &[(i32, i64)], target: (i32, i64)) -> Goal {
    let year_value = |(year, value): &(i32, i64)| YearValue {
        year: *year,
        value: *value,
    };
    Goal {
        title: title.to_owned(),
        plan: Some("Plan för unga 16–25 år i Sundbyberg".to_owned()),
        indicator: "Andel av ungdomarna i registret som har erbjudits en insats".to_owned(),
        unit: unit.to_owned(),
        owner: Some("Social- och arbetsmarknadsförvaltningen".to_owned()),
        decimals,
        baseline: series.first().map(year_value),
        target: year_value(&target),
        series: series.iter().map(year_value).collect(),
        shall_rise: series.first().is_none_or(|first| first.1 < target.1),
        ahead_of_path: None,
        status: ("", "").into(),
        status_code: String::new(),
        activities: Vec::new(),
    }
}

fn goals() -> Vec<Goal> {
    let mut offered = goal(
        "Alla ungdomar i aktivitetsansvaret ska erbjudas en insats inom en månad",
        "procent",
        1,
        &[(2022, 480), (2023, 535), (2024, 590), (2025, 640)],
        (2028, 900),
    );
    offered.ahead_of_path = Some(-25);
    offered.status = (
        "64,0 procent 2025 är 2,5 procentenheter sämre än vägen mot målet.",
        "64.0 per cent in 2025 is 2.5 percentage points worse than the path to the target.",
    )
        .into();
    offered.status_code = "behind".to_owned();
    offered.activities = vec![
        Activity {
            title: "Uppsökande verksamhet tillsammans med fältarna, två kvällar i veckan".to_owned(),
            responsible: "Unga vuxna".to_owned(),
            status_code: "ongoing".to_owned(),
            status: ("Pågående", "Ongoing").into(),
            forecast: Some("Beräknas nå 40 ungdomar till under hösten. Två ambassadörer slutar i augusti, vilket påverkar antalet kvällar.".to_owned()),
            remedy: Some("Rekrytering pågår; tills dess går teamets konsulenter ut. =SUM(A1:A9) och #read(\"x\") är bara text.".to_owned()),
            followed_up_on: "2026-04-28".parse().ok(),
        },
        Activity {
            title: "Ungdomsmottagning med drop-in".to_owned(),
            responsible: "Kultur- och fritidsförvaltningen".to_owned(),
            status_code: "not_begun".to_owned(),
            status: ("Ej påbörjad", "Not begun").into(),
            forecast: None,
            remedy: None,
            followed_up_on: None,
        },
        Activity {
            title: "=cmd|'/c calc'!A1".to_owned(),
            responsible: "Gymnasieenheten".to_owned(),
            status_code: "done".to_owned(),
            status: ("Klar", "Done").into(),
            forecast: Some("x".repeat(300)),
            remedy: Some("Lång text. ".repeat(60)),
            followed_up_on: "2026-05-02".parse().ok(),
        },
    ];
    let mut unemployment = goal(
        "Arbetslösheten bland 18–24-åringar ska vara lägre än i riket",
        "procent",
        1,
        &[
            (2019, 92),
            (2020, 131),
            (2021, 118),
            (2023, 101),
            (2024, 97),
        ],
        (2027, 60),
    );
    unemployment.ahead_of_path = Some(3);
    unemployment.status = ("9,7 procent 2024 är 0,3 procentenheter bättre än vägen mot målet. Värde för 2022 och 2025 saknas.", "9.7 per cent in 2024 is 0.3 percentage points better than the path to the target. No value for 2022 and 2025.").into();
    unemployment.status_code = "ahead".to_owned();
    let mut resumed = goal(
        "Fler som har avbrutit gymnasiet ska återuppta studierna",
        "personer",
        0,
        &[(2024, 31), (2025, 47)],
        (2026, 45),
    );
    resumed.ahead_of_path = Some(9);
    resumed.status = (
        "Målet är nått: 47 personer 2025.",
        "The target is reached: 47 persons in 2025.",
    )
        .into();
    resumed.status_code = "reached".to_owned();
    let mut empty = goal(
        "Behörighet till gymnasiet efter årskurs 9, ett mål med ett mycket långt namn som får plats på flera rader och ändå går att läsa <b>utan</b> \"märkning\"",
        "procent",
        1,
        &[],
        (2027, 950),
    );
    empty.plan = None;
    empty.owner = None;
    empty.status = ("Det finns inga värden.", "There are no values.").into();
    empty.status_code = "no_data".to_owned();
    vec![offered, unemployment, resumed, empty]
}

/// The release.
pub(super) fn document() -> ReleaseDocument {
    let divided: [(&str, &str, &str, Axis); 5] = [
        ("BySex", "efter kön", "by sex", sex()),
        ("ByAgeGroup", "efter åldersgrupp", "by age group", age()),
        ("ByArea", "efter område", "by area", area()),
        ("ByTrack", "efter spår", "by track", track()),
        ("ByReason", "efter orsak", "by reason", reason()),
    ];
    let mut tables = Vec::new();
    for (code, sv, en, total) in [
        (
            "youths",
            "Ungdomar i registret",
            "Youths in the register",
            1412,
        ),
        ("reached", "Nådda ungdomar", "Youths reached", 311),
        (
            "offered",
            "Ungdomar som har erbjudits en insats",
            "Youths offered an intervention",
            204,
        ),
        (
            "dropouts",
            "Avbrott från gymnasieskolan",
            "Dropouts from upper secondary school",
            38,
        ),
    ] {
        for (by, by_sv, by_en, axis) in &divided {
            let title = (format!("{sv} {by_sv}"), format!("{en} {by_en}"));
            let title = (title.0.as_str(), title.1.as_str());
            tables.push(counts(
                &format!("{code}{by}"),
                code,
                title,
                vec![axis.clone()],
                total,
            ));
        }
    }
    for table in &tables.clone()[..5] {
        let name = table.name.replacen("youths", "offeredShare", 1);
        let by = table
            .title
            .sv
            .replacen("Ungdomar i registret", "Andel erbjudna en insats", 1);
        let by_en =
            table
                .title
                .en
                .replacen("Youths in the register", "Share offered an intervention", 1);
        tables.push(shares(&name, "offeredShare", (&by, &by_en), table));
    }
    tables.push(counts(
        "exitsByDestinationAndSex",
        "exits",
        (
            "Avslut efter destination och kön",
            "Exits by destination and sex",
        ),
        vec![destination(), sex()],
        171,
    ));
    tables.push(counts(
        "areaExitsByAreaAndDestination",
        "areaExits",
        (
            "Avslut efter område och destination",
            "Exits by area and destination",
        ),
        vec![area(), destination()],
        402,
    ));
    tables.push(counts(
        "interventionsByReasonAndArea",
        "interventions",
        (
            "Insatser efter orsak och område",
            "Interventions by reason and area",
        ),
        vec![reason(), area()],
        402,
    ));
    tables.push(counts(
        "accountsBySexAgeAndTrack",
        "accounts",
        (
            "Samtal efter kön, åldersgrupp och spår",
            "Talks by sex, age group and track",
        ),
        vec![sex(), age(), track()],
        402,
    ));
    let mut cost = counts(
        "costPerParticipant",
        "costPerParticipant",
        ("Kostnad per deltagare", "Cost per participant"),
        Vec::new(),
        0,
    );
    cost.unit = FigureUnit::Kronor;
    cost.cells[0].value = Some(48_230);
    tables.push(cost);
    let mut days = counts(
        "daysToOffer",
        "daysToOffer",
        ("Dagar till första erbjudandet", "Days to the first offer"),
        Vec::new(),
        0,
    );
    days.unit = FigureUnit::Days;
    days.cells[0].value = None;
    days.cells[0].is_hidden = true;
    tables.push(days);
    let mut none = counts(
        "sustained",
        "sustained",
        (
            "Kvar i arbete eller studier efter sex månader",
            "Still in work or studies after six months",
        ),
        vec![sex()],
        0,
    );
    for cell in &mut none.cells {
        cell.value = None;
        cell.is_hidden = true;
    }
    tables.push(none);
    let cells = tables.iter().map(|table| table.cells.len() as u64).sum();
    let hidden = tables
        .iter()
        .flat_map(|table| &table.cells)
        .filter(|cell| cell.is_hidden)
        .count() as u64;
    ReleaseDocument {
        format: FORMAT,
        period: PeriodOf {
            code: "tertial_1".to_owned(),
            label: ("Tertial 1 2026", "First four months of 2026").into(),
            year: 2026,
            first_day: "2026-01-01".parse().unwrap(),
            last_day: "2026-04-30".parse().unwrap(),
        },
        counted_at: "2026-05-04T08:15:00Z".parse().unwrap(),
        threshold: 5,
        hidden: HiddenShare { hidden, cells },
        measures: vec![
            measure("youths", MeasureKind::Count, FigureUnit::Persons, ("Ungdomar i registret", "Youths in the register")),
            measure("reached", MeasureKind::Count, FigureUnit::Persons, ("Nådda ungdomar", "Youths reached")),
            measure("offered", MeasureKind::Count, FigureUnit::Persons, ("Ungdomar som har erbjudits en insats", "Youths offered an intervention")),
            measure("dropouts", MeasureKind::Count, FigureUnit::Persons, ("Avbrott från gymnasieskolan", "Dropouts from upper secondary school")),
            measure("offeredShare", MeasureKind::Share, FigureUnit::Percent, ("Andel erbjudna en insats", "Share offered an intervention")),
            measure("exits", MeasureKind::Count, FigureUnit::Persons, ("Avslut", "Exits")),
            measure("areaExits", MeasureKind::Count, FigureUnit::Persons, ("Avslut i stadsdelarna", "Exits in the areas")),
            measure("interventions", MeasureKind::Count, FigureUnit::Interventions, ("Insatser", "Interventions")),
            measure("accounts", MeasureKind::Count, FigureUnit::Contacts, ("Samtal", "Talks")),
            measure("costPerParticipant", MeasureKind::Mean, FigureUnit::Kronor, ("Kostnad per deltagare", "Cost per participant")),
            measure("daysToOffer", MeasureKind::Median, FigureUnit::Days, ("Dagar till första erbjudandet", "Days to the first offer")),
            measure("sustained", MeasureKind::Count, FigureUnit::Checks, ("Kvar i arbete eller studier efter sex månader", "Still in work or studies after six months")),
        ],
        divisions: [sex(), age(), area(), track(), reason()]
            .into_iter()
            .map(|axis| Division { name: axis.name, label: axis.label, categories: axis.categories })
            .collect(),
        tables,
        audit: Audit { narrowest: Some(4) },
        goals: goals(),
        notes: vec![
            ("Personer med skyddade personuppgifter ingår inte i någon tabell.", "Persons with protected personal data are not in any table.").into(),
            ("Åldern är den som ungdomen hade första dagen i registret under perioden.", "Age is that on the youth's first day in the register within the period.").into(),
            ("Området är det som registret har nu. Grupper med för få ungdomar redovisas tillsammans.", "Area is that of the register now. Groups with too few youths are shown together.").into(),
        ],
    }
}

/// What its cover says.
pub(super) fn title_page() -> super::TitlePage {
    super::TitlePage {
        municipality: "Sundbybergs stad".to_owned(),
        number: 7,
        made_at: "2026-05-04T08:15:42Z".parse().unwrap(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    }
}

/// The release of a municipality that has just begun: nothing to tell, and no goals.
pub(super) fn empty() -> ReleaseDocument {
    let mut document = document();
    document.tables.clear();
    document.measures.clear();
    document.divisions.clear();
    document.goals.clear();
    document.notes.clear();
    document.hidden = HiddenShare {
        hidden: 0,
        cells: 0,
    };
    document
}

#[test]
fn the_release_keeps_its_form() {
    let document = document();
    let text = serde_json::to_string(&document).unwrap();
    let read: ReleaseDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(read, document);
    assert!(document.tables.len() >= 25, "{}", document.tables.len());
}

/// Writes all forms of the release to the folder that `KAA_REPORT_FOLDER` names, to be looked at.
#[test]
fn all_forms_to_look_at() {
    use crate::error::Language;
    let Some(folder) = std::env::var_os("KAA_REPORT_FOLDER").map(std::path::PathBuf::from) else {
        return;
    };
    let document = document();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    for (language, tag) in [(Language::Swedish, "sv"), (Language::English, "en")] {
        let json = serde_json::to_vec_pretty(&super::to_json(&document, language)).unwrap();
        write(&format!("{tag}.json"), &json);
        write(
            &format!("{tag}.csv"),
            &super::to_csv(&document, language).unwrap(),
        );
        write(
            &format!("{tag}.xlsx"),
            &super::to_xlsx(&document, language, &title_page()).unwrap(),
        );
        #[cfg(feature = "report")]
        write(
            &format!("{tag}.pdf"),
            &super::to_pdf(&document, language, &title_page()).unwrap(),
        );
        for name in super::chart_names(&document) {
            let svg = super::chart_svg(&document, &name, language).unwrap();
            write(&format!("{tag}-{name}.svg"), svg.as_bytes());
        }
    }
}
