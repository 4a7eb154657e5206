//! What the administrator configures, read and changed as one record. What a setting does stands with the rule that asks it.

use super::form::Form;
use super::{Fields, begin_update};
use crate::db::audited::AuditedTx;
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::audit_retention::{LEAST_MONTHS, MOST_MONTHS};
use crate::domain::codes::Code;
use crate::domain::consent::RecipientKind;
use crate::domain::contact_ladder::{
    LadderRules, LadderStep, MOST_STAFF, MOST_STEPS, check_ladder,
};
use crate::domain::education_contract::ContractRules;
use crate::domain::log_review::SampleRules;
use crate::domain::occupation::OccupationRules;
use crate::domain::operation::Resource;
use crate::domain::outcome::{MOST_CHECKS, MOST_MONTHS as MOST_OUTCOME_MONTHS, OutcomeRules};
use crate::domain::placement::PlacementRules;
use crate::domain::plan::PlanRules;
use crate::domain::retention::{
    DisposalClass, LONGEST_REFERENCE, MOST_MONTHS as MOST_RETENTION_MONTHS, RetentionPolicy,
    check_policies,
};
use crate::domain::secrecy::RecipientRegime;
use crate::domain::sensitive_terms::{Term, WrittenTerm};
use crate::domain::settings::{LONGEST_MUNICIPALITY_NAME, Settings, is_municipality_code};
use crate::domain::target_group::candidate::TargetGroupRules;
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::access_table::field_names;
use crate::policy::reveal::View;
use chrono::NaiveDate;

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
    let changed = read(form, tx.today())?;
    let (mut record, relation) = sealed.into_record();
    record.settings = changed;
    record.updated_at = tx.timestamp();
    record.version += 1;
    settings::update(tx, &permit, &record)?;
    keep_version(tx, &record)?;
    tx.reveal(&crate::policy::reveal::Sealed::new(record, relation))
}

