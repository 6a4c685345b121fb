//! Many accounts in little memory.

use chrono::{Datelike, NaiveDate};

use super::{Account, Footprint, Lifecycle, Module, Profile, Review, Texts};
use crate::engine::{Slot, Value, Word};

/// Accounts packed one behind the other, to be scored again when their order is known.
///
/// Numbers with at most two decimals take one to six bytes and all others nine, so a value comes back bit for bit.
/// One book holds up to 4 billion accounts. They stand in chunks, so that books that were filled apart make one by moving what they
/// hold, and nothing is copied as it grows.
#[derive(Debug, Clone, Default)]
pub struct Book {
    chunks: Vec<Chunk>,
    /// The first account of each chunk.
    firsts: Vec<Entry>,
    count: u32,
}

/// Some accounts of a book.
#[derive(Debug, Clone, Default)]
struct Chunk {
    figures: Vec<u8>,
    texts: String,
    starts: Vec<Start>,
    /// The notes for reviews, which few accounts have and few commands read, by the positions of their accounts.
    reviews: Vec<(usize, Box<Review>)>,
}

/// Where an account begins in its chunk.
#[derive(Debug, Clone, Copy)]
struct Start {
    figures: u32,
    texts: u32,
}

/// The place of an account in a [`Book`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry(pub u32);

impl Entry {
    /// The place of the same account in a book to which its own was [appended](Book::append) behind so many accounts.
    #[must_use]
    pub fn behind(self, accounts: u32) -> Self {
        Self(self.0.saturating_add(accounts))
    }
}

impl Book {
    /// Puts an account behind the others.
    pub fn push(&mut self, account: &Account) -> Entry {
        let entry = Entry(self.count);
        if self.chunks.last().is_none_or(Chunk::is_full) {
            self.close();
            self.chunks.push(Chunk::default());
            self.firsts.push(entry);
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(account);
            self.count = self.count.saturating_add(1);
        }
        entry
    }

    /// Puts the accounts of another book behind the others. Says how many there were before.
    pub fn append(&mut self, mut other: Self) -> u32 {
        let before = self.count;
        other.close();
        self.close();
        self.chunks.append(&mut other.chunks);
        self.firsts.extend(other.firsts.into_iter().map(|first| first.behind(before)));
        self.count = before.saturating_add(other.count);
        before
    }

