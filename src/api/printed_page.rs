//! A page that stands alone: to be read on a screen, read aloud, printed and handed over. Its frame, its style and how text
//! becomes HTML. What stands on a page is told by the page (`plan_copy`, `register_extract_page`).

use crate::error::Language;
use sha2::{Digest, Sha256};
use std::fmt::Write;

const STYLE: &str = "\
:root{color-scheme:light}\
body{margin:0;background:#fff;color:#1a1a1a;font:1.0625rem/1.55 system-ui,'Segoe UI',Roboto,Arial,sans-serif}\
main{max-width:46rem;margin:0 auto;padding:2rem 1.25rem 4rem}\
h1{font-size:1.9rem;line-height:1.2;margin:.25rem 0 1rem}\
h2{font-size:1.3rem;line-height:1.3;margin:2rem 0 .5rem;padding-top:.75rem;border-top:2px solid #1a1a1a}\
h3{font-size:1.08rem;margin:1.25rem 0 .35rem}\
p{margin:.4rem 0 .8rem}\
.unit{margin:0;color:#4a4a4a}\
.goal{font-size:1.15rem}\
dl{display:grid;grid-template-columns:fit-content(40%) 1fr;gap:.2rem 1.25rem;margin:0}\
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}dd ul{margin:0;padding-left:1.1rem}\
table{width:100%;border-collapse:collapse;margin:.35rem 0 1rem}\
caption{text-align:left;font-weight:600;padding:.25rem 0}\
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem .45rem 0;border-bottom:1px solid #767676}\
thead th{border-bottom:2px solid #1a1a1a}\
tbody th{font-weight:400}\
.date{white-space:nowrap}\
.wide th:first-child{width:34%}.wide th:nth-child(2){width:18%}\
.scroll{overflow-x:auto}.scroll table{min-width:34rem}\
.sign{display:grid;grid-template-columns:1fr 1fr;gap:2.5rem;margin-top:3.5rem}\
.sign p{border-top:1px solid #1a1a1a;padding-top:.3rem;margin:0}\
.hash{overflow-wrap:anywhere;font-family:ui-monospace,monospace}\
footer{margin-top:2.5rem;color:#4a4a4a;font-size:.95rem}\
@page{size:A4;margin:18mm 16mm}\
@media print{body{font-size:11pt}main{max-width:none;padding:0}.scroll{overflow:visible}.scroll table{min-width:0}h2,h3,caption,thead{break-after:avoid}tr,.sign{break-inside:avoid}}\
@media (max-width:34rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}.sign{grid-template-columns:1fr}}";

/// A page, and the hash of its style by which it may be used (Content Security Policy).
pub struct Page {
    pub html: String,
    pub style_hash: String,
}

/// Words in Swedish and in English.
pub type Words = (&'static str, &'static str);

/// Says what the program says itself in the reader's language; what people wrote stays as it is.
pub struct Say(pub Language);

impl Say {
    /// The words in the language of the page.
    pub const fn word<'w>(&self, words: (&'w str, &'w str)) -> &'w str {
        match self.0 {
            Language::Swedish => words.0,
            Language::English => words.1,
        }
    }

    /// A heading of a part of the page.
    pub fn heading(&self, html: &mut String, words: Words) {
        let _ = writeln!(html, "<h2>{}</h2>", self.word(words));
    }
}

/// The beginning of a page about a youth, which a unit hands over.
pub fn begin(say: &Say, title: Words, youth: &str, unit: &str) -> String {
    let (lang, title) = (say.word(("sv", "en")), say.word(title));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <p class=\"unit\">{}</p>\n<h1>{title}</h1>\n",
        escaped(youth),
        escaped(unit)
    )
}

/// The end of a page, with what stands at its foot.
pub fn end(mut html: String, foot: &str) -> Page {
    let _ = writeln!(
        html,
        "<footer><p>{foot}</p></footer>\n</main>\n</body>\n</html>"
    );
    let hash = data_encoding::BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    Page {
        html,
        style_hash: format!("sha256-{hash}"),
    }
}

/// Text that HTML reads as text.
pub fn escaped(text: &str) -> String {
    super::contract::escaped(text)
}
