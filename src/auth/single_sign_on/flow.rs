//! A sign-in that has begun in a browser. Everything that the protocol needs of it follows from one random handle that the
//! browser keeps: the `state` that comes back, the `nonce` in the token, and the verifier of PKCE. So the database holds a
//! hash of the handle and nothing else, the provider and every address on the way hold what leads back to nothing, and whoever
//! brings a code without the handle of the same browser has nothing to bring it with.

use crate::error::{Error, Result};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// Bytes of a handle.
const BYTES: usize = 32;

/// The handle of a flow. Never printed.
#[derive(Clone)]
pub struct Flow([u8; BYTES]);

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow([secret])")
    }
}

impl Flow {
    /// A new flow.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn fresh() -> Result<Self> {
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        Ok(Self(bytes))
    }

    /// The flow of a handle, if it is one.
    pub fn of_text(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The handle, for the browser that begins.
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// What is stored. The handle has 256 random bits, so a plain hash is enough.
    pub fn hash(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"kaa single sign-on flow v1\0")
            .chain_update(self.0)
            .finalize();
        HEXLOWER.encode(&digest)
    }

    /// What the provider sends back with the browser.
    pub fn state(&self) -> String {
        self.derived(b"state")
    }

    /// Whether what came back is the state of this flow.
    pub fn is_state(&self, sent: &str) -> bool {
        verify_slices_are_equal(self.state().as_bytes(), sent.as_bytes()).is_ok()
    }

    /// What the provider puts into the token.
    pub fn nonce(&self) -> String {
        self.derived(b"nonce")
    }

    /// What proves to the provider that whoever redeems the code is whoever asked for it (RFC 7636).
    pub fn verifier(&self) -> String {
        self.derived(b"verifier")
    }

    /// The verifier's hash, which the provider is told beforehand (S256).
    pub fn challenge(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.verifier().as_bytes()))
    }

    fn derived(&self, purpose: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        BASE64URL_NOPAD.encode(hmac::sign(&key, purpose).as_ref())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn everything_follows_from_the_handle_and_nothing_leads_back() {
        let flow = Flow::fresh().unwrap();
        let again = Flow::of_text(&flow.text()).unwrap();
        let all = |flow: &Flow| {
            [
                flow.text(),
                flow.hash(),
                flow.state(),
                flow.nonce(),
                flow.verifier(),
                flow.challenge(),
            ]
        };
        assert_eq!(all(&flow), all(&again));
        let different: std::collections::BTreeSet<String> = all(&flow).into_iter().collect();
        assert_eq!(different.len(), 6);
        assert!(flow.is_state(&again.state()));
        let other = Flow::fresh().unwrap();
        assert!(!other.is_state(&flow.state()));
        assert!(!flow.is_state(""));
        // RFC 7636, 4.1: 43 to 128 unreserved characters.
        assert_eq!(flow.verifier().len(), 43);
        assert_eq!(format!("{flow:?}"), "Flow([secret])");
    }

    #[test]
    fn what_is_no_handle_is_no_flow() {
        let text = Flow::fresh().unwrap().text();
        for wrong in [
            "",
            "x",
            &text[..42],
            &format!("{text}A"),
            &format!("{text}="),
            "å",
        ] {
            assert!(Flow::of_text(wrong).is_none(), "{wrong}");
        }
    }
}
