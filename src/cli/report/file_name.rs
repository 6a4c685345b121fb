//! Names of the files of accounts: made of what the data says, and safe whatever it says.

use std::collections::HashSet;
use std::fmt::Write;

use deunicode::deunicode_char;
use sha2::{Digest, Sha256};

/// The most bytes that the name of the account takes.
const LONGEST_NAME: usize = 48;
/// The most bytes that its id takes.
const LONGEST_ID: usize = 32;

/// The names that have been given, so that none is given twice.
#[derive(Debug, Default)]
pub struct FileNames {
    given: HashSet<String>,
}

/// The files of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFiles {
    /// The document for the customer.
    pub customer: String,
    /// The sheet for the team.
    pub internal: String,
}

impl FileNames {
    /// The files of an account: `norrvik-freight_cust-1001.md` and `norrvik-freight_cust-1001-prep.md`. Names have small letters, digits,
    /// `-` and one `_`, and at most 100 bytes; they rest on the account alone, unless one that stands before it has the same id.
    pub fn of(&mut self, name: &str, id: &str) -> AccountFiles {
        let plain_id = slug(id, LONGEST_ID);
        // An id that is not wholly told by its letters and digits is told by its hash.
        let stem = if id.to_ascii_lowercase() == plain_id {
            format!("{}_{plain_id}", named(name))
        } else {
            format!("{}_{}{}", named(name), if plain_id.is_empty() { plain_id } else { plain_id + "-" }, hash(id))
        };
        let tries = std::iter::once(stem.clone()).chain((2_u64..).map(|number| format!("{stem}-{number}")));
        for stem in tries {
            let files = AccountFiles { customer: format!("{stem}.md"), internal: format!("{stem}-prep.md") };
            if !self.given.contains(&files.customer) && !self.given.contains(&files.internal) {
                self.given.extend([files.customer.clone(), files.internal.clone()]);
                return files;
            }
        }
        unreachable!("there are more numbers than accounts")
    }
}

fn named(name: &str) -> String {
    let name = slug(name, LONGEST_NAME);
    if name.is_empty() { "account".to_owned() } else { name }
}

/// The first eight digits of a hash.
fn hash(text: &str) -> String {
    let mut digits = String::new();
    for byte in &Sha256::digest(text.as_bytes())[..4] {
        // A string takes whatever is written to it.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Small letters and digits of a text, in Latin letters, with one `-` for all between them, at most so many bytes.
fn slug(text: &str, longest: usize) -> String {
    let mut slug = String::new();
    // One letter may become many: the rest of a long text changes nothing.
    for plain in text.chars().map(|character| deunicode_char(character).unwrap_or("-")) {
        if slug.len() >= longest {
            break;
        }
        for character in plain.chars() {
            if character.is_ascii_alphanumeric() {
                slug.push(character.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
    }
    slug.truncate(longest.min(slug.len()));
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_plain() {
        for (name, id, expected) in [
            ("Norrvik Freight", "CUST-1001", "norrvik-freight_cust-1001.md"),
            ("Þór & Söhne 株式会社", "C1", "thor-sohne-zhu-shi-hui-she_c1.md"),
            ("Ångström", "7", "angstrom_7.md"),
            ("A\u{30a}ngstro\u{308}m", "7", "angstrom_7.md"),
            ("", "c", "account_c.md"),
            ("株式会社", "c", "zhu-shi-hui-she_c.md"),
            ("\u{e000}\u{200b}", "c", "account_c.md"),
            ("../../etc/passwd", "c", "etc-passwd_c.md"),
            ("CON", "NUL", "con_nul.md"),
            ("a", "../x", "a_x-e49dd64b.md"),
            ("a", "x y", "a_x-y-ca4d9f36.md"),
            ("a", "", "a_.md"),
        ] {
            let found = FileNames::default().of(name, id).customer;
            let hashed = |text: &str| text.rsplit_once('-').map(|(before, _)| before.to_owned());
            // The digits of a hash are not checked by hand.
            let same = found == expected || (id != slug(id, LONGEST_ID) && hashed(&found) == hashed(expected));
            assert!(same, "{name} {id}: {found}, not {expected}");
        }
    }

    #[test]
    fn ids_that_differ_in_what_is_left_out_have_names_that_differ() {
        let mut names = FileNames::default();
        let ids = ["a/b", "a-b", "a b", "A-B", "a-b", "a-b-prep", "", "-", "a-b-2", "ä", "ae"];
        let found: Vec<AccountFiles> = ids.iter().map(|id| names.of("Acme", id)).collect();
        let all: HashSet<&String> = found.iter().flat_map(|files| [&files.customer, &files.internal]).collect();
        assert_eq!(all.len(), 2 * ids.len(), "{found:#?}");
    }

    proptest! {
        #[test]
        fn names_are_safe_and_differ(accounts in prop::collection::vec((".{0,200}", ".{0,200}"), 1..20)) {
            let mut names = FileNames::default();
            let mut seen = HashSet::new();
            for (name, id) in &accounts {
                let files = names.of(name, id);
                for file in [files.customer, files.internal] {
                    prop_assert!(file.len() <= 100, "{}", file);
                    let stem = file.strip_suffix(".md").expect("an ending");
                    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
                    prop_assert!(stem.bytes().all(is_plain), "{}", file);
                    prop_assert!(stem.contains('_') && !stem.starts_with(['-', '_']), "{}", file);
                    prop_assert!(seen.insert(file.clone()), "{} twice", file);
                }
            }
        }

        #[test]
        fn a_name_rests_on_its_account_alone(name in ".*", id in "[a-z0-9-]{1,8}", other in ".*", other_id in "[a-z0-9]{9}") {
            let alone = FileNames::default().of(&name, &id);
            let mut names = FileNames::default();
            names.of(&other, &other_id);
            prop_assert_eq!(names.of(&name, &id), alone);
        }
    }
}
