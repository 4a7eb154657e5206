//! How Kolada is asked: page by page, never elsewhere than where it was said to be, and slower when it says that we ask too
//! often. The address is the operator's to give; without one nobody is called. What an answer says is read in `kolada`.

use super::{KoladaAnswer, NATION, read};
use serde_json::Value;
use std::time::Duration;
use ureq::http::Uri;

/// Bytes of a page that are read at most.
const LARGEST_PAGE: u64 = 8 * 1024 * 1024;
/// Pages of one answer: far more than a key figure of two places has.
const MOST_PAGES: usize = 50;
/// How often one page is asked for when we are told to wait.
const MOST_TRIES: u32 = 5;
/// The longest that we wait, whatever we are told.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Why Kolada was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KoladaFailure {
    /// It does not answer, or not in time.
    #[error("Kolada does not answer")]
    Silent,
    /// It answers with an error.
    #[error("Kolada answers with status {0}")]
    Status(u16),
    /// It says that we ask too often, and goes on saying so.
    #[error("Kolada asks us to wait, again and again")]
    TooBusy,
    /// The answer is too long, cut off or no JSON.
    #[error("the answer of Kolada cannot be read")]
    Unreadable,
    /// The answer is of another form.
    #[error("{0}")]
    Form(#[from] super::NotKolada),
    /// The answer goes on somewhere else.
    #[error("the answer of Kolada goes on at another address than its own")]
    Elsewhere,
    /// The answer does not end.
    #[error("the answer of Kolada has more than {MOST_PAGES} pages")]
    Endless,
}

/// Asks Kolada.
pub struct KoladaClient {
    agent: ureq::Agent,
    base: String,
    wait: fn(Duration),
}

impl KoladaClient {
    /// A client of the interface at an address such as `https://…/v3`. `wait` is how time passes.
    pub fn new(agent: ureq::Agent, base: &str, wait: fn(Duration)) -> Self {
        Self {
            agent,
            base: base.trim_end_matches('/').to_owned(),
            wait,
        }
    }

    /// All values of a key figure for a municipality, and for the nation as well if they are compared.
    ///
    /// # Errors
    /// Why nothing was read; half an answer is none.
    pub fn values(
        &self,
        kpi: &str,
        municipality: &str,
        with_nation: bool,
    ) -> Result<KoladaAnswer, KoladaFailure> {
        let nation = if with_nation { NATION } else { "" };
        let comma = if with_nation { "," } else { "" };
        let mut address = format!(
            "{}/data/kpi/{kpi}/municipality/{municipality}{comma}{nation}",
            self.base
        );
        let mut whole = KoladaAnswer::default();
        for _ in 0..MOST_PAGES {
            let page = self.page(&address)?;
            whole.values.extend(page.values);
            whole.deleted += page.deleted;
            let Some(next) = page.next else {
                return Ok(whole);
            };
            if origin(&next).is_none() || origin(&next) != origin(&self.base) {
                return Err(KoladaFailure::Elsewhere);
            }
            address = next;
        }
        Err(KoladaFailure::Endless)
    }

    fn page(&self, address: &str) -> Result<KoladaAnswer, KoladaFailure> {
        for tried in 0..MOST_TRIES {
            let mut response = self
                .agent
                .get(address)
                .header("Accept", "application/json")
                .call()
                .map_err(|_| KoladaFailure::Silent)?;
            match response.status().as_u16() {
                200 => {}
                429 => {
                    let told = response
                        .headers()
                        .get("retry-after")
                        .and_then(|value| value.to_str().ok())
                        .and_then(|text| text.trim().parse().ok())
                        .map(Duration::from_secs);
                    // Without a word about how long: a second, then twice as long each time.
                    let wait = told.unwrap_or_else(|| Duration::from_secs(1 << tried));
                    (self.wait)(wait.min(LONGEST_WAIT));
                    continue;
                }
                status => return Err(KoladaFailure::Status(status)),
            }
            let bytes = response
                .body_mut()
                .with_config()
                .limit(LARGEST_PAGE)
                .read_to_vec()
                .map_err(|_| KoladaFailure::Unreadable)?;
            return match serde_json::from_slice(&bytes) {
                Ok(Value::Object(members)) => Ok(read(&members)?),
                _ => Err(KoladaFailure::Unreadable),
            };
        }
        Err(KoladaFailure::TooBusy)
    }
}

/// Scheme, host and port of an address.
fn origin(address: &str) -> Option<(String, String, u16)> {
    let uri: Uri = address.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let host = uri.host()?.to_ascii_lowercase();
    let has_user = uri.authority()?.as_str().contains('@');
    let usual = if scheme == "https" { 443 } else { 80 };
    (!has_user).then(|| (scheme, host, uri.port_u16().unwrap_or(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one: &str, other: &str| origin(one) == origin(other);
        assert!(same(
            "https://api.example/v3",
            "https://API.example:443/v3/data?page=2"
        ));
        for other in [
            "http://api.example/v3",
            "https://api.example:8443/v3",
            "https://api.example.org/v3",
            "https://api.example@evil.example/v3",
            "/v3/data",
            "",
        ] {
            assert!(!same("https://api.example/v3", other), "{other}");
        }
        assert_eq!(origin("https://user@api.example/v3"), None);
    }
}