    /// Gives back the memory that the last chunk took to grow.
    fn close(&mut self) {
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.close();
        }
    }

    /// Refills `account` with the one at `entry`; an entry that the book does not hold leaves it empty.
    pub fn read(&self, entry: Entry, account: &mut Account) {
        account.clear();
        let position = self.firsts.partition_point(|first| *first <= entry).wrapping_sub(1);
        if let Some((chunk, first)) = self.chunks.get(position).zip(self.firsts.get(position)) {
            chunk.read((entry.0 - first.0) as usize, account);
        }
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl Chunk {
    /// A chunk that grows beyond this many bytes takes no more accounts.
    const FULL: usize = 1 << 16;

    fn is_full(&self) -> bool {
        self.figures.len() + self.texts.len() > Self::FULL
    }

    fn close(&mut self) {
        self.figures.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    fn push(&mut self, account: &Account) {
        // A chunk that is not full is far smaller than this.
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        if let Some(review) = &account.review {
            self.reviews.push((self.starts.len(), review.clone()));
        }
        self.starts.push(Start { figures: place(self.figures.len()), texts: place(self.texts.len()) });
        Packer { figures: &mut self.figures, texts: &mut self.texts }.account(account);
    }

    fn read(&self, position: usize, account: &mut Account) {
        let Some(start) = self.starts.get(position) else { return };
        let figures = self.figures.get(start.figures as usize..).unwrap_or_default();
        let texts = self.texts.get(start.texts as usize..).unwrap_or_default();
        Unpacker { figures, texts }.account(account);
        let review = self.reviews.binary_search_by_key(&position, |(position, _)| *position);
        account.review = review.ok().map(|place| self.reviews[place].1.clone());
    }
}

const ABSENT: u64 = 0;
const NO: u64 = 1;
const YES: u64 = 2;
const WORD: u64 = 3;
const EXACT: u64 = 4;
/// Codes from here on are hundredths.
const HUNDREDTHS: u64 = 5;

struct Packer<'a> {
    figures: &'a mut Vec<u8>,
    texts: &'a mut String,
}

impl Packer<'_> {
    fn account(&mut self, account: &Account) {
        self.text(&account.id);
        self.text(&account.name);
        match &account.segment {
            Some(segment) => {
                self.count(1);
                self.text(segment);
            }
            None => self.count(0),
        }
        self.count(account.profile.index());
        self.value(Value::Number(account.arr));
        self.date(account.term.start);
        self.date(account.term.end);
        self.date(account.term.notice);
        self.value(account.term.auto_renew.map_or(Value::Absent, Value::Flag));
        self.count(match account.lifecycle {
            Lifecycle::Onboarding => 0,
            Lifecycle::Live => 1,
            Lifecycle::Churned => 2,
        });
        self.text(&account.owner);
        let values = account.row.values();
        let used = values.iter().rposition(|value| !value.is_absent()).map_or(0, |last| last + 1);
        self.count(used);
        for value in &values[..used] {
            self.value(*value);
        }
        self.count(account.other_words.len());
        for (slot, word) in &account.other_words {
            self.count(slot.index());
            self.text(word);
        }
        // Most commands do not look at the footprint, and then it is empty.
        if account.footprint == Footprint::default() {
            self.count(0);
        } else {
            self.count(1);
            self.footprint(&account.footprint);
        }
        self.texts(&account.attributes);
    }

    fn footprint(&mut self, footprint: &Footprint) {
        self.value(Value::Number(footprint.licensed_seats));
        self.value(Value::Number(footprint.active_seats));
        self.text(&footprint.plan_tier);
        self.texts(&footprint.available_tiers);
        self.count(footprint.modules.len());
        for module in footprint.modules.iter() {
            self.text(module.name);
            self.value(Value::Flag(module.adopted));
            self.value(Value::Number(module.usage_pct));
        }
        self.texts(&footprint.departments.current);
        self.texts(&footprint.departments.potential);
    }

    fn value(&mut self, value: Value) {
        match value {
            Value::Absent => self.varint(ABSENT),
            Value::Flag(false) => self.varint(NO),
            Value::Flag(true) => self.varint(YES),
            Value::Word(word) => {
                self.varint(WORD);
                self.count(usize::from(word.0));
            }
            Value::Number(number) => match hundredths(number) {
                Some(code) => self.varint(HUNDREDTHS + code),
                None => {
                    self.varint(EXACT);
                    self.figures.extend_from_slice(&number.to_bits().to_le_bytes());
                }
            },
        }
    }

    fn date(&mut self, date: Option<NaiveDate>) {
        self.value(date.map_or(Value::Absent, |date| Value::Number(f64::from(date.num_days_from_ce()))));
    }

    fn texts(&mut self, texts: &Texts) {
        self.count(texts.len());
        for text in texts.iter() {
            self.text(text);
        }
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.texts.push_str(text);
    }

    fn count(&mut self, count: usize) {
        self.varint(count as u64);
    }

    #[expect(clippy::cast_possible_truncation, reason = "only the low seven bits are taken")]
    fn varint(&mut self, mut number: u64) {
        // Most numbers fit one byte.
        if number < 0x80 {
            return self.figures.push(number as u8);
        }
        while number >= 0x80 {
            self.figures.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.figures.push(number as u8);
    }
}

/// The zigzag code of a number that is a whole count of hundredths, where dividing it by 100 gives the number back bit for bit.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and what does not come back is refused")]
fn hundredths(number: f64) -> Option<u64> {
    // Rounds to the nearest by a cast, which is much cheaper than a call of `round`.
    let whole = (number * 100.0 + 0.5_f64.copysign(number)) as i64;
    let comes_back = (whole as f64 / 100.0).to_bits() == number.to_bits();
    (comes_back && whole.unsigned_abs() < 1 << 40).then(|| (whole.unsigned_abs() << 1) | u64::from(whole < 0))
}

fn from_hundredths(code: u64) -> f64 {
    let size = (code >> 1) as f64;
    (if code & 1 == 1 { -size } else { size }) / 100.0
}

/// Reads what a [`Packer`] wrote. It comes from nowhere else, so a short read gives empty values rather than an error.
struct Unpacker<'a> {
    figures: &'a [u8],
    texts: &'a str,
}

impl<'a> Unpacker<'a> {
    fn account(&mut self, account: &mut Account) {
        account.id.push_str(self.text());
        account.name.push_str(self.text());
        if self.count() == 1 {
            account.segment = Some(self.text().to_owned());
        }
        account.profile = Profile(self.small());
        account.arr = self.number();
        account.term.start = self.date();
        account.term.end = self.date();
        account.term.notice = self.date();
        account.term.auto_renew = match self.value() {
            Value::Flag(flag) => Some(flag),
            _ => None,
        };
        account.lifecycle = match self.count() {
            0 => Lifecycle::Onboarding,
            1 => Lifecycle::Live,
            _ => Lifecycle::Churned,
        };
        account.owner.push_str(self.text());
        for slot in 0..self.small() {
            let value = self.value();
            account.row.set(Slot(slot), value);
        }
        for _ in 0..self.count() {
            let slot = Slot(self.small());
            account.other_words.push((slot, self.text().to_owned()));
        }
        if self.count() == 1 {
            self.footprint(&mut account.footprint);
        }
        self.texts(&mut account.attributes);
    }

