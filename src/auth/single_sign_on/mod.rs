//! Single sign-on by OpenID Connect: the authorisation code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0), as
//! far as it concerns the provider: where a browser is sent, and what the provider says of who comes back. Whom that lets in
//! is decided in `service::single_sign_on`. Why the protocol is ours and no crate's stands in `Cargo.toml`.

pub mod claims;
pub mod client;
pub mod flow;
pub mod id_token;
pub mod provider;

use claims::ClaimRules;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// What the operator decides of the provider.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Who the provider says it is, exactly; its metadata stand below this address.
    pub issuer: String,
    /// Who we are to the provider.
    pub client_id: String,
    /// What proves that.
    pub client_secret: SecretString,
    /// Where the provider sends browsers back to: an address of the web client. The only one there is, so that nobody can
    /// have a code sent elsewhere.
    pub redirect_uri: String,
    /// What is asked for; always with `openid`.
    pub scope: String,
    /// What the claims of a token mean here.
    pub claims: ClaimRules,
    /// Whether somebody without an account gets one at the first sign-in.
    pub makes_accounts: bool,
    /// Whether somebody who has signed in by the provider may go on using their password.
    pub leaves_passwords: bool,
    /// The certificates of authorities that are believed, PEM; those of the operating system if none is named.
    pub authorities: Option<PathBuf>,
    /// How long a call of the provider may take, from the look-up of its name to the last byte.
    pub call_limit: Duration,
}

/// The longest that a call of the provider takes, unless configured otherwise.
pub const CALL_LIMIT: Duration = Duration::from_secs(5);

/// Why a configuration of the provider is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderConfigError {
    /// What is sent there must not be read on the way.
    #[error(
        "{0} must be an address that begins with https:// and has no user, query or fragment (http:// only for this host itself)"
    )]
    NotAnAddress(&'static str),
    /// A part is missing.
    #[error("{0} is required as soon as KAA_OIDC_ISSUER is set")]
    Missing(&'static str),
    /// One half of the mapping of roles.
    #[error(
        "KAA_OIDC_ROLE_CLAIM and KAA_OIDC_ROLES belong together: which claim, and what its values mean"
    )]
    HalfAMapping,
    /// Nobody gets a role by default.
    #[error(
        "KAA_OIDC_MAKE_ACCOUNTS needs KAA_OIDC_ROLE_CLAIM and KAA_OIDC_ROLES: nobody gets a role by default"
    )]
    AccountsWithoutRoles,
    /// The mapping of roles.
    #[error("KAA_OIDC_ROLES: {0}")]
    Roles(&'static str),
    /// Without them no provider can be told from somebody in between.
    #[error("no certificates of authorities can be read; name their file with KAA_OIDC_CA_FILE")]
    NoAuthorities,
}

impl ProviderConfig {
    /// Whether it can be used.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), ProviderConfigError> {
        use ProviderConfigError as Wrong;
        if !client::is_safe_address(&self.issuer) || self.issuer.contains('?') {
            return Err(Wrong::NotAnAddress("KAA_OIDC_ISSUER"));
        }
        if !client::is_safe_address(&self.redirect_uri) || self.redirect_uri.contains('?') {
            return Err(Wrong::NotAnAddress("KAA_OIDC_REDIRECT_URI"));
        }
        if self.makes_accounts && self.claims.roles.is_none() {
            return Err(Wrong::AccountsWithoutRoles);
        }
        match &self.claims.roles {
            Some(roles) => roles.check().map_err(Wrong::Roles),
            None => Ok(()),
        }
    }
}

/// Why a sign-in by the provider goes no further. The words are for the operator's log and hold nothing that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The provider does not answer, or not as one does; later it may.
    Unavailable(&'static str),
    /// What was brought back does not prove who it was.
    Refused(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(issuer: &str, redirect_uri: &str) -> ProviderConfig {
        ProviderConfig {
            issuer: issuer.to_owned(),
            client_id: "kaa".to_owned(),
            client_secret: SecretString::from("a secret of the client"),
            redirect_uri: redirect_uri.to_owned(),
            scope: "openid".to_owned(),
            claims: ClaimRules::default(),
            makes_accounts: false,
            leaves_passwords: true,
            authorities: None,
            call_limit: CALL_LIMIT,
        }
    }

    #[test]
    fn addresses_that_can_be_read_on_the_way_are_refused() {
        let good = "https://login.kommun.example/realm";
        let back = "https://kaa.kommun.example/inloggad";
        assert_eq!(config(good, back).check(), Ok(()));
        assert_eq!(
            config("http://127.0.0.1:3000", "http://localhost:8080/x").check(),
            Ok(())
        );
        for bad in [
            "",
            "login.kommun.example",
            "http://login.kommun.example",
            "http://127.0.0.1.example",
            "https://",
            "https://login.kommun.example/?x=1",
            "https://login.kommun.example/#x",
            "https://somebody@login.kommun.example",
            "https://login.kommun.example/a b",
            "javascript:alert(1)",
        ] {
            assert!(config(bad, back).check().is_err(), "{bad}");
            assert!(config(good, bad).check().is_err(), "{bad}");
        }
    }

    #[test]
    fn accounts_are_made_only_where_claims_give_roles_and_the_secret_is_not_printed() {
        let mut config = config("https://a.example", "https://b.example");
        config.makes_accounts = true;
        assert_eq!(
            config.check(),
            Err(ProviderConfigError::AccountsWithoutRoles)
        );
        assert!(!format!("{config:?}").contains("a secret of the client"));
    }
}
