//! The words and rules of the work, pure: no database, no HTTP, no clock, nothing that serialises personal data.
//! Who may see or do what is not here but in `policy`.

pub mod age;
pub mod assignment;
pub mod codes;
pub mod consent;
pub mod contact;
pub mod correction;
pub mod disclosure;
pub mod duty;
pub mod education_contract;
pub mod episode;
pub mod id;
pub mod identity_number;
pub mod intervention;
pub mod log_review;
pub mod notes_apart;
pub mod occupation;
pub mod operation;
pub mod password;
pub mod period;
pub mod person_name;
pub mod personal;
pub mod plan;
pub mod protected;
pub mod protected_duties;
pub mod referral;
pub mod school_notification;
pub mod secrecy;
pub mod sensitive_terms;
pub mod settings;
pub mod target_group;
pub mod task;
pub mod transfer;
pub mod user;
pub mod weekly_summary;
pub mod youth;
