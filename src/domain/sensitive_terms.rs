//! Which words in a free text of the register may tell something that does not belong there: health, diagnosis, drugs, LSS,
//! religion and the like (2006:39 4-5 §§; GDPR 9-10; domain 1.5, 10.2 row 8)? A word found is no error: whoever writes
//! looks once more and says that it shall stand. The list is configuration; texts of the protected compartment are not
//! looked at. Counting stands in the service.

use super::codes::{Code, code_list};
use crate::error::{FieldCode, FieldError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

code_list! {
    /// What a sensitive word is about.
    TermCategory {
        Health = "health", "Hälsa", "Health";
        Diagnosis = "diagnosis", "Diagnos och funktionsnedsättning", "Diagnosis and disability";
        Substance = "substance", "Droger och alkohol", "Drugs and alcohol";
        Lss = "lss", "LSS", "LSS";
        SocialServices = "social_services", "Socialtjänst", "Social services";
        Religion = "religion", "Religion", "Religion";
        Ethnicity = "ethnicity", "Etniskt ursprung", "Ethnic origin";
        Crime = "crime", "Brott", "Crime";
        SexualLife = "sexual_life", "Sexualliv och läggning", "Sexual life and orientation";
        Political = "political", "Politik och fack", "Politics and trade unions";
    }
}

/// A word as it is written in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenTerm {
    /// The word, with asterisks where other words begin with it or hold it.
    pub word: String,
    /// What it is about.
    pub category: TermCategory,
}

/// A word of the list. As it is written: `word` is the word alone, `word*` every word that begins so, `*word*` every word
/// that holds it; several words stand for the same in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word without its asterisks, as it is told and confirmed.
    pub word: String,
    /// What it is about.
    pub category: TermCategory,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole(String),
    Beginning(String),
    Anywhere(String),
}

impl Part {
    fn fits(&self, token: &str) -> bool {
        match self {
            Self::Whole(word) => token == word,
            Self::Beginning(stem) => token.starts_with(stem.as_str()),
            Self::Anywhere(stem) => token.contains(stem.as_str()),
        }
    }
}

impl Term {
    /// Reads a word as it is written in the list. `None`: there is nothing in it to look for.
    pub fn read(written: &str, category: TermCategory) -> Option<Self> {
        let mut parts = Vec::new();
        for piece in written.split_whitespace() {
            let stem: String = tokens(piece).concat();
            if stem.is_empty() {
                return None;
            }
            parts.push(match (piece.starts_with('*'), piece.ends_with('*')) {
                (true, _) => Part::Anywhere(stem),
                (false, true) => Part::Beginning(stem),
                (false, false) => Part::Whole(stem),
            });
        }
        (!parts.is_empty()).then(|| Self {
            word: written.replace('*', "").to_lowercase(),
            category,
            parts,
        })
    }

    fn is_in(&self, tokens: &[String]) -> bool {
        tokens.windows(self.parts.len()).any(|window| {
            self.parts
                .iter()
                .zip(window)
                .all(|(part, token)| part.fits(token))
        })
    }
}

/// The words of a text: lower case, composed, without what cannot be seen; everything but letters and digits parts them.
fn tokens(text: &str) -> Vec<String> {
    const UNSEEN: [char; 5] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}'];
    let seen: String = text
        .nfkc()
        .filter(|c| !UNSEEN.contains(c))
        .flat_map(char::to_lowercase)
        .nfc()
        .collect();
    seen.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The list of sensitive words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitiveTerms {
    /// In the order in which they are told.
    pub terms: Vec<Term>,
}

impl SensitiveTerms {
    /// The list of these words; what there is nothing in to look for is left out.
    pub fn of(words: &[WrittenTerm]) -> Self {
        Self {
            terms: words
                .iter()
                .filter_map(|written| Term::read(&written.word, written.category))
                .collect(),
        }
    }

    /// The list that is in force when nobody has made another.
    pub fn usual() -> &'static Self {
        static USUAL: LazyLock<SensitiveTerms> =
            LazyLock::new(|| SensitiveTerms::of(usual_words()));
        &USUAL
    }

    /// The terms of the list that stand in a text, in the order of the list.
    pub fn found_in(&self, text: &str) -> Vec<&Term> {
        let tokens = tokens(text);
        self.terms
            .iter()
            .filter(|term| term.is_in(&tokens))
            .collect()
    }
}

/// The words of the list that is in force when nobody has made another.
pub fn usual_words() -> &'static [WrittenTerm] {
    static USUAL: LazyLock<Vec<WrittenTerm>> = LazyLock::new(|| {
        USUAL_TERMS
            .iter()
            .flat_map(|(category, words)| {
                words.split(',').map(|word| WrittenTerm {
                    word: word.trim().to_owned(),
                    category: *category,
                })
            })
            .collect()
    });
    &USUAL
}

/// A text with the field it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Written<'t> {
    /// Where it stands in the body.
    pub pointer: &'t str,
    /// What is to be saved.
    pub text: &'t str,
}

