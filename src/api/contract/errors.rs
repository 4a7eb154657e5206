//! Which errors an operation can give: what follows from its route and its rights, and what its chapter adds.
//! The errors themselves stand in `error`.

use super::chapters::Described;
use crate::api::routes::{Accepts, Route};
use crate::domain::operation::Effect;
use crate::domain::restriction::stands_still;
use crate::domain::user::Actor;
use crate::error::{ErrorCode, Language};
use crate::policy::decide::{Decision, decide_deed, is_open_without_factor};

/// Whether an operation is open to whoever has not signed in.
pub fn is_public(route: &Route) -> bool {
    decide_deed(&Actor::Anonymous, route.operation) == Decision::Allow
}

/// Whether a request counts once per `Idempotency-Key`.
pub fn counts_once(route: &Route) -> bool {
    route.method.is_post() && route.operation.effect() == Effect::Change && !is_public(route)
}

/// Every error that an operation can give, in the order of their statuses.
pub fn errors_of(route: &Route, described: Option<&Described>) -> Vec<ErrorCode> {
    let has_body = route.accepts != Accepts::Nothing;
    let has_fields = matches!(route.accepts, Accepts::Json | Accepts::MergePatch);
    let has_parameters = route.is_list() || described.is_some_and(|d| !d.query.is_empty());
    let tells_version = route.needs_version || described.is_some_and(|d| d.may_tell_version);
    let own = described.map_or(&[][..], |d| d.errors);
    let is_possible = |code: ErrorCode| {
        own.contains(&code)
            || match code {
                // A body where none belongs cannot be read either, nor a header that stands twice.
                ErrorCode::MalformedBody | ErrorCode::InvalidParameter => true,
                ErrorCode::Unauthenticated | ErrorCode::Forbidden => !is_public(route),
                ErrorCode::SecondFactorMissing => {
                    !is_public(route) && !is_open_without_factor(route.operation)
                }
                ErrorCode::ForbiddenField => !is_public(route) && (has_fields || has_parameters),
                ErrorCode::NotFound => route.path.contains('{'),
                ErrorCode::YouthMerged => route.path.contains("{youthId}"),
                ErrorCode::RequestTimeout
                | ErrorCode::BodyTooLarge
                | ErrorCode::UnsupportedMediaType => has_body,
                ErrorCode::StaleVersion | ErrorCode::VersionRequired => tells_version,
                ErrorCode::ValidationFailed => has_fields,
                ErrorCode::ProcessingRestricted => stands_still(route.operation),
                ErrorCode::TooManyRequests => route.operation.burden().is_some(),
                ErrorCode::IdempotencyKeyReused => counts_once(route),
                ErrorCode::UnreadableFile => route.accepts == Accepts::Roster,
                ErrorCode::UnreadableValues => route.accepts == Accepts::Values,
                ErrorCode::Internal | ErrorCode::Busy => true,
                _ => false,
            }
    };
    let mut codes: Vec<ErrorCode> = ErrorCode::ALL
        .iter()
        .copied()
        .filter(|code| is_possible(*code))
        .collect();
    codes.sort_by_key(|code| code.status());
    codes
}

/// The errors by status.
pub fn by_status(codes: &[ErrorCode]) -> Vec<(u16, Vec<ErrorCode>)> {
    let mut statuses: Vec<(u16, Vec<ErrorCode>)> = Vec::new();
    for code in codes {
        match statuses
            .iter_mut()
            .find(|(known, _)| *known == code.status())
        {
            Some((_, codes)) => codes.push(*code),
            None => statuses.push((code.status(), vec![*code])),
        }
    }
    statuses
}

/// What an answer with these errors means.
pub fn meaning(codes: &[ErrorCode], language: Language) -> String {
    match codes {
        [only] => only.title(language).to_owned(),
        several => several
            .iter()
            .map(|code| format!("- `{}`: {}", code.code(), code.title(language)))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
