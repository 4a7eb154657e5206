//! By which words is a person found, and in which order do names stand in a Swedish list?
//! Search is tolerant (accents, hyphens, apostrophes, order of the names); sorting follows the
//! Swedish alphabet. Who may search, and the query itself, do not belong here; nor does the
//! question whether a text is a name at all.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text for comparison: lower case, no accents (`é ü ñ ł ı ş` become `e u n l i s`), but
/// `å ä ö` kept as the letters of their own they are in Swedish. The Danish and Norwegian `æ ø`
/// become `ä ö`. Typographic hyphens and apostrophes become `-` and `'`; blanks become single
/// spaces, none at the ends.
pub fn fold(text: &str) -> String {
    fold_letters(text, letter_for_search)
}

/// As [`fold`], with `å ä ö` folded to `a a o` as well: for those who type without them, and
/// for comparing words of a code list.
pub fn fold_plain(text: &str) -> String {
    fold(text).chars().map(without_swedish).collect()
}

/// The tokens by which a person is found, sorted and without duplicates. A person is a hit when
/// every token of [`query_tokens`] is a prefix of one of these.
///
/// Each name gives its parts (split at blank, hyphen and apostrophe), each hyphenated word whole
/// and joined (`lindqvist-björk`, `lindqvistbjörk`), and the whole name joined (`vonessen`);
/// each once with `å ä ö` and once without.
pub fn search_tokens(given: &str, family: &str) -> Vec<String> {
    let mut tokens = BTreeSet::new();
    for name in [given, family] {
        for text in spellings(name) {
            add_tokens(&text, &mut tokens);
        }
    }
    tokens.into_iter().collect()
}

/// The tokens of what somebody typed, sorted and without duplicates; the order of given and
/// family name does not matter. Empty when nothing was typed that a name can hold: the caller
/// must not take that as "everybody".
///
/// Split at blanks, hyphens and commas; an apostrophe is left out (`o'b` finds `O'Brien`). What
/// is typed with `å ä ö` finds only names with them; what is typed without finds both.
pub fn query_tokens(typed: &str) -> Vec<String> {
    let text = searchable(&fold(typed)).replace('\'', "");
    let tokens: BTreeSet<String> = text
        .split([' ', '-'])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    tokens.into_iter().collect()
}

/// A key whose bytes sort persons in Swedish order: family name, then given name; case and
/// accents ignored; `å ä ö` last in that order; `v` and `w` apart; `ü` as `y`, `æ ø` as `ä ö`
/// (as the Swedish collation of CLDR). Hyphen and blank separate words and sort before letters;
/// an apostrophe is ignored; `von` and `af` belong to the family name. Equal keys are equal to
/// the reader: break ties by something else. A database must compare it bytewise (`C`, `BINARY`).
pub fn sort_key(given: &str, family: &str) -> String {
    let part = |name: &str| {
        let folded = searchable(&fold_letters(name, letter_for_sorting)).replace('\'', "");
        let words: Vec<&str> = folded.split([' ', '-']).filter(|w| !w.is_empty()).collect();
        // å ä ö in the three ASCII places after z: their own code points stand in another order.
        words
            .join(" ")
            .chars()
            .map(|c| match c {
                'å' => '{',
                'ä' => '|',
                'ö' => '}',
                _ => c,
            })
            .collect::<String>()
    };
    // The tab sorts before the blank: "Ali, Zeb" stands before "Ali Andersson, Bo".
    format!("{}\t{}", part(family), part(given))
}

/// The first letter of the first part of a family name with a full stop, for masked display:
/// `L.` for `Lindqvist-Björk`, `V.` for `von Essen`. Empty without a letter.
pub fn initial(family: &str) -> String {
    match family.nfc().find(|c| c.is_alphabetic()) {
        Some(letter) => letter.to_uppercase().chain(['.']).collect(),
        None => String::new(),
    }
}

/// With å ä ö, without them, and æ spelled out as many write it.
fn spellings(name: &str) -> Vec<String> {
    let swedish = fold(name);
    let plain: String = swedish.chars().map(without_swedish).collect();
    let mut all = vec![swedish];
    if all.first() != Some(&plain) {
        all.push(plain);
    }
    if name.contains(['æ', 'Æ']) {
        all.push(fold_plain(&name.replace(['æ', 'Æ'], "ae")));
    }
    all
}

fn add_tokens(folded: &str, tokens: &mut BTreeSet<String>) {
    let text = searchable(folded);
    let mut joined = String::new();
    for word in text.split(' ') {
        for part in word.split(['-', '\'']) {
            tokens.insert(part.to_owned());
        }
        let without_apostrophe = word.replace('\'', "");
        for part in without_apostrophe.split('-') {
            tokens.insert(part.to_owned());
            joined.push_str(part);
        }
        tokens.insert(without_apostrophe.replace('-', ""));
        tokens.insert(without_apostrophe.trim_matches('-').to_owned());
    }
    tokens.insert(joined);
    tokens.remove("");
}

/// Whatever is neither letter, digit, hyphen nor apostrophe separates words.
fn searchable(folded: &str) -> String {
    let spaced: String = folded
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' || c == '\'' {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = spaced.split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn without_swedish(c: char) -> char {
    match c {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        _ => c,
    }
}

fn fold_letters(text: &str, table: fn(char) -> Option<&'static str>) -> String {
    // Before the compatibility forms, which would turn a spacing accent into a blank.
    let marks: String = text.chars().map(plain_mark).collect();
    // Letter by letter, so that a prefix folds as it does within the word (final sigma).
    let lower: String = marks.nfkc().flat_map(char::to_lowercase).collect();
    let mut folded = String::with_capacity(lower.len());
    for letter in lower.nfkc().map(plain_mark) {
        if letter.is_ascii() {
            folded.push(letter);
            continue;
        }
        if let Some(replacement) = table(letter) {
            folded.push_str(replacement);
            continue;
        }
        for base in std::iter::once(letter).nfkd().map(plain_mark) {
            if is_combining_mark(base) {
                continue;
            }
            match table(base) {
                Some(replacement) => folded.push_str(replacement),
                None => folded.push(base),
            }
        }
    }
    let composed: String = folded.nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ")
}

fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2032}' | '\u{b4}' | '`' => '\'',
        _ => c,
    }
}

/// Letters that stay, and those Unicode does not decompose.
fn letter_for_search(c: char) -> Option<&'static str> {
    Some(match c {
        'å' => "å",
        'ä' | 'æ' | 'ǽ' => "ä",
        'ö' | 'ø' | 'ǿ' => "ö",
        'ß' => "ss",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'þ' => "th",
        'œ' => "oe",
        'ħ' => "h",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' => "e",
        'ς' => "σ",
        _ => return None,
    })
}

fn letter_for_sorting(c: char) -> Option<&'static str> {
    match c {
        'ü' | 'ű' => Some("y"),
        'ő' | 'œ' => Some("ö"),
        _ => letter_for_search(c),
    }
}

#[cfg(test)]
mod tests;
