//! Signing in by the provider: how it begins, whom what the provider has proved lets in, and how a person's tie to the
//! provider is taken away. A person is known by the provider's subject; by a name only until they are tied. What a token
//! must be like is decided in `auth::single_sign_on`, how sessions live in `service::sessions`.

use super::Fields;
use super::form::Form;
use super::second_factors::{LONGEST_CODE, Proof, prove};
use super::sessions::{
    self as sign_ins, Lives, Origin, SignedIn, ThrottleKeys, account_key, count_address_failure,
    count_failure, must_not_wait, too_many,
};
use super::users::{follow_claims, give_account};
use crate::auth::single_sign_on::claims::{Mapped, Proven};
use crate::auth::totp::FactorSealer;
use crate::db::audited::AuditedTx;
use crate::db::sessions;
use crate::db::single_sign_on::{self as stored, FlowRow};
use crate::db::types::Timestamp;
use crate::db::units;
use crate::db::users::{self, UserRow};
use crate::domain::id::{Id, Unit, User};
use crate::domain::operation::Resource;
use crate::domain::user::{Role, Staff, is_username};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::Relation;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

/// From the click to the end, second factor included.
const LIFE: Duration = Duration::minutes(10);
/// Flows from one address that may wait for their code at once: it may be that of a whole office.
const MOST_WAITING: i64 = 200;
/// Authorisation codes of some providers are long.
const LONGEST_AUTHORIZATION_CODE: usize = 4_000;

/// What a browser brings back.
#[derive(Clone)]
pub struct Returned {
    /// The handle of the flow.
    pub flow: String,
    /// Code and state of the provider; none when only the second factor was missing.
    pub answer: Option<(String, String)>,
    /// Who the provider says it is, if its answer says so.
    pub issuer: Option<String>,
    /// The code of the person's own second factor.
    pub second_factor_code: Option<String>,
}

/// Reads what was sent to complete a flow.
///
/// # Errors
/// 422 with all fields that are wrong.
pub fn read_returned(fields: Fields) -> Result<Returned> {
    let mut form = Form::of_body(fields);
    let flow = form.secret("flow", 100);
    let flow = form.require("flow", flow);
    let code = form.secret("code", LONGEST_AUTHORIZATION_CODE);
    let state = form.secret("state", 200);
    let issuer = form.secret("iss", 500);
    let second_factor_code = form.secret("secondFactorCode", LONGEST_CODE);
    let answer = match (code, state) {
        (Some(code), Some(state)) => Some((code, state)),
        (Some(_), None) => {
            form.add([FieldError::with("/code", FieldCode::NeedsOther, "state")]);
            None
        }
        (None, Some(_)) => {
            form.add([FieldError::with("/state", FieldCode::NeedsOther, "code")]);
            None
        }
        (None, None) => {
            if second_factor_code.is_none() && form.is_sound() {
                form.wrong("code", FieldCode::Required);
            }
            None
        }
    };
    form.finish_with(flow.map(|flow| Returned {
        flow,
        answer,
        issuer,
        second_factor_code,
    }))
}

/// Begins a flow; until when it lives.
///
/// # Errors
/// 429 while attempts from the address are held back, or when too many flows from it wait.
pub fn start(
    tx: &mut AuditedTx<'_>,
    flow_hash: &str,
    address: Option<&str>,
) -> Result<DateTime<Utc>> {
    if let Some(address) = address {
        must_not_wait(tx, &[address])?;
        if stored::count_flows(tx, address)? >= MOST_WAITING {
            return Err(too_many(Duration::minutes(1)));
        }
    }
    let expires_at = tx.now() + LIFE;
    let row = FlowRow {
        flow_hash: flow_hash.to_owned(),
        address_hash: address.map(str::to_owned),
        created_at: tx.timestamp(),
        expires_at: Timestamp::of(expires_at),
        claimed_at: None,
        user_id: None,
        subject: None,
        role: None,
        unit_id: None,
    };
    stored::insert_flow(tx, &row)?;
    Ok(expires_at)
}

/// Uses a flow up that ends in a refusal, and counts it against the address if it was the caller's fault. What is counted
/// stays.
///
/// # Errors
/// The database does not answer.
pub fn refuse(
    tx: &mut AuditedTx<'_>,
    code: ErrorCode,
    flow_hash: Option<&str>,
    address: Option<&Origin>,
) -> Result<()> {
    if let Some(flow_hash) = flow_hash {
        stored::end_flow(tx, flow_hash)?;
    }
    if code != ErrorCode::ProviderUnavailable {
        count_address_failure(tx, address)?;
    }
    tx.refuse(code);
    Ok(())
}

/// Who has come back.
#[derive(Clone)]
pub enum Arrived {
    /// The provider has just proved it.
    Proven(Proven),
    /// Who was recognised before, and lacked the second factor.
    Recognised(FlowRow),
}

