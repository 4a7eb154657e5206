//! What do all parts of the report need to know? Whose it is, in which language, and what it is called.
//! Nothing is laid out here.

use crate::error::Language;
use crate::report::title_page::TitlePage;
use crate::statistics::document::{ReleaseDocument, Words};

/// A report in the making.
pub(super) struct Report<'r> {
    pub(super) document: &'r ReleaseDocument,
    pub(super) language: Language,
    pub(super) title_page: &'r TitlePage,
}

impl<'r> Report<'r> {
    /// One of two words.
    pub(super) const fn word(&self, sv: &'static str, en: &'static str) -> &'static str {
        self.language.pick(sv, en)
    }

    /// Words of the document.
    pub(super) fn told<'w>(&self, words: &'w Words) -> &'w str
    where
        'r: 'w,
    {
        words.in_language(self.language)
    }

    /// What it is about.
    pub(super) const fn subject(&self) -> &'static str {
        self.word(
            "Det kommunala aktivitetsansvaret",
            "The municipal activity responsibility",
        )
    }

    /// Its title, as a reader shows it in the window.
    pub(super) fn title(&self) -> String {
        let period = self.told(&self.document.period.label);
        format!(
            "{}. {period}. {}",
            self.subject(),
            self.title_page.municipality
        )
    }

    /// What stands on every page: whose report, on what, and which release.
    pub(super) fn running(&self) -> [String; 3] {
        let period = self.told(&self.document.period.label);
        let release = self.word("Utgivning", "Release");
        [
            self.title_page.municipality.clone(),
            format!("{} · {period}", self.subject()),
            format!("{release} {}", self.title_page.number),
        ]
    }
}