/// The categories of what was found and confirmed, or what keeps the texts from being saved: each field with the words in
/// it, unless exactly these words are confirmed.
///
/// # Errors
/// A field with words that are not confirmed; a confirmed word that stands in none.
pub fn check_texts(
    list: &SensitiveTerms,
    texts: &[Written<'_>],
    confirmed: &[String],
) -> Result<BTreeSet<TermCategory>, Vec<FieldError>> {
    let confirmed: BTreeSet<String> = confirmed.iter().map(|word| word.to_lowercase()).collect();
    let mut problems = Vec::new();
    let (mut all, mut categories) = (BTreeSet::new(), BTreeSet::new());
    for written in texts {
        let found = list.found_in(written.text);
        all.extend(found.iter().map(|term| term.word.as_str()));
        categories.extend(found.iter().map(|term| term.category));
        if found.iter().any(|term| !confirmed.contains(&term.word)) {
            let words: Vec<String> = found.iter().map(|term| term.word.clone()).collect();
            problems.push(FieldError::with_words(
                written.pointer,
                FieldCode::SensitiveTerms,
                words,
            ));
        }
    }
    let is_idle = confirmed.iter().any(|word| !all.contains(word.as_str()));
    if is_idle {
        problems.push(FieldError::new("/confirmedTerms", FieldCode::TermsNotFound));
    }
    if problems.is_empty() {
        Ok(categories)
    } else {
        Err(problems)
    }
}

/// The words to begin with: Swedish as it is written in notes, and the English that is mixed into it. Stems are long enough
/// not to hit everyday words: "droger" and not "drog", which is also what somebody did with a chair; "brott" alone, since
/// every other youth has an "avbrott".
const USUAL_TERMS: &[(TermCategory, &str)] = &[
    (
        TermCategory::Health,
        "sjuk, sjuka, sjukdom*, sjukskriv*, sjukhus*, långtidssjuk*, ohälsa*, psykisk*, psykolog*, psykos*, *psykiatri*, \
         psykiatr*, bup, vårdcentral*, läkare*, läkarintyg*, medicin, mediciner*, medicinerar*, deprimerad*, depression*, \
         depressiv*, ångest*, panikattack*, självmord*, suicid*, självskad*, ätstörning*, anorexi*, bulimi*, utbränd*, \
         gravid*, abort*, mår psykiskt, ungdomsmottagning*, kurator på vård*, terapi, terapeut*, smittad*, hiv, cancer*, \
         epilepsi*, illness, depressed, anxiety, pregnan*, therapy, suicidal",
    ),
    (
        TermCategory::Diagnosis,
        "*diagnos*, adhd, autis*, asperger*, npf, tourette*, bipolär*, schizofren*, ptsd, dyslexi*, dyskalkyli*, ocd, \
         utvecklingsstör*, funktionsned*, funktionshind*, intellektuell funktion*, rullstol*, disabilit*, diagnosed",
    ),
    (
        TermCategory::Substance,
        "droger*, drogen, drogfri*, drogpåverk*, drogproblem*, drogtest*, drogmiss*, *missbruk*, narkotik*, knark*, cannabis*, \
         hasch*, marijuana*, kokain*, amfetamin*, heroin*, opioid*, tramadol*, benso*, alkohol*, berusad*, onykter*, \
         påtänd*, beroendevård*, beroendemottagning*, beroendecentr*, avgiftning*, behandlingshem*, drugs, drunk, \
         addict*, weed, substance abuse",
    ),
    (
        TermCategory::Lss,
        "lss, personkrets*, daglig verksamhet*, personlig assist*, personliga assist*, ledsagar*, korttidstillsyn*",
    ),
    (
        TermCategory::SocialServices,
        "socialtjänst*, socialsekreterar*, orosanmäl*, lvu, lvm, familjehem*, försörjningsstöd*, ekonomiskt bistånd*, \
         mottagningsgruppen, soc, skyddat boende*, social services",
    ),
    (
        TermCategory::Religion,
        "religi*, kristen*, kristna*, kristendom*, muslim*, islam*, judisk*, judendom*, hindu*, buddhis*, jehova*, \
         pingstvän*, pingstkyrk*, frikyrk*, katolik*, katolsk*, ortodox*, moské*, synagog*, koran*, imam*, ramadan*, \
         troende, ateis*, jewish, mosque",
    ),
    (
        TermCategory::Ethnicity,
        "etnisk*, etnicitet*, härkomst*, hudfärg*, romer, romsk*, samer, samisk*, kurd*, somali*, afghan*, syrier*, \
         zigenar*, invandrarbakgrund*, folkgrupp*, ethnic*, refugee*",
    ),
    (
        TermCategory::Crime,
        "brott, brottet, brotten, brottslig*, brottsling*, brottsmisst*, kriminal*, kriminell*, gängkrim*, dömd, dömdes, \
         döms, åtal*, häkt*, fängelse*, frivården*, polisanmäl*, stöld*, stulit, snatt*, rånade, rånat, misshandl*, \
         våldtäkt*, våldtagen*, langar*, criminal*, prison, convicted",
    ),
    (
        TermCategory::SexualLife,
        "homosex*, bisex*, asex*, pansex*, lesbisk*, bög, gay, hbtq*, transperson*, transsex*, könsidentit*, könskorrig*, \
         sexuell*, sexualit*, sexliv*, prostit*, sexköp*, queer",
    ),
    (
        TermCategory::Political,
        "fackförening*, fackförbund*, facklig*, facket, politisk åsikt*, politiska åsikt*, politisk åskådning*, \
         partimedlem*, ungdomsförbundet, nazis*, fascis*, kommunis*, sverigedemokrat*, socialdemokrat*, moderaterna, \
         vänsterpart*, miljöpart*, trade union*",
    ),
];

#[cfg(test)]
#[path = "sensitive_terms_tests.rs"]
mod tests;
