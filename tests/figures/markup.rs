//! HTML and XML as a series of tags and texts, for readers that know what they look for.

/// A tag or a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// The beginning of an element: its name and its attributes.
    Open(String, Vec<(String, String)>),
    /// The end of an element.
    Close(String),
    Text(String),
}

impl Piece {
    /// What an attribute of a beginning says.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let Self::Open(_, attributes) = self else { return None };
        attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// All tags and texts; what stands in `style` and `script` is left out.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        if !before.is_empty() {
            pieces.push(Piece::Text(unescaped(before)));
        }
        let end = end_of_tag(behind);
        let (tag, mut following) = (&behind[..end], &behind[end + 1..]);
        if let Some(name) = tag.strip_prefix('/') {
            pieces.push(Piece::Close(name.trim().to_owned()));
        } else if !tag.starts_with(['!', '?']) {
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            if ["style", "script"].contains(&name) {
                following = following.split_once(&format!("</{name}>")).expect("an end").1;
            }
            pieces.push(Piece::Open(name.trim_end_matches('/').to_owned(), attributes_of(attributes)));
            if tag.ends_with('/') {
                pieces.push(Piece::Close(name.trim_end_matches('/').to_owned()));
            }
        }
        rest = following;
    }
    pieces
}

/// Where a tag ends; a value in quotes may hold what would end it.
fn end_of_tag(text: &str) -> usize {
    let mut is_quoted = false;
    let end = |(_, character): &(usize, char)| {
        is_quoted ^= *character == '"';
        *character == '>' && !is_quoted
    };
    text.char_indices().find(end).expect("a tag ends").0
}

fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim().trim_end_matches('/');
    while !rest.is_empty() {
        let end = rest.find(|character: char| character == '=' || character.is_whitespace()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').expect("quotes end"),
                None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            },
            None => ("", behind),
        };
        attributes.push((name.to_owned(), unescaped(value)));
        rest = behind.trim_start();
    }
    attributes
}

fn unescaped(text: &str) -> String {
    let characters = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    characters.iter().fold(text.to_owned(), |text, (escape, character)| text.replace(escape, character))
}
