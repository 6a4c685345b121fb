//! Patterns of file names.

/// A pattern of file names: `*` stands for any characters, `?` for one. Case makes no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    text: String,
    folded: Vec<char>,
}

/// Endings of compressed files, which a pattern need not name.
const COMPRESSED: [&str; 2] = [".gz", ".zst"];

impl FilePattern {
    /// The pattern of a text.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), folded: folded(text) }
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether two patterns match the same by their spelling.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.folded == other.folded
    }

    /// Whether a file is meant: by its name without the folder, with or without the ending of a compressed file.
    pub fn matches(&self, file_name: &str) -> bool {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        let name = folded(name);
        let plain = COMPRESSED.iter().find_map(|ending| name.strip_suffix(folded(ending).as_slice()));
        matches(&self.folded, &name) || plain.is_some_and(|plain| matches(&self.folded, plain))
    }
}

fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut position) = (0, 0);
    // Where the last star stands, and what it has taken so far: to give it one more character is the only way back, since
    // an earlier star can gain nothing that a later one cannot.
    let mut star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, position));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == name[position] => {
                at += 1;
                position += 1;
            }
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                at = back + 1;
                position = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|left| *left == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names_without_folder_and_compression() {
        for (pattern, file, meant) in [
            ("crm.csv", "crm.csv", true),
            ("crm.csv", "CRM.CSV", true),
            ("CRM.csv", "/exports/2026/crm.csv", true),
            ("crm.csv", "exports\\crm.csv", true),
            ("crm*.csv", "crm.csv", true),
            ("crm*.csv", "crm-2026.csv.gz", true),
            ("crm*.csv", "crm-2026.csv.zst", true),
            ("*.gz", "crm.csv.gz", true),
            ("crm?.csv", "crm1.csv", true),
            ("crm?.csv", "crm.csv", false),
            ("crm?.csv", "crm12.csv", false),
            ("crm*.csv", "my-crm.csv", false),
            ("*a*b", "xaybzab", true),
            ("*a*b", "xaybza", false),
            ("*", "", true),
            ("", "crm.csv", false),
            ("**", "x", true),
            ("größe?.csv", "GRÖßE1.csv", true),
            ("crm.csv", "crm.csv/other.csv", false),
        ] {
            assert_eq!(FilePattern::new(pattern).matches(file), meant, "{pattern} and {file}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = FilePattern::new(&"*a".repeat(200));
        assert!(!pattern.matches(&("a".repeat(5_000) + "b")));
    }
}
