//! What the claims of a token mean here: which one names the person, which one gives the role, and what says that the
//! provider has asked for a second factor. Nothing is granted by default: a claim that maps to no role gives none.

use crate::domain::id::{Id, Unit};
use crate::domain::user::Role;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What the operator has told of the claims.
#[derive(Debug, Clone, Default)]
pub struct ClaimRules {
    /// The claim that is compared with user names, at the first sign-in of a person only.
    pub username: String,
    /// Which claim gives the role; without it roles are given by the administrator.
    pub roles: Option<RoleRules>,
    /// Methods (`amr`, RFC 8176) of which one is enough for a second factor.
    pub factor_methods: Vec<String>,
    /// Classes (`acr`) of which one is enough for a second factor; they are also asked for.
    pub factor_classes: Vec<String>,
}

/// How a claim gives a role.
#[derive(Debug, Clone)]
pub struct RoleRules {
    /// The claim: a text or a list of texts.
    pub claim: String,
    /// What its values mean.
    pub mapping: Vec<RoleMapping>,
}

/// What a value of the claim means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleMapping {
    /// The value, exactly.
    pub value: String,
    /// The role.
    pub role: Role,
    /// The unit, for roles that have one.
    #[serde(default)]
    pub unit_id: Option<Id<Unit>>,
}

impl RoleRules {
    /// Whether the mapping can be used.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), &'static str> {
        let values: std::collections::BTreeSet<&str> =
            self.mapping.iter().map(|row| row.value.as_str()).collect();
        if self.mapping.is_empty() {
            return Err("no value is mapped");
        }
        if values.len() != self.mapping.len() || values.contains("") {
            return Err("each value stands once and is not empty");
        }
        let is_right = |row: &RoleMapping| row.role.has_unit() == row.unit_id.is_some();
        if !self.mapping.iter().all(is_right) {
            return Err(
                "a unitId is required for every role but administrator and loggranskare, which have none",
            );
        }
        Ok(())
    }

    fn mapped(&self, claims: &Map<String, Value>) -> Mapped {
        let values = texts(claims.get(&self.claim));
        let mut found = self
            .mapping
            .iter()
            .filter(|row| values.contains(&row.value.as_str()))
            .map(|row| (row.role, row.unit_id));
        let Some(first) = found.next() else {
            return Mapped::Nothing;
        };
        if found.any(|other| other != first) {
            return Mapped::Several;
        }
        Mapped::One(first.0, first.1)
    }
}

/// What the claim of roles comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapped {
    /// Claims give no roles here.
    NotAsked,
    /// One role, in one unit if it has one.
    One(Role, Option<Id<Unit>>),
    /// No value means a role.
    Nothing,
    /// The values mean more than one, and nobody has two.
    Several,
}

/// Who somebody is, as the provider has proved it.
#[derive(Debug, Clone)]
pub struct Proven {
    /// By whom.
    pub issuer: String,
    /// Who, to the provider; never given to anybody else there.
    pub subject: String,
    /// What the configured claim says; compared with user names at the first sign-in only.
    pub username: Option<String>,
    /// What they are called.
    pub name: Option<String>,
    /// What the claim of roles comes to.
    pub role: Mapped,
    /// Whether the provider has asked for a second factor.
    pub has_factor: bool,
}

impl ClaimRules {
    /// Who the claims of a verified token are about. `None` without a subject.
    pub fn proven(&self, issuer: &str, claims: &Map<String, Value>) -> Option<Proven> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let subject = text("sub").filter(|sub| (1..=255).contains(&sub.len()))?;
        let methods = texts(claims.get("amr"));
        let class = text("acr").unwrap_or_default();
        let has_factor = self
            .factor_methods
            .iter()
            .any(|method| methods.contains(&method.as_str()))
            || self.factor_classes.iter().any(|known| known == class);
        Some(Proven {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            username: text(&self.username).map(str::to_owned),
            name: text("name").map(str::to_owned),
            role: self
                .roles
                .as_ref()
                .map_or(Mapped::NotAsked, |rules| rules.mapped(claims)),
            has_factor,
        })
    }
}

