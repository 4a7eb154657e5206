//! The words and rules of the work, pure: no database, no HTTP, no clock, nothing that serialises personal data.
//! Who may see or do what is not here but in `policy`.

pub mod age;
pub mod assignment;
pub mod codes;
pub mod contact;
pub mod duty;
pub mod episode;
pub mod id;
pub mod identity_number;
pub mod intervention;
pub mod operation;
pub mod password;
pub mod period;
pub mod person_name;
pub mod personal;
pub mod protected;
pub mod referral;
pub mod settings;
pub mod target_group;
pub mod task;
pub mod user;
pub mod weekly_summary;
pub mod youth;
