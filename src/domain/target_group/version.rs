//! Which version of the rule applies on a day? What differs between them is decided in `rule`.

use super::codes::RuleVersionCode;
use chrono::NaiveDate;

/// A version of the rule.
pub type RuleVersion = RuleVersionCode;

/// The first day of each version (domain 1.2): SFS 2014:801, SFS 2018:749, Lag 2022:1315.
const VERSIONS: [(Option<NaiveDate>, RuleVersion); 3] = [
    (NaiveDate::from_ymd_opt(2023, 7, 2), RuleVersion::Kaa2023),
    (NaiveDate::from_ymd_opt(2018, 7, 1), RuleVersion::Kaa2018),
    (NaiveDate::from_ymd_opt(2015, 1, 1), RuleVersion::Kaa2015),
];

/// The version of a day; none before 2015-01-01, when the law knew another duty.
pub fn version_on(day: NaiveDate) -> Option<RuleVersion> {
    VERSIONS
        .iter()
        .find(|(from, _)| from.is_some_and(|from| from <= day))
        .map(|(_, version)| *version)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_version_begins_on_its_day() {
        for (day, expected) in [
            ("2014-12-31", None),
            ("2015-01-01", Some(RuleVersion::Kaa2015)),
            ("2018-06-30", Some(RuleVersion::Kaa2015)),
            ("2018-07-01", Some(RuleVersion::Kaa2018)),
            ("2023-07-01", Some(RuleVersion::Kaa2018)),
            ("2023-07-02", Some(RuleVersion::Kaa2023)),
            ("2026-11-24", Some(RuleVersion::Kaa2023)),
        ] {
            assert_eq!(version_on(day.parse().unwrap()), expected, "{day}");
        }
    }
}