/// What completing a flow needs besides who it is.
#[derive(Clone)]
pub struct Completion {
    /// The flow.
    pub flow_hash: String,
    /// The provider.
    pub issuer: String,
    /// The code of the person's own second factor.
    pub second_factor_code: Option<String>,
    /// What the session's refresh token is known by.
    pub refresh_hash: String,
    /// What failures are counted under.
    pub address: Option<Origin>,
    /// The hash of a password that nobody knows, where accounts are made.
    pub password_of_nobody: Option<String>,
}

/// Why somebody is not let in: for the caller, and in words for the operator's log.
pub type Refusal = (Error, &'static str);

/// Somebody whom the provider's word concerns.
struct Known {
    subject: String,
    /// `None`: an account is made.
    row: Option<UserRow>,
    role: Option<(Role, Option<Id<Unit>>)>,
    has_factor: bool,
    is_tied: bool,
}

const STRANGER: &str = "nobody here has this name, and no account is made";

/// Lets in whom the provider has proved, if they have an account that is active, or get one; with the role that the claims
/// give, if claims give roles; and once their own second factor is proved, if they have one and the provider has not asked
/// for any. `Err` inside is a refusal of which what was counted stays.
///
/// # Errors
/// 409 `last-of-role`; the database does not answer, or a stored secret cannot be opened.
pub fn complete(
    tx: &mut AuditedTx<'_>,
    arrived: &Arrived,
    completion: &Completion,
    factors: &FactorSealer,
    lives: Lives,
) -> Result<std::result::Result<SignedIn, Refusal>> {
    let recognised = match arrived {
        Arrived::Proven(proven) => recognise(tx, proven, completion)?,
        Arrived::Recognised(row) => recognise_again(tx, row, completion)?,
    };
    let known = match recognised {
        Ok(known) => known,
        Err(words) => {
            let address = completion.address.as_ref();
            refuse(
                tx,
                ErrorCode::NoAccount,
                Some(&completion.flow_hash),
                address,
            )?;
            return Ok(Err((ErrorCode::NoAccount.into(), words)));
        }
    };
    if let Some(row) = &known.row
        && !known.has_factor
        && let Some(refusal) = ask_for_factor(tx, row, &known, completion, factors)?
    {
        tx.identify(staff_of(row));
        tx.refuse(refusal.0.code);
        return Ok(Err(refusal));
    }
    // Two who bring the same second factor at once: one of them.
    if !stored::end_flow(tx, &completion.flow_hash)? {
        refuse(
            tx,
            ErrorCode::FlowNotValid,
            None,
            completion.address.as_ref(),
        )?;
        return Ok(Err((ErrorCode::FlowNotValid.into(), "the flow is used up")));
    }
    let row = settle_account(tx, known, arrived, completion)?;
    sessions::forget_failures(tx, &account_key(&row.username))?;
    let (has_factor, refresh) = (proved_factor(arrived), &completion.refresh_hash);
    sign_ins::begin(tx, staff_of(&row), refresh, has_factor, lives).map(Ok)
}

const fn proved_factor(arrived: &Arrived) -> bool {
    match arrived {
        Arrived::Proven(proven) => proven.has_factor,
        // Else nothing would have been missing.
        Arrived::Recognised(_) => false,
    }
}

const fn staff_of(row: &UserRow) -> Staff {
    Staff {
        id: row.id,
        role: row.role,
        unit_id: row.unit_id,
        session_id: None,
    }
}

/// Whom the provider has proved: by the subject if it is tied to somebody, else by the name, exactly, if that person is
/// nobody else at the provider.
fn recognise(
    tx: &mut AuditedTx<'_>,
    proven: &Proven,
    completion: &Completion,
) -> Result<std::result::Result<Known, &'static str>> {
    let role = match proven.role {
        Mapped::NotAsked => None,
        Mapped::One(role, unit_id) => Some((role, unit_id)),
        Mapped::Nothing => return Ok(Err("no value of the claim means a role")),
        Mapped::Several => return Ok(Err("the values of the claim mean more than one role")),
    };
    if let Some((_, Some(unit_id))) = role
        && !units::exists(tx, unit_id)?
    {
        return Ok(Err("the unit of the mapping is not there"));
    }
    let tied = stored::find_tied(tx, &proven.issuer, &proven.subject)?;
    let row = match (tied, &proven.username) {
        (Some(id), _) => users::find(tx, id)?,
        (None, Some(name)) if is_username(name) => users::find_by_username(tx, name)?,
        (None, _) => {
            return Ok(Err(
                "the token does not say a name that could be a user name",
            ));
        }
    };
    if let Some(row) = &row {
        if !row.is_active {
            return Ok(Err("the account is not active"));
        }
        if tied.is_none() && stored::is_tied(tx, &proven.issuer, row.id)? {
            return Ok(Err(
                "the person of this name is another subject of the provider",
            ));
        }
    } else if tied.is_some() || role.is_none() || completion.password_of_nobody.is_none() {
        return Ok(Err(STRANGER));
    }
    Ok(Ok(Known {
        subject: proven.subject.clone(),
        row,
        role,
        has_factor: proven.has_factor,
        is_tied: tied.is_some(),
    }))
}

