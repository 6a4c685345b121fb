//! Headers in a form in which names of different tools can be compared.

/// A header, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Its letters and digits in lower case, without anything between.
    pub squeezed: String,
    /// The same without unit, counting words and a leading "account" or the like; as long as anything else is there.
    pub bare: String,
    /// Its words in lower case.
    pub words: Vec<String>,
    /// The unit that it names.
    pub unit: Option<Unit>,
    /// Parentheses hold something that is no unit.
    pub has_remark: bool,
}

/// A unit that a header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    Ratio,
    Days,
    Hours,
    Minutes,
    Seconds,
    Monthly,
    Quarterly,
}

const UNITS: [(&str, Unit); 24] = [
    ("percent", Unit::Percent),
    ("percentage", Unit::Percent),
    ("pct", Unit::Percent),
    ("ratio", Unit::Ratio),
    ("days", Unit::Days),
    ("day", Unit::Days),
    ("d", Unit::Days),
    ("hours", Unit::Hours),
    ("hour", Unit::Hours),
    ("hrs", Unit::Hours),
    ("hr", Unit::Hours),
    ("h", Unit::Hours),
    ("minutes", Unit::Minutes),
    ("minute", Unit::Minutes),
    ("mins", Unit::Minutes),
    ("min", Unit::Minutes),
    ("seconds", Unit::Seconds),
    ("second", Unit::Seconds),
    ("secs", Unit::Seconds),
    ("sec", Unit::Seconds),
    ("monthly", Unit::Monthly),
    ("mrr", Unit::Monthly),
    ("month", Unit::Monthly),
    ("quarterly", Unit::Quarterly),
];

/// Words that say whose value it is, which all columns of an export have in common.
const WHOSE: [&str; 6] = ["account", "customer", "company", "client", "organization", "organisation"];

/// Words that say that something is counted.
const COUNTING: [&str; 5] = ["total number of", "number of", "count of", "no of", "number"];

/// Words in parentheses that say no more than a unit does.
const CURRENCIES: [&str; 10] = ["usd", "eur", "gbp", "chf", "sek", "dkk", "nok", "cad", "aud", "jpy"];

impl Header {
    pub(super) fn new(text: &str) -> Self {
        let text = without_suffix(text.trim());
        let (plain, remark) = parts(text);
        let plain = if squeezed(&plain) == "customfield" { remark.clone() } else { plain };
        let mut words = words(&plain);
        let noted = self::words(&remark);
        let remark_unit = noted.iter().find_map(|word| unit(word));
        let is_range = |word: &String| word.chars().all(|letter| letter.is_ascii_digit());
        let has_remark = plain != remark
            && remark_unit.is_none()
            && !noted.iter().all(|word| CURRENCIES.contains(&word.as_str()) || is_range(word));
        let noted_too = if plain == remark { String::new() } else { noted.concat() };
        let squeezed = words.concat() + &noted_too;
        // Most units stand at the end; those of periods are a part of the name, wherever they stand.
        let is_period = |unit: &Unit| matches!(unit, Unit::Monthly | Unit::Quarterly);
        let last = words.last().and_then(|word| unit(word)).filter(|unit| words.len() > 1 && !is_period(unit));
        let period = words.iter().find_map(|word| unit(word)).filter(is_period);
        if last.is_some() {
            words.pop();
            words.pop_if(|word| word == "in");
        }
        let unit = remark_unit.or(last).or(period);
        Self { squeezed, bare: bare(&words), words, unit, has_remark }
    }
}

/// The unit that a word names.
fn unit(word: &str) -> Option<Unit> {
    UNITS.iter().find(|(known, _)| *known == word).map(|(_, unit)| *unit)
}

/// A header without what a CRM puts around the names of custom fields, as in `ns__Renewal_Date__c`.
fn without_suffix(text: &str) -> &str {
    let text = ["__c", "__C", "__pc"].into_iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text);
    text.rsplit("__").next().filter(|last| !last.is_empty()).unwrap_or(text)
}

/// The text outside and inside of parentheses.
fn parts(text: &str) -> (String, String) {
    let (mut plain, mut remark) = (String::new(), String::new());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            letter if depth > 0 => remark.push(letter),
            letter => plain.push(letter),
        }
    }
    if plain.trim().is_empty() { (remark.clone(), remark) } else { (plain, remark) }
}

/// The words of a text in lower case: parted by blanks, punctuation and the humps of `camelCase`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = text.chars().collect();
    for (position, letter) in letters.iter().copied().enumerate() {
        let spelled = match letter {
            '%' => Some("percent"),
            '#' => Some("number"),
            '&' => Some("and"),
            _ => None,
        };
        if let Some(spelled) = spelled {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            words.push(spelled.to_owned());
            continue;
        }
        if !letter.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = position.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        let behind = letters.get(position + 1).copied().unwrap_or(' ');
        let is_hump =
            letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && behind.is_lowercase()));
        if is_hump {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        word.extend(letter.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The letters and digits of a text in lower case.
pub(super) fn squeezed(text: &str) -> String {
    words(text).concat()
}

/// Words without those that count or say whose they are.
fn bare(words: &[String]) -> String {
    let all = words.join(" ");
    let mut text = all.as_str();
    for counting in COUNTING {
        text = text.strip_prefix(counting).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(text);
    }
    for whose in WHOSE {
        text = text.strip_prefix(whose).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(text);
    }
    text = text.strip_suffix(" count").unwrap_or(text);
    text.replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_apart() {
        for (header, squeezed, bare, unit, has_remark) in [
            ("Account ID", "accountid", "id", None, false),
            ("accountId", "accountid", "id", None, false),
            ("ACCOUNT_ID", "accountid", "id", None, false),
            ("Renewal_Date__c", "renewaldate", "renewaldate", None, false),
            ("gs__Renewal_Date__c", "renewaldate", "renewaldate", None, false),
            ("ARRValue", "arrvalue", "arrvalue", None, false),
            ("# of Open Tickets", "numberofopentickets", "opentickets", None, false),
            ("Open Ticket Count", "openticketcount", "openticket", None, false),
            ("Resolution Time (hours)", "resolutiontimehours", "resolutiontime", Some(Unit::Hours), false),
            ("Resolution Time [min]", "resolutiontimemin", "resolutiontime", Some(Unit::Minutes), false),
            ("Resolution days", "resolutiondays", "resolution", Some(Unit::Days), false),
            ("Resolution time in minutes", "resolutiontimeinminutes", "resolutiontime", Some(Unit::Minutes), false),
            ("Adoption %", "adoptionpercent", "adoption", Some(Unit::Percent), false),
            ("ARR (USD)", "arrusd", "arr", None, false),
            ("NPS (0-10)", "nps010", "nps", None, false),
            ("Health (CSM)", "healthcsm", "health", None, true),
            ("MRR", "mrr", "mrr", Some(Unit::Monthly), false),
            ("Monthly Revenue", "monthlyrevenue", "monthlyrevenue", Some(Unit::Monthly), false),
            ("Custom field (Sentiment)", "sentiment", "sentiment", None, false),
            ("Days", "days", "days", None, false),
            ("", "", "", None, false),
            ("%", "percent", "percent", None, false),
        ] {
            let found = Header::new(header);
            assert_eq!(
                (found.squeezed.as_str(), found.bare.as_str(), found.unit, found.has_remark),
                (squeezed, bare, unit, has_remark),
                "{header}"
            );
        }
    }
}
