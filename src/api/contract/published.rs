//! The contract as it is served: made when it is first asked for, and kept as text.

use super::document::document;
use super::page::page;
use super::yaml;
use crate::error::Language;
use std::sync::OnceLock;

pub use super::page::STYLE;

/// The contract of a running service.
pub struct Published {
    contact: String,
    json: OnceLock<String>,
    yaml: OnceLock<String>,
    swedish: OnceLock<String>,
    english: OnceLock<String>,
}

impl Published {
    /// A contract whose reader is told to turn to `contact`.
    pub const fn new(contact: String) -> Self {
        Self {
            contact,
            json: OnceLock::new(),
            yaml: OnceLock::new(),
            swedish: OnceLock::new(),
            english: OnceLock::new(),
        }
    }
    /// As JSON.
    pub fn json(&self) -> &str {
        self.json
            .get_or_init(|| document(&self.contact).to_string())
    }
    /// As YAML.
    pub fn yaml(&self) -> &str {
        self.yaml
            .get_or_init(|| yaml::write(&document(&self.contact)))
    }
    /// As a page in a language.
    pub fn page(&self, language: Language) -> &str {
        let kept = match language {
            Language::Swedish => &self.swedish,
            Language::English => &self.english,
        };
        kept.get_or_init(|| page(&document(&self.contact), language))
    }
}