/// Who was recognised a moment ago, if nothing has changed since.
fn recognise_again(
    tx: &mut AuditedTx<'_>,
    flow: &FlowRow,
    completion: &Completion,
) -> Result<std::result::Result<Known, &'static str>> {
    let (Some(user_id), Some(subject)) = (flow.user_id, flow.subject.clone()) else {
        return Ok(Err("nobody was recognised"));
    };
    let tied = stored::find_tied(tx, &completion.issuer, &subject)?;
    let is_other = match tied {
        Some(id) => id != user_id,
        None => stored::is_tied(tx, &completion.issuer, user_id)?,
    };
    let row = users::find(tx, user_id)?.filter(|row| row.is_active && !is_other);
    let Some(row) = row else {
        return Ok(Err("the account has changed meanwhile"));
    };
    Ok(Ok(Known {
        subject,
        row: Some(row),
        role: flow.role.map(|role| (role, flow.unit_id)),
        has_factor: false,
        is_tied: tied.is_some(),
    }))
}

/// Asks for the person's own second factor; the flow waits for it. `None` once it is proved, or there is none.
fn ask_for_factor(
    tx: &mut AuditedTx<'_>,
    row: &UserRow,
    known: &Known,
    completion: &Completion,
    factors: &FactorSealer,
) -> Result<Option<Refusal>> {
    let account = account_key(&row.username);
    let code = completion.second_factor_code.as_deref();
    let refusal = match (code, sessions::held_back_until(tx, &[&account])?) {
        (Some(_), Some(until)) => (too_many(until - tx.now()), "too many wrong codes"),
        _ => match prove(tx, row.id, code, factors)? {
            Proof::NotNeeded | Proof::Given => return Ok(None),
            Proof::Missing => (
                ErrorCode::SecondFactorRequired.into(),
                "the second factor is missing",
            ),
            Proof::Wrong => {
                let address = completion.address.clone();
                count_failure(tx, &ThrottleKeys { account, address })?;
                (
                    ErrorCode::WrongSecondFactor.into(),
                    "the second factor is wrong",
                )
            }
        },
    };
    stored::remember(
        tx,
        &completion.flow_hash,
        row.id,
        &known.subject,
        known.role,
    )?;
    Ok(Some(refusal))
}

/// The account as it is from now on: made, tied, and with the role that the claims give.
fn settle_account(
    tx: &mut AuditedTx<'_>,
    known: Known,
    arrived: &Arrived,
    completion: &Completion,
) -> Result<UserRow> {
    let row = match (known.row, known.role, arrived) {
        (Some(row), Some((role, unit_id)), _) => {
            tx.identify(staff_of(&row));
            let permit = tx.permit(Resource::Me, &own())?;
            follow_claims(tx, &permit, row, role, unit_id)?
        }
        (Some(row), None, _) => row,
        (None, Some((role, unit_id)), Arrived::Proven(proven)) => {
            let id = Id::<User>::fresh();
            tx.identify(Staff {
                id,
                role,
                unit_id,
                session_id: None,
            });
            let permit = tx.permit(Resource::Me, &own())?;
            give_account(
                tx,
                &permit,
                id,
                proven,
                (role, unit_id),
                &completion.password_of_nobody,
            )?
        }
        _ => {
            return Err(Error::internal(
                "an account without a role was about to be made",
            ));
        }
    };
    tx.identify(staff_of(&row));
    if !known.is_tied {
        let permit = tx.permit(Resource::Me, &own())?;
        stored::tie(tx, &permit, &completion.issuer, &known.subject, row.id)?;
        tx.note(Resource::Me, None, Some(row.id.cast()), "singleSignOn");
    }
    Ok(row)
}

fn own() -> Relation {
    Relation {
        is_own: true,
        ..Relation::default()
    }
}

/// Takes away who a member of staff is at the provider, for instance when they are somebody else there now, and signs them
/// out everywhere. At the next sign-in they are known by their name again, once.
///
/// # Errors
/// 403; 404 when they are not there or are nobody at the provider.
pub fn untie_user(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<()> {
    let sealed = users::load(tx, id)?;
    let permit = tx.permit(Resource::Users, sealed.relation())?;
    if !stored::untie(tx, &permit, id)? {
        return Err(ErrorCode::NotFound.into());
    }
    sessions::end_all(tx, id, None)?;
    tx.note(Resource::Users, None, Some(id.cast()), "singleSignOn");
    Ok(())
}

/// What the answer to the beginning of a flow says.
pub fn told(flow: &str, address: &str, expires_at: DateTime<Utc>) -> Fields {
    let mut told = Fields::new();
    told.insert("flow".to_owned(), json!(flow));
    told.insert("authorizationAddress".to_owned(), json!(address));
    let expires_at = Timestamp::of(expires_at).to_text();
    told.insert("expiresAt".to_owned(), json!(expires_at));
    told
}
