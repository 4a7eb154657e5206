//! What the operator tells of the provider of single sign-on, on the command line or in the environment. What a provider must
//! be like is decided in `auth::single_sign_on`.

use super::{Failure, read_json};
use clap::Args;
use kaa::auth::single_sign_on::claims::{ClaimRules, RoleRules};
use kaa::auth::single_sign_on::{CALL_LIMIT, ProviderConfig, ProviderConfigError};
use kaa::config::ConfigError;
use secrecy::SecretString;
use std::path::PathBuf;

/// The provider of single sign-on (OpenID Connect).
#[derive(Args, Clone)]
pub struct SingleSignOn {
    /// Who the provider says it is (https://...); single sign-on is off without it.
    #[arg(long, env = "KAA_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// Who this service is to the provider.
    #[arg(long, env = "KAA_OIDC_CLIENT_ID")]
    oidc_client_id: Option<String>,
    /// What proves that to the provider.
    #[arg(long, env = "KAA_OIDC_CLIENT_SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// Where the provider sends browsers back to: an address of the web client.
    #[arg(long, env = "KAA_OIDC_REDIRECT_URI")]
    oidc_redirect_uri: Option<String>,
    /// What is asked for besides `openid`, with blanks between.
    #[arg(long, env = "KAA_OIDC_SCOPE", default_value = "profile")]
    oidc_scope: String,
    /// The claim of the ID token that is compared with user names at a person's first sign-in; one that nobody can choose for
    /// themselves.
    #[arg(
        long,
        env = "KAA_OIDC_USERNAME_CLAIM",
        default_value = "preferred_username"
    )]
    oidc_username_claim: String,
    /// The claim that gives the role; roles are given by the administrator without it.
    #[arg(long, env = "KAA_OIDC_ROLE_CLAIM")]
    oidc_role_claim: Option<String>,
    /// What its values mean, as JSON: [{"value": ..., "role": ..., "unitId": ...}].
    #[arg(long, env = "KAA_OIDC_ROLES")]
    oidc_roles: Option<PathBuf>,
    /// Make an account for whoever has a role by their claims and no account yet.
    #[arg(long, env = "KAA_OIDC_MAKE_ACCOUNTS")]
    oidc_make_accounts: bool,
    /// Methods (`amr`) of which one counts as a second factor, with commas between.
    #[arg(long, env = "KAA_OIDC_FACTOR_AMR", value_delimiter = ',')]
    oidc_factor_amr: Vec<String>,
    /// Classes (`acr`) of which one counts as a second factor, with commas between; they are asked for.
    #[arg(long, env = "KAA_OIDC_FACTOR_ACR", value_delimiter = ',')]
    oidc_factor_acr: Vec<String>,
    /// Whoever has signed in by the provider once does not sign in by password any more.
    #[arg(long, env = "KAA_OIDC_CLOSE_PASSWORDS")]
    oidc_close_passwords: bool,
    /// Certificates of the authorities that are believed (PEM), in place of the operating system's.
    #[arg(long, env = "KAA_OIDC_CA_FILE")]
    oidc_ca_file: Option<PathBuf>,
}

impl SingleSignOn {
    /// What was decided here; `None` when single sign-on is off.
    pub fn config(&self) -> Result<Option<ProviderConfig>, Failure> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let Some(issuer) = given(&self.oidc_issuer) else {
            return Ok(None);
        };
        let required = |text: &Option<String>, name| {
            given(text).ok_or(ConfigError::from(ProviderConfigError::Missing(name)))
        };
        let roles = match (given(&self.oidc_role_claim), &self.oidc_roles) {
            (Some(claim), Some(file)) => Some(RoleRules {
                claim,
                mapping: read_json(file)?,
            }),
            (None, None) => None,
            _ => return Err(ConfigError::from(ProviderConfigError::HalfAMapping).into()),
        };
        let words = |words: &[String]| -> Vec<String> {
            let trimmed = words.iter().map(|word| word.trim().to_owned());
            trimmed.filter(|word| !word.is_empty()).collect()
        };
        let config = ProviderConfig {
            issuer,
            client_id: required(&self.oidc_client_id, "KAA_OIDC_CLIENT_ID")?,
            client_secret: SecretString::from(required(
                &self.oidc_client_secret,
                "KAA_OIDC_CLIENT_SECRET",
            )?),
            redirect_uri: required(&self.oidc_redirect_uri, "KAA_OIDC_REDIRECT_URI")?,
            scope: format!("openid {}", self.oidc_scope).trim().to_owned(),
            claims: ClaimRules {
                username: self.oidc_username_claim.clone(),
                roles,
                factor_methods: words(&self.oidc_factor_amr),
                factor_classes: words(&self.oidc_factor_acr),
            },
            makes_accounts: self.oidc_make_accounts,
            leaves_passwords: !self.oidc_close_passwords,
            authorities: self.oidc_ca_file.clone(),
            call_limit: CALL_LIMIT,
        };
        config.check().map_err(ConfigError::from)?;
        Ok(Some(config))
    }
}
