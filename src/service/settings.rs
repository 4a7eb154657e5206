//! What the administrator configures, read and changed as one record. What a setting does stands with the rule that asks it.

use super::form::Form;
use super::{Fields, begin_update};
use crate::db::audited::AuditedTx;
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::education_contract::ContractRules;
use crate::domain::occupation::OccupationRules;
use crate::domain::operation::Resource;
use crate::domain::plan::PlanRules;
use crate::domain::settings::{Settings, is_municipality_code};
use crate::domain::target_group::candidate::TargetGroupRules;
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::access_table::field_names;
use crate::policy::reveal::View;

/// What is told of the record and cannot be set.
const NOT_SETTINGS: &[&str] = &["updatedAt", "version"];

/// The settings in force.
///
/// # Errors
/// 403.
pub fn read_settings(tx: &mut AuditedTx<'_>) -> Result<View> {
    let sealed = settings::load_record(tx)?;
    tx.reveal(&sealed)
}

/// Changes some settings; those not named stay. `null` sets the default again.
///
/// # Errors
/// 403, 412, or 422 with all fields that are wrong.
pub fn update_settings(tx: &mut AuditedTx<'_>, version: i64, patch: Fields) -> Result<View> {
    let sealed = settings::load_record(tx)?;
    let inputs: Vec<&str> = field_names(Resource::Settings)
        .filter(|name| !NOT_SETTINGS.contains(name))
        .collect();
    let (permit, form) = begin_update(tx, &sealed, version, patch, &inputs)?;
    let changed = read(form)?;
    let (mut record, relation) = sealed.into_record();
    record.settings = changed;
    record.updated_at = tx.timestamp();
    record.version += 1;
    settings::update(tx, &permit, &record)?;
    keep_version(tx, &record)?;
    tx.reveal(&crate::policy::reveal::Sealed::new(record, relation))
}

/// The settings of a form that holds all that are not null.
fn read(mut form: Form) -> Result<Settings> {
    let default = Settings::default();
    let municipality_code = form.text("municipalityCode", 4);
    if municipality_code
        .as_deref()
        .is_some_and(|code| !is_municipality_code(code))
    {
        form.wrong("municipalityCode", FieldCode::NotMunicipalityCode);
    }
    let settings = Settings {
        municipality_code,
        preventive_contact_days: days(
            &mut form,
            "preventiveContactDays",
            default.preventive_contact_days,
            60,
        ),
        most_days_deferred: days(
            &mut form,
            "mostDaysDeferred",
            default.most_days_deferred,
            366,
        ),
        occupation: read_occupation(&mut form, default.occupation),
        plan: read_plan(&mut form, default.plan),
        contract: read_contract(&mut form, default.contract),
        target_group: TargetGroupRules {
            outreach_proposal_days: days(
                &mut form,
                "outreachProposalDays",
                default.target_group.outreach_proposal_days,
                365,
            ),
            decision_days: days(
                &mut form,
                "candidateDecisionDays",
                default.target_group.decision_days,
                60,
            ),
        },
    };
    form.finish_with(Some(settings))
}

fn read_occupation(form: &mut Form, default: OccupationRules) -> OccupationRules {
    let mut lapses = |name: &str, default| days(form, name, default, 730);
    OccupationRules {
        work_days: lapses("occupationWorkDays", default.work_days),
        internship_days: lapses("occupationInternshipDays", default.internship_days),
        studies_days: lapses("occupationStudiesDays", default.studies_days),
        other_activity_days: lapses("occupationOtherActivityDays", default.other_activity_days),
        none_days: lapses("occupationNoneDays", default.none_days),
        lapsing_days: lapses("occupationLapsingDays", default.lapsing_days),
    }
}

fn read_plan(form: &mut Form, default: PlanRules) -> PlanRules {
    PlanRules {
        mapping_due_days: days(form, "mappingDueDays", default.mapping_due_days, 365),
        plan_due_days: days(form, "planDueDays", default.plan_due_days, 365),
        letter_before_20_days: days(
            form,
            "letterBefore20Days",
            default.letter_before_20_days,
            365,
        ),
        letter_before_20_due_days: days(
            form,
            "letterBefore20DueDays",
            default.letter_before_20_due_days,
            365,
        ),
    }
}

fn read_contract(form: &mut Form, default: ContractRules) -> ContractRules {
    let mut age = |name: &str, default| {
        form.integer(name, 16..=29)
            .and_then(|years| u32::try_from(years).ok())
            .unwrap_or(default)
    };
    let rules = ContractRules {
        age_from: age("contractAgeFrom", default.age_from),
        age_to: age("contractAgeTo", default.age_to),
    };
    if rules.age_to < rules.age_from {
        let least = format!("{}-29", rules.age_from);
        form.add([FieldError::with(
            "/contractAgeTo",
            FieldCode::OutOfRange,
            least,
        )]);
    }
    rules
}

/// A number of days from 1 to `most`; the default if none is told.
fn days(form: &mut Form, name: &str, default: u32, most: i64) -> u32 {
    form.integer(name, 1..=most)
        .and_then(|days| u32::try_from(days).ok())
        .unwrap_or(default)
}
