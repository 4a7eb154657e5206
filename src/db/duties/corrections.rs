//! The duty of telling whoever was given something about a youth that it has been objected to, or that its processing is
//! restricted since (GDPR 19), until that has been answered. It is for whoever told last. Whom something was told to from the
//! compartment makes a duty of the compartment, also when the objection stands in the register.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{
    correction_notes, disclosures, processing_restrictions as restrictions,
    protected_correction_notes, protected_disclosures,
};
use crate::db::types::Timestamp;
use crate::domain::consent::inform_by;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Record, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use diesel::prelude::*;

/// What was told from the register.
pub(super) const OPEN: Source = Source {
    kinds: &[TaskKind::InformOfCorrection],
    duties: open_duties,
    met,
};
/// What was told from the compartment.
pub(super) const PROTECTED: Source = Source {
    kinds: &[TaskKind::InformOfCorrection],
    duties: protected_duties,
    met,
};

/// That something was told: of whom, when, by whom.
type Told = (Id<Youth>, Timestamp, Option<Id<User>>);
/// What a recipient must hear of: the note or the restriction, of whom, since when.
type News = (Id<Record>, Id<Youth>, Timestamp);

/// No registered work meets it: who has told them answers the task.
fn met(_: &mut AuditedTx<'_>, _: &[Cause]) -> Result<Vec<Cause>> {
    Ok(Vec::new())
}

macro_rules! told_in {
    ($tx:expr, $ids:expr, $disclosures:ident) => {
        load_of!(
            $tx.conn(),
            $ids,
            $disclosures::youth_id,
            $disclosures::table.order($disclosures::id).select((
                $disclosures::youth_id,
                $disclosures::created_at,
                $disclosures::disclosed_by
            ))
        )
    };
}

macro_rules! objections_in {
    ($tx:expr, $ids:expr, $notes:ident) => {{
        let found: Vec<(Id<crate::domain::id::CorrectionNote>, Id<Youth>, Timestamp)> = load_of!(
            $tx.conn(),
            $ids,
            $notes::youth_id,
            $notes::table.select(($notes::id, $notes::youth_id, $notes::created_at))
        )?;
        found
            .into_iter()
            .map(|(id, youth, at)| (id.cast(), youth, at))
            .collect::<Vec<News>>()
    }};
}

/// Objections of the register, and restrictions that are not lifted.
fn news_of_register(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Vec<News>> {
    let mut news = objections_in!(tx, ids, correction_notes);
    let restricted: Vec<(Id<crate::domain::id::Restriction>, Id<Youth>, Timestamp)> = load_of!(
        tx.conn(),
        ids,
        restrictions::youth_id,
        restrictions::table
            .filter(restrictions::lifted_on.is_null())
            .select((
                restrictions::id,
                restrictions::youth_id,
                restrictions::created_at
            ))
    )?;
    news.extend(
        restricted
            .into_iter()
            .map(|(id, youth, at)| (id.cast(), youth, at)),
    );
    Ok(news)
}

fn open_duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let told: Vec<Told> = told_in!(tx, &bearer_ids(bearers), disclosures)?;
    let ids = youths_of(&told);
    let news = news_of_register(tx, &ids)?;
    Ok(duties(&told, &news, bearers, false))
}

fn protected_duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let told: Vec<Told> = told_in!(tx, &bearer_ids(bearers), protected_disclosures)?;
    let ids = youths_of(&told);
    let mut news = news_of_register(tx, &ids)?;
    news.extend(objections_in!(tx, &ids, protected_correction_notes));
    Ok(duties(&told, &news, bearers, true))
}

fn youths_of(told: &[Told]) -> Vec<Id<Youth>> {
    let mut ids: Vec<Id<Youth>> = told.iter().map(|(youth_id, _, _)| *youth_id).collect();
    ids.dedup();
    ids
}

/// One for each objection or restriction that came after something was told.
fn duties(told: &[Told], news: &[News], bearers: &Bearers, is_of_compartment: bool) -> Vec<Duty> {
    news.iter()
        .filter_map(|(id, youth_id, at)| {
            let (_, _, told_by) = told
                .iter()
                .rfind(|(told_of, told_at, _)| told_of == youth_id && told_at <= at)?;
            let since = on_day(*at);
            Some(Duty {
                kind: TaskKind::InformOfCorrection,
                youth_id: Some(*youth_id),
                unit_id: bearers.get(youth_id)?.unit_id,
                episode_id: None,
                cause_id: *id,
                record_id: *id,
                due_on: inform_by(since),
                opens_on: since,
                ends_on: None,
                responsible_id: *told_by,
                is_of_compartment,
            })
        })
        .collect()
}