/// The settings of a form that holds all that are not null.
fn read(mut form: Form, today: NaiveDate) -> Result<Settings> {
    let default = Settings::default();
    let municipality_code = form.text("municipalityCode", 4);
    if municipality_code
        .as_deref()
        .is_some_and(|code| !is_municipality_code(code))
    {
        form.wrong("municipalityCode", FieldCode::NotMunicipalityCode);
    }
    let municipality_name = form.text("municipalityName", LONGEST_MUNICIPALITY_NAME);
    let consent_days = days(
        &mut form,
        "consentDays",
        default.consent_days,
        MOST_CONSENT_DAYS,
    );
    let own_secrecy_regime = form
        .code("ownSecrecyRegime")
        .unwrap_or(default.own_secrecy_regime);
    let recipient_regimes = form.list("recipientRegimes", RecipientKind::ALL.len(), read_regime);
    let sensitive_terms = form.list("sensitiveTerms", MOST_TERMS, read_term);
    let second_factor_roles = form.codes("secondFactorRoles").unwrap_or_default();
    let audit_retention_months = form
        .integer(
            "auditRetentionMonths",
            LEAST_MONTHS.into()..=MOST_MONTHS.into(),
        )
        .and_then(|months| u32::try_from(months).ok());
    let retention_policies = form
        .list("retentionPolicies", DisposalClass::ALL.len(), read_policy)
        .unwrap_or_default();
    if form.is_sound() {
        form.add(check_policies(&retention_policies, today));
    }
    let settings = Settings {
        retention_policies,
        audit_retention_months,
        second_factor_roles,
        extract_names_readers: form
            .boolean("extractNamesReaders")
            .unwrap_or(default.extract_names_readers),
        national_file_days: days(
            &mut form,
            "nationalFileDays",
            default.national_file_days,
            90,
        ),
        consent_days,
        own_secrecy_regime,
        recipient_regimes: recipient_regimes.unwrap_or(default.recipient_regimes),
        sensitive_terms: sensitive_terms.unwrap_or(default.sensitive_terms),
        municipality_code,
        municipality_name,
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
        ladder: read_ladder(&mut form, default.ladder),
        occupation: read_occupation(&mut form, default.occupation),
        outcome: read_outcome(&mut form, default.outcome),
        resumption_months: form
            .integer("resumptionMonths", 1..=MOST_OUTCOME_MONTHS.into())
            .and_then(|months| u32::try_from(months).ok())
            .unwrap_or(default.resumption_months),
        plan: read_plan(&mut form, default.plan),
        placement: read_placement(&mut form, default.placement),
        contract: read_contract(&mut form, default.contract),
        sample: read_sample(&mut form, default.sample),
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

fn read_ladder(form: &mut Form, default: LadderRules) -> LadderRules {
    let steps = form.list("contactLadder", MOST_STEPS, read_step);
    let rules = LadderRules {
        contact_ladder: steps.unwrap_or(default.contact_ladder),
        ladder_pause_days: days(form, "ladderPauseDays", default.ladder_pause_days, 366),
        declined_retry_days: days(form, "declinedRetryDays", default.declined_retry_days, 366),
    };
    form.add(check_ladder(&rules.contact_ladder));
    rules
}

fn read_step(item: &mut Form) -> Option<LadderStep> {
    let channel = item.code("channel");
    let channel = item.require("channel", channel);
    let after_days = item.integer("afterDays", 1..=366);
    let after_days = item.require("afterDays", after_days);
    let staff = item.integer("staff", 1..=MOST_STAFF.into()).unwrap_or(1);
    Some(LadderStep {
        channel: channel?,
        after_days: u32::try_from(after_days?).ok()?,
        staff: u32::try_from(staff).ok()?,
    })
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

fn read_outcome(form: &mut Form, default: OutcomeRules) -> OutcomeRules {
    const NAME: &str = "outcomeCheckMonths";
    let range = 1..=i64::from(MOST_OUTCOME_MONTHS);
    let months = form.integers(NAME, MOST_CHECKS, range);
    let months = months.map(|months| {
        let mut months: Vec<u32> = months
            .into_iter()
            .filter_map(|months| u32::try_from(months).ok())
            .collect();
        months.sort_unstable();
        months.dedup();
        months
    });
    OutcomeRules {
        outcome_check_months: months.unwrap_or(default.outcome_check_months),
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

fn read_placement(form: &mut Form, default: PlacementRules) -> PlacementRules {
    PlacementRules {
        first_follow_up_days: days(
            form,
            "placementFirstFollowUpDays",
            default.first_follow_up_days,
            365,
        ),
        follow_up_every_days: days(
            form,
            "placementFollowUpEveryDays",
            default.follow_up_every_days,
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

fn read_sample(form: &mut Form, default: SampleRules) -> SampleRules {
    let is_closed_on_eves = form
        .boolean("officeClosedOnEves")
        .unwrap_or(default.is_closed_on_eves);
    let mut number = |name: &str, range, default| {
        form.integer(name, range)
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(default)
    };
    let rules = SampleRules {
        random_rows: number("logReviewRandomRows", 1..=500, default.random_rows),
        targeted_rows: number("logReviewTargetedRows", 1..=500, default.targeted_rows),
        office_from: number("officeHoursFrom", 0..=23, default.office_from),
        office_to: number("officeHoursTo", 1..=24, default.office_to),
        is_closed_on_eves,
    };
    if rules.office_to <= rules.office_from {
        let bound = format!("{}-24", rules.office_from + 1);
        form.add([FieldError::with(
            "/officeHoursTo",
            FieldCode::OutOfRange,
            bound,
        )]);
    }
    rules
}

/// A consent holds for three years at most.
const MOST_CONSENT_DAYS: i64 = 3 * 365;
/// Words of the list of sensitive ones.
const MOST_TERMS: usize = 2_000;

fn read_regime(item: &mut Form) -> Option<RecipientRegime> {
    let recipient_kind = item.code("recipientKind");
    let recipient_kind = item.require("recipientKind", recipient_kind);
    let regime = item.code("regime");
    let regime = item.require("regime", regime);
    let is_municipal = item.boolean("isMunicipal");
    let is_municipal = item.require("isMunicipal", is_municipal);
    Some(RecipientRegime {
        recipient_kind: recipient_kind?,
        regime: regime?,
        is_municipal: is_municipal?,
    })
}

fn read_policy(item: &mut Form) -> Option<RetentionPolicy> {
    let class: Option<DisposalClass> = item.code("class");
    let class = item.require("class", class);
    let anchor = item.code("anchor");
    let anchor = anchor.or(class.and_then(|class| class.anchors().first().copied()));
    let months = item.integer("months", 0..=MOST_RETENTION_MONTHS);
    let months = item.require("months", months);
    let is_archived = item.boolean("isArchived");
    let is_archived = item.require("isArchived", is_archived);
    let decision_reference = item.text("decisionReference", LONGEST_REFERENCE);
    let decision_reference = item.require("decisionReference", decision_reference);
    let decided_on = item.date("decidedOn");
    let decided_on = item.require("decidedOn", decided_on);
    Some(RetentionPolicy {
        class: class?,
        anchor: anchor?,
        months: u32::try_from(months?).ok()?,
        is_archived: is_archived?,
        decision_reference: decision_reference?,
        decided_on: decided_on?,
    })
}

fn read_term(item: &mut Form) -> Option<WrittenTerm> {
    let word = item.text("word", 100);
    let word = item.require("word", word);
    let category = item.code("category");
    let category = item.require("category", category);
    let (word, category) = word.zip(category)?;
    // Of asterisks alone there is nothing to look for.
    if Term::read(&word, category).is_none() {
        item.add([FieldError::with("/word", FieldCode::TooShort, "1")]);
        return None;
    }
    Some(WrittenTerm { word, category })
}

/// A number of days from 1 to `most`; the default if none is told.
fn days(form: &mut Form, name: &str, default: u32, most: i64) -> u32 {
    form.integer(name, 1..=most)
        .and_then(|days| u32::try_from(days).ok())
        .unwrap_or(default)
}