    fn footprint(&mut self, footprint: &mut Footprint) {
        footprint.licensed_seats = self.number();
        footprint.active_seats = self.number();
        footprint.plan_tier.push_str(self.text());
        self.texts(&mut footprint.available_tiers);
        for _ in 0..self.count() {
            let name = self.text();
            let adopted = self.value() == Value::Flag(true);
            footprint.modules.push(Module { name, adopted, usage_pct: self.number() });
        }
        self.texts(&mut footprint.departments.current);
        self.texts(&mut footprint.departments.potential);
    }

    // As a call it would hand each value over in memory, and waiting for that takes longer than all the rest.
    #[inline]
    fn value(&mut self) -> Value {
        match self.varint() {
            ABSENT => Value::Absent,
            NO => Value::Flag(false),
            YES => Value::Flag(true),
            WORD => Value::Word(Word(self.small())),
            EXACT => {
                let Some((bits, rest)) = self.figures.split_first_chunk() else { return Value::Absent };
                self.figures = rest;
                Value::Number(f64::from_bits(u64::from_le_bytes(*bits)))
            }
            code => Value::Number(from_hundredths(code - HUNDREDTHS)),
        }
    }

    fn number(&mut self) -> f64 {
        self.value().number().unwrap_or(0.0)
    }

    #[expect(clippy::cast_possible_truncation, reason = "dates were packed from an i32")]
    fn date(&mut self) -> Option<NaiveDate> {
        let days = self.value().number()?;
        NaiveDate::from_num_days_from_ce_opt(days as i32)
    }

    fn texts(&mut self, texts: &mut Texts) {
        for _ in 0..self.count() {
            texts.push(self.text());
        }
    }

    fn text(&mut self) -> &'a str {
        let length = self.count();
        let (text, rest) = self.texts.split_at_checked(length).unwrap_or_default();
        self.texts = rest;
        text
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.varint()).unwrap_or(0)
    }

    fn small(&mut self) -> u16 {
        u16::try_from(self.varint()).unwrap_or(0)
    }

    fn varint(&mut self) -> u64 {
        if let Some((byte, rest)) = self.figures.split_first()
            && *byte < 0x80
        {
            self.figures = rest;
            return u64::from(*byte);
        }
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some((byte, rest)) = self.figures.split_first() else { return number };
            self.figures = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Kind, Metric, Schema};
    use proptest::prelude::*;

    fn schema(metrics: usize) -> Schema {
        let metric = |position| Metric::new(format!("block.metric_{position}"), Kind::Number);
        Schema::new((0..metrics).map(metric).collect())
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Absent),
            any::<bool>().prop_map(Value::Flag),
            any::<u16>().prop_map(|word| Value::Word(Word(word))),
            (-1_000_000_i32..1_000_000).prop_map(|number| Value::Number(f64::from(number) / 100.0)),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Number),
        ]
    }

    proptest! {
        #[test]
        fn accounts_come_back_as_they_were(
            values in prop::collection::vec(value(), 12),
            (id, name, segment) in (".*", ".*", proptest::option::of(".*")),
            arr in any::<f64>().prop_filter("finite", |arr| arr.is_finite()),
            day in proptest::option::of(-10_000_i32..1_000_000),
            modules in prop::collection::vec((".*", any::<bool>(), 0.0..100.0_f64), 0..5),
            tiers in prop::collection::vec(".*", 0..4),
            attributes in prop::collection::vec(".*", 0..4),
            summary in proptest::option::of(".*"),
        ) {
            let schema = schema(12);
            let mut account = Account::new(&schema);
            (account.id, account.name, account.segment, account.arr) = (id, name, segment, arr);
            account.term.end = day.and_then(NaiveDate::from_num_days_from_ce_opt);
            account.term.auto_renew = Some(true);
            account.lifecycle = Lifecycle::Onboarding;
            account.other_words.push((Slot(3), "meh".into()));
            for (slot, value) in (0..).zip(&values) {
                account.row.set(Slot(slot), *value);
            }
            for (name, adopted, usage_pct) in &modules {
                account.footprint.modules.push(Module { name, adopted: *adopted, usage_pct: *usage_pct });
            }
            for tier in &tiers {
                account.footprint.available_tiers.push(tier);
            }
            for attribute in &attributes {
                account.attributes.push(attribute);
            }
            account.review = summary.map(|summary| Box::new(Review { summary: Some(summary), ..Review::default() }));
            let mut book = Book::default();
            let first = book.push(&Account::new(&schema));
            let second = book.push(&account);
            let mut back = Account::new(&schema);
            book.read(second, &mut back);
            prop_assert_eq!(&back, &account);
            book.read(first, &mut back);
            prop_assert_eq!(&back, &Account::new(&schema));
        }
    }
}
