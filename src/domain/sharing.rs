//! With whom is a youth shared? What stands at this moment towards a recipient: a consent that holds, a referral that was sent
//! and is not closed, what has been told, a place at a host. Worked out from those records and stored nowhere; whose eyes
//! what lies in the compartment is for, does not belong here.

use super::codes::{Code, code_list};
use super::consent::RecipientKind;

code_list! {
    /// What stands towards a recipient.
    SharingKind {
        Consent = "consent", "Samtycke som gäller", "A consent in force";
        Referral = "referral", "Hänvisning som är skickad", "A referral that was sent";
        Disclosure = "disclosure", "Utlämnande", "A disclosure";
        Placement = "placement", "Plats hos en värd", "A place at a host";
    }
}

/// What makes two recipients one: of the same kind and, if they have names, of the same name.
pub fn recipient_key(kind: RecipientKind, name: Option<&str>) -> (RecipientKind, String) {
    let name = name.unwrap_or_default();
    let words: Vec<&str> = name.split_whitespace().collect();
    (kind, words.join(" ").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_one_however_the_name_is_written() {
        use RecipientKind::{EmploymentService, Ngo};
        let one = recipient_key(Ngo, Some("Ankaret  Fritid"));
        assert_eq!(one, recipient_key(Ngo, Some(" ankaret fritid")));
        assert_ne!(
            one,
            recipient_key(EmploymentService, Some("Ankaret Fritid"))
        );
        assert_ne!(one, recipient_key(Ngo, None));
    }
}
