//! Text as HTML takes it.

use std::fmt;

use crate::render::clean;

/// Shows a text so that it stands for itself in content and in quoted attributes: made harmless as for a terminal, then escaped.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = clean(self.0);
        let mut rest = &*clean;
        while let Some(position) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..position])?;
            f.write_str(match rest.as_bytes()[position] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[position + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stands_for_itself() {
        for (text, escaped) in [
            ("Acme", "Acme"),
            ("", ""),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onload=\"x", "&quot; onload=&quot;x"),
            ("R&D &lt;", "R&amp;D &amp;lt;"),
            ("a\u{202e}b\u{1b}[0m\u{0}\n", "ab[0m "),
            ("Þór & 株式会社", "Þór &amp; 株式会社"),
        ] {
            assert_eq!(Escaped(text).to_string(), escaped, "{text:?}");
        }
    }
}
