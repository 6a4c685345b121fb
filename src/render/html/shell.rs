//! What stands around the content of a page: policy, style, script, head, links to the sections, foot.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::escape::Escaped;
use crate::report::document::Masthead;

const STYLE: &str = include_str!("../../../assets/page/page.css");
const SCRIPT: &str = include_str!("../../../assets/page/page.js");
/// Three bars in the tones of the bands.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='none' \
                    stroke-width='4'%3E%3Cpath stroke='%23d6453d' d='M3 15v-5'/%3E%3Cpath stroke='%23e0a11b' d='M8 15V6'/%3E%3Cpath \
                    stroke='%232f9e63' d='M13 15V1'/%3E%3C/g%3E%3C/svg%3E";

/// Writes all that stands before the content.
pub(super) fn open(out: &mut dyn Write, title: &str, masthead: &Masthead, sections: &[&str]) -> io::Result<()> {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'\">",
        hash(STYLE),
        hash(SCRIPT)
    )?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">")?;
    writeln!(out, "<title>{}</title>\n<link rel=\"icon\" href=\"{ICON}\">", Escaped(title))?;
    writeln!(out, "<style>{STYLE}</style>\n<script>{SCRIPT}</script>\n</head>\n<body>")?;
    writeln!(out, "<a class=skip href=\"#content\">Skip to the content</a>")?;
    writeln!(out, "<header class=head>\n<h1>{}</h1>", Escaped(&masthead.title))?;
    writeln!(out, "<button id=theme type=button hidden></button>\n<dl>")?;
    for (label, fact) in &masthead.facts {
        writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", Escaped(label), Escaped(fact))?;
    }
    writeln!(out, "</dl>\n</header>")?;
    if sections.len() > 1 {
        writeln!(out, "<div class=\"frame with-nav\">\n<nav aria-label=Sections>\n<ul>")?;
        for (number, section) in (1..).zip(sections) {
            writeln!(out, "<li><a href=\"#s{number}\">{}</a></li>", Escaped(section))?;
        }
        writeln!(out, "</ul>\n</nav>")?;
    } else {
        writeln!(out, "<div class=frame>")?;
    }
    writeln!(out, "<main id=content tabindex=-1>")
}

/// Writes all that stands behind the content.
pub(super) fn close(out: &mut dyn Write, masthead: &Masthead) -> io::Result<()> {
    writeln!(out, "</main>\n</div>\n<footer>\n<p>{}", Escaped(&masthead.title))?;
    for (label, fact) in &masthead.facts {
        writeln!(out, " · {} {}", Escaped(label), Escaped(fact))?;
    }
    writeln!(out, " · csm {}</p>\n</footer>\n</body>\n</html>", env!("CARGO_PKG_VERSION"))
}
