//! Whom does the duty of skollagen 29:9 concern on a given day, and why? From dated facts to in, out, or a question that a
//! person must answer. Versions of the law are dated, borderline cases are never decided silently, and what the law settles
//! goes before what it leaves open.
//!
//! Sources: skollagen 29:9 with its versions (domain 1.2), 29:6 (home municipality), 7:12-7:15 (skolplikt), 16:26 and 19:27
//! (exams), the cases of domain 1.3 and 10.1, the labels of domain 9.2 and 9.7. Where facts are kept, who may see them and
//! what is made of an answer (candidates, episodes) does not belong here.

pub mod candidate;
pub mod codes;
pub mod facts;
mod history;
mod rule;
mod version;

pub use facts::{
    CompulsorySchool, EnrolmentFact, ExamDocumentFact, Facts, Home, ResidenceFact,
    check_compulsory_school, check_enrolment, check_exam_document, check_residence,
};
pub use history::reason_on;
pub use rule::{Evaluation, Failure, Verdict, evaluate};
pub use version::{RuleVersion, version_on};

#[cfg(test)]
mod case_tests;
#[cfg(test)]
mod property_tests;