/// A text, or the texts of a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn rules() -> ClaimRules {
        let unit = Id::<Unit>::fresh();
        let mapping = json!([
            {"value": "kaa-syv", "role": "syv", "unitId": unit},
            {"value": "kaa-syv-vikarie", "role": "syv", "unitId": unit},
            {"value": "kaa-admin", "role": "administrator"},
        ]);
        ClaimRules {
            username: "login".to_owned(),
            roles: Some(RoleRules {
                claim: "groups".to_owned(),
                mapping: serde_json::from_value(mapping).unwrap(),
            }),
            factor_methods: vec!["mfa".to_owned(), "hwk".to_owned()],
            factor_classes: vec!["loa3".to_owned()],
        }
    }

    fn proven(claims: Value) -> Option<Proven> {
        rules().proven("https://a.example", claims.as_object().unwrap())
    }

    #[test]
    fn a_claim_gives_the_one_role_that_it_means_and_none_by_default() {
        let role = |groups: Value| proven(json!({"sub": "1", "groups": groups})).unwrap().role;
        assert!(matches!(
            role(json!("kaa-syv")),
            Mapped::One(Role::Syv, Some(_))
        ));
        let both = json!(["other", "kaa-syv", "kaa-syv-vikarie"]);
        assert!(matches!(role(both), Mapped::One(Role::Syv, Some(_))));
        assert_eq!(
            role(json!(["kaa-admin"])),
            Mapped::One(Role::Administrator, None)
        );
        assert_eq!(role(json!(["kaa-syv", "kaa-admin"])), Mapped::Several);
        for none in [
            json!(null),
            json!([]),
            json!(""),
            json!("KAA-SYV"),
            json!("kaa-syv "),
            json!({"kaa-syv": 1}),
            json!([["kaa-syv"]]),
            json!(true),
        ] {
            assert_eq!(role(none.clone()), Mapped::Nothing, "{none}");
        }
        assert_eq!(proven(json!({"sub": "1"})).unwrap().role, Mapped::Nothing);
        let without = ClaimRules::default();
        let claims = json!({"sub": "1", "role": "administrator"});
        let read = without.proven("x", claims.as_object().unwrap()).unwrap();
        assert_eq!((read.role, read.has_factor), (Mapped::NotAsked, false));
    }

    #[test]
    fn a_second_factor_is_only_what_the_operator_calls_one() {
        let has = |claims: Value| proven(claims).unwrap().has_factor;
        assert!(has(json!({"sub": "1", "amr": ["pwd", "mfa"]})));
        assert!(has(json!({"sub": "1", "acr": "loa3"})));
        for without in [
            json!({"sub": "1"}),
            json!({"sub": "1", "amr": ["pwd"]}),
            json!({"sub": "1", "amr": "MFA"}),
            json!({"sub": "1", "acr": "mfa"}),
            json!({"sub": "1", "amr": ["loa3"]}),
            json!({"sub": "1", "acr": ["loa3"]}),
        ] {
            assert!(!has(without.clone()), "{without}");
        }
        // Nothing configured: an absent class is not equal to nothing.
        let none = ClaimRules::default();
        let read = none.proven("x", json!({"sub": "1", "acr": ""}).as_object().unwrap());
        assert!(!read.unwrap().has_factor);
    }

    #[test]
    fn nobody_is_proven_without_a_subject() {
        for claims in [
            json!({}),
            json!({"sub": ""}),
            json!({"sub": 7}),
            json!({"sub": "x".repeat(256)}),
        ] {
            assert!(proven(claims).is_none());
        }
    }

    #[test]
    fn a_mapping_that_would_surprise_is_refused() {
        let check = |mapping: Value| {
            let mapping = serde_json::from_value::<Vec<RoleMapping>>(mapping).unwrap();
            RoleRules {
                claim: "groups".to_owned(),
                mapping,
            }
            .check()
        };
        assert_eq!(rules().roles.unwrap().check(), Ok(()));
        for wrong in [
            json!([]),
            json!([{"value": "a", "role": "syv"}]),
            json!([{"value": "a", "role": "administrator", "unitId": Id::<Unit>::fresh()}]),
            json!([{"value": "", "role": "administrator"}]),
            json!([{"value": "a", "role": "administrator"}, {"value": "a", "role": "loggranskare"}]),
        ] {
            assert!(check(wrong.clone()).is_err(), "{wrong}");
        }
        let unknown = json!([{"value": "a", "role": "root"}]);
        assert!(serde_json::from_value::<Vec<RoleMapping>>(unknown).is_err());
    }
}
