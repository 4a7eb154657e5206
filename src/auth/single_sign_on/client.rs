//! Calls to the provider: short, few, over TLS, and with a limit on everything that somebody else decides: how long it takes,
//! how much it says, and where it would send us. Blocks; it belongs on a thread where nobody else waits.

use super::{Fault, ProviderConfig, ProviderConfigError};
use crate::percent::{encoded, pairs};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Bytes of an answer that are read at most.
const LARGEST_ANSWER: u64 = 256 * 1024;
/// Where operating systems keep the certificates of authorities.
const AUTHORITIES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// What calls the provider.
pub struct Client(ureq::Agent);

/// How we prove to the provider who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientProof {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
}

impl Client {
    /// A client for a provider.
    ///
    /// # Errors
    /// No certificates of authorities can be read.
    pub fn new(config: &ProviderConfig) -> Result<Self, ProviderConfigError> {
        let is_plain = is_this_host(&config.issuer);
        let authorities = match &config.authorities {
            Some(file) => read_authorities(&file.to_string_lossy())
                .ok_or(ProviderConfigError::NoAuthorities)?,
            None if is_plain => Vec::new(),
            None => AUTHORITIES
                .iter()
                .find_map(|file| read_authorities(file))
                .ok_or(ProviderConfigError::NoAuthorities)?,
        };
        Ok(Self(agent(is_plain, &authorities, config.call_limit)))
    }

    /// An object.
    ///
    /// # Errors
    /// The provider does not answer in time, or with something else.
    pub fn get(&self, address: &str) -> Result<Map<String, Value>, Fault> {
        let response = self
            .0
            .get(address)
            .header("Accept", "application/json")
            .call()
            .map_err(|_| Fault::Unavailable("the provider does not answer"))?;
        match read(response)? {
            (200, members) => Ok(members),
            _ => Err(Fault::Unavailable("the provider answers with an error")),
        }
    }

    /// What a form that only we can send is answered with.
    ///
    /// # Errors
    /// The provider does not answer in time, refuses the form, or answers with something else.
    pub fn post(
        &self,
        address: &str,
        (client_id, secret, proof): (&str, &SecretString, ClientProof),
        fields: &[(&str, &str)],
    ) -> Result<Map<String, Value>, Fault> {
        let secret = secret.expose_secret();
        let mut fields = fields.to_vec();
        let mut request = self
            .0
            .post(address)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
        match proof {
            // RFC 6749, 2.3.1: both are written as in a form before they are joined.
            ClientProof::Basic => {
                let both = format!("{}:{}", encoded(client_id), encoded(secret));
                let value = format!("Basic {}", BASE64.encode(both.as_bytes()));
                request = request.header("Authorization", value);
            }
            ClientProof::Post => {
                fields.push(("client_id", client_id));
                fields.push(("client_secret", secret));
            }
        }
        let response = request
            .send(form(&fields))
            .map_err(|_| Fault::Unavailable("the provider does not answer"))?;
        match read(response)? {
            (200, members) => Ok(members),
            // invalid_grant and its like; 401 says that our own secret is wrong, which the operator mends.
            (400, _) => Err(Fault::Refused("the provider refuses the code")),
            (401, _) => Err(Fault::Unavailable(
                "the provider refuses the client; is KAA_OIDC_CLIENT_SECRET right?",
            )),
            _ => Err(Fault::Unavailable("the provider answers with an error")),
        }
    }
}

/// What calls a server elsewhere than the provider, by the certificates of the operating system; this host in the clear.
///
/// # Errors
/// The address is none that may be called, or no certificates of authorities can be read.
pub fn agent_for(
    address: &str,
    told_by: &'static str,
    call_limit: Duration,
) -> Result<ureq::Agent, ProviderConfigError> {
    if !is_safe_address(address) {
        return Err(ProviderConfigError::NotAnAddress(told_by));
    }
    let is_plain = is_this_host(address);
    let authorities = if is_plain {
        Vec::new()
    } else {
        AUTHORITIES
            .iter()
            .find_map(|file| read_authorities(file))
            .ok_or(ProviderConfigError::NoAuthorities)?
    };
    Ok(agent(is_plain, &authorities, call_limit))
}

fn agent(
    is_plain: bool,
    authorities: &[Certificate<'static>],
    call_limit: Duration,
) -> ureq::Agent {
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::new_with_certs(authorities))
        .build();
    let mut builder = ureq::Agent::config_builder()
        .http_status_as_error(false)
        // Who sends us elsewhere is not where it says it is.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .https_only(!is_plain)
        .timeout_global(Some(call_limit))
        .max_response_header_size(32 * 1024)
        // A call a minute: a connection that was kept would be closed at the other end by then.
        .max_idle_connections(0)
        .user_agent("kaa")
        .tls_config(tls);
    if is_plain {
        builder = builder.proxy(None);
    }
    builder.build().into()
}

fn read(
    mut response: ureq::http::Response<ureq::Body>,
) -> Result<(u16, Map<String, Value>), Fault> {
    let status = response.status().as_u16();
    let bytes = response
        .body_mut()
        .with_config()
        .limit(LARGEST_ANSWER)
        .read_to_vec()
        .map_err(|_| {
            Fault::Unavailable("the provider's answer is cut off, too long or too slow")
        })?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(members)) => Ok((status, members)),
        _ if status == 200 => Err(Fault::Unavailable("the provider's answer cannot be read")),
        _ => Ok((status, Map::new())),
    }
}

fn read_authorities(file: &str) -> Option<Vec<Certificate<'static>>> {
    let bytes = std::fs::read(file).ok()?;
    let found: Vec<Certificate<'static>> = parse_pem(&bytes)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

/// Whether an address may be called, or a browser sent there: TLS, or this host itself; nothing that could be read in two ways.
pub fn is_safe_address(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    let has_user = uri
        .authority()
        .is_some_and(|part| part.as_str().contains('@'));
    let is_plain_text = address.bytes().all(|byte| byte.is_ascii_graphic());
    has_host
        && !has_user
        && is_plain_text
        && !address.contains(['#', '\\', '"', '<', '>'])
        && match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_this_host(address),
            _ => false,
        }
}

/// Whether an address is plain HTTP to this host.
fn is_this_host(address: &str) -> bool {
    address.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http")
            && matches!(uri.host(), Some("127.0.0.1" | "[::1]" | "localhost"))
    })
}

/// Fields as a form writes them (application/x-www-form-urlencoded).
pub fn form(fields: &[(&str, &str)]) -> String {
    pairs(fields.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_meant() {
        assert_eq!(
            form(&[("a b", "å&=+%"), ("c", "x-._~")]),
            "a%20b=%C3%A5%26%3D%2B%25&c=x-._~"
        );
        assert_eq!(form(&[]), "");
    }

    #[test]
    fn certificates_are_read_from_a_file_that_has_some() {
        assert!(read_authorities("/dev/null").is_none());
        assert!(read_authorities("/nowhere/at/all").is_none());
    }
}
