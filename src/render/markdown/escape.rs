//! Text from the data in Markdown: it is shown as it is, and is never a link, an image, HTML, a heading or any other markup.

use super::super::clean;

/// Text that may stand anywhere in Markdown: in a paragraph, also at its start, in a heading, in a cell of a table. What a terminal is
/// spared is left out, line ends become spaces, and several spaces one.
pub fn escape(text: &str) -> String {
    at_start(inline(text))
}

/// Text that does not begin a line.
pub(super) fn inline(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut before: Option<char> = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let after = rest.clone().next();
        if character == ' ' && before == Some(' ') {
            continue;
        }
        if is_markup(before, character, after, rest.as_str(), &escaped) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}

/// Whether a character would be markup between those around it. What stands beyond the text is unknown and counts as the worst.
fn is_markup(before: Option<char>, character: char, after: Option<char>, rest: &str, escaped: &str) -> bool {
    let is_word = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    match character {
        // Code, emphasis, links and images, HTML, cells, raised and struck text, attributes, and addresses, which become links by themselves.
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '^' | '{' | '@' => true,
        // Within a word it is no emphasis.
        '_' => !(is_word(before) && is_word(after)),
        // The start of an entity, such as `&lt;`.
        '&' => {
            let name = rest.trim_start_matches(|next: char| next.is_ascii_alphanumeric() || next == '#');
            name.len() < rest.len() && name.starts_with(';')
        }
        // An address with its scheme becomes a link by itself, and so does one that starts with `www.`.
        ':' => after.map_or(before.is_some(), |after| after == '/'),
        '.' => escaped.get(escaped.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www")),
        // Formulas; an amount between spaces begins and ends none.
        '$' => !(before.is_none_or(|before| before == ' ') && after.is_some_and(|after| after.is_ascii_digit())),
        // What ends a heading.
        '#' => {
            before.is_none_or(|before| matches!(before, ' ' | '#'))
                && rest.chars().all(|rest| matches!(rest, ' ' | '#'))
        }
        _ => false,
    }
}

/// Text, already escaped for the inside of a line, that may begin one.
pub(super) fn at_start(text: String) -> String {
    let start = text.len() - text.trim_start_matches(' ').len();
    let line = &text[start..];
    let digits = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let is_number = |rest: &str| rest.starts_with(|next: char| next.is_ascii_digit());
    let place = match line.chars().next() {
        // Headings, lines under headings, terms.
        Some('#' | '=' | ':') => Some(0),
        // Lists, rules and lines under headings, but not a number with its sign.
        Some('-' | '+') if !is_number(&line[1..]) => Some(0),
        // Numbered lists.
        Some('0'..='9') if line[digits..].starts_with(['.', ')']) && !is_number(&line[digits + 1..]) => Some(digits),
        _ => None,
    };
    match place {
        Some(place) => {
            let mut text = text;
            text.insert(start + place, '\\');
            text
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_markup_reads_as_it_is() {
        for text in [
            "Þór & Söhne 株式会社",
            "R&D",
            "assets/sample_customer_data.json",
            "ARR $310,000 (low $73,800), -24% on the previous period",
            "-5.0",
            "+3",
            "2.5 of 10",
            "C# team, ticket #5",
            "Why: it's \"overdue\" by 18 days; 4/7 = 57 %",
            "",
        ] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn markup_is_escaped() {
        for (text, escaped) in [
            ("[a](http://b.c)", r"\[a\](http\://b.c)"),
            ("![a](b)", r"!\[a\](b)"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("a|b\\|c", r"a\|b\\\|c"),
            ("*a* _b_ __c__ `d` ~~e~~", r"\*a\* \_b\_ \_\_c\_\_ \`d\` \~\~e\~\~"),
            ("&lt;b&#62; & &amp", r"\&lt;b\&#62; & &amp"),
            ("www.a.de WwW.b.de awww", r"www\.a.de WwW\.b.de awww"),
            ("ines@acme.com", r"ines\@acme.com"),
            ("http:", r"http\:"),
            ("# a", r"\# a"),
            ("#a", r"\#a"),
            ("a #", r"a \#"),
            ("a ##", r"a \#\#"),
            ("- a", r"\- a"),
            ("---", r"\---"),
            ("===", r"\==="),
            ("+", r"\+"),
            ("1. a", r"1\. a"),
            ("12)", r"12\)"),
            (": a", r"\: a"),
            ("> a", r"\> a"),
            ("a\n\n# b", "a # b"),
            ("    a  \u{202e}b\u{1b}", " a b"),
            ("{#id}", r"\{#id}"),
            ("$x$ a$5", r"\$x\$ a\$5"),
        ] {
            assert_eq!(escape(text), escaped, "{text:?}");
        }
    }
}
