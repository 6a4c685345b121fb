//! Many accounts in little memory.

use chrono::{Datelike, NaiveDate};

use super::{Account, Footprint, Lifecycle, Module, Profile, Review, Texts};
use crate::engine::{Slot, Value, Word, whole_hundredths};

/// Accounts packed one behind the other, to be scored again when their order is known.
///
/// Small whole numbers take one byte, other numbers with at most two decimals two to seven and all others nine, so a value comes back bit
/// for bit. Names that many accounts have stand in a chunk once.
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
    recurring: Recurring,
    starts: Vec<Start>,
    /// The notes for reviews, which few accounts have and few commands read, by the positions of their accounts.
    reviews: Vec<(usize, Box<Review>)>,
}

/// Where an account begins in its chunk.
#[derive(Debug, Clone, Copy)]
struct Start {
    figures: u16,
    texts: u16,
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
        let segment = account.segment.take().unwrap_or_default();
        account.clear();
        let position = self.firsts.partition_point(|first| *first <= entry).wrapping_sub(1);
        if let Some((chunk, first)) = self.chunks.get(position).zip(self.firsts.get(position)) {
            chunk.read((entry.0 - first.0) as usize, account, segment);
        }
    }

    /// The places of all accounts, in the order in which they were put there.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + use<> {
        (0..self.count).map(Entry)
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
    const FULL: usize = u16::MAX as usize;

    fn is_full(&self) -> bool {
        self.figures.len() + self.texts.len() > Self::FULL
    }

    fn close(&mut self) {
        self.figures.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.recurring.places.shrink_to_fit();
        self.recurring.last = Vec::new();
    }

    fn push(&mut self, account: &Account) {
        // A chunk that is not full is no longer than this.
        let place = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        if let Some(review) = &account.review {
            self.reviews.push((self.starts.len(), review.clone()));
        }
        self.starts.push(Start { figures: place(self.figures.len()), texts: place(self.texts.len()) });
        let Self { figures, texts, recurring, .. } = self;
        Packer { figures, texts, recurring }.account(account);
    }

    fn read(&self, position: usize, account: &mut Account, segment: String) {
        let Some(start) = self.starts.get(position) else { return };
        let figures = self.figures.get(usize::from(start.figures)..).unwrap_or_default();
        let texts = self.texts.get(usize::from(start.texts)..).unwrap_or_default();
        Unpacker { figures, texts, all: (&self.texts, &self.recurring) }.account(account, segment);
        let review = self.reviews.binary_search_by_key(&position, |(position, _)| *position);
        account.review = review.ok().map(|place| self.reviews[place].1.clone());
    }
}

/// What the first byte of a value says. Up to [`codes::WHOLE`] it is the value itself or says what follows, from there to
/// [`codes::HUNDREDTHS`] it is a whole number, and from there on it begins a number of two or three bytes.
mod codes {
    pub const NO: u8 = 0;
    pub const YES: u8 = 1;
    pub const EXACT: u8 = 2;
    pub const SCALED: u8 = 3;
    pub const OTHER_WORD: u8 = 4;
    pub const WORD: u8 = 5;
    pub const WHOLE: u8 = 10;
    pub const HUNDREDTHS: u8 = 0x80;
    pub const LARGE: u8 = 0xc0;
    pub const NEGATIVE: u8 = 0xe0;
}

/// The bits of the first byte of an account: two for the lifecycle, two for the renewal, and what there is beside what all have.
mod shape {
    pub const AUTO_RENEW: u8 = 2;
    pub const OWNER: u8 = 1 << 4;
    pub const OTHER_WORDS: u8 = 1 << 5;
    pub const FOOTPRINT: u8 = 1 << 6;
    pub const ATTRIBUTES: u8 = 1 << 7;
}

/// 2021-01-01, counted from the beginning of our era. Dates that are not more than twenty years away take two bytes.
const MIDDLE_DAY: i32 = 737_791;

struct Packer<'a> {
    figures: &'a mut Vec<u8>,
    texts: &'a mut String,
    recurring: &'a mut Recurring,
}

impl Packer<'_> {
    fn account(&mut self, account: &Account) {
        let has = Self::shape(account);
        self.figures.push(has);
        self.text(&account.id);
        self.text(&account.name);
        // No segment is less than an empty one.
        match &account.segment {
            Some(segment) => self.name(segment, 1),
            None => self.count(0),
        }
        self.count(account.profile.index());
        self.number(account.arr);
        self.date(account.term.start);
        self.date(account.term.end);
        self.date(account.term.notice);
        if !account.owner.is_empty() {
            self.name(&account.owner, 0);
        }
        self.row(account.row.values());
        if !account.other_words.is_empty() {
            self.count(account.other_words.len());
            for (slot, word) in &account.other_words {
                self.count(slot.index());
                self.text(word);
            }
        }
        // Most commands do not look at the footprint, and then it is empty.
        if has & shape::FOOTPRINT != 0 {
            self.footprint(&account.footprint);
        }
        if !account.attributes.is_empty() {
            self.names(&account.attributes);
        }
    }

    fn shape(account: &Account) -> u8 {
        let flag = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
        let auto_renew = account.term.auto_renew.map_or(0, |flag| 1 + u8::from(flag));
        account.lifecycle as u8
            | auto_renew << shape::AUTO_RENEW
            | flag(!account.owner.is_empty(), shape::OWNER)
            | flag(!account.other_words.is_empty(), shape::OTHER_WORDS)
            | flag(!account.footprint.is_empty(), shape::FOOTPRINT)
            | flag(!account.attributes.is_empty(), shape::ATTRIBUTES)
    }

    /// A bit for each value that is there, then these values.
    fn row(&mut self, values: &[Value]) {
        let used = values.iter().rposition(|value| !value.is_absent()).map_or(0, |last| last + 1);
        self.count(used);
        for eight in values[..used].chunks(8) {
            let bits = eight.iter().rev().fold(0, |bits, value| bits << 1 | u8::from(!value.is_absent()));
            self.figures.push(bits);
            for value in eight {
                self.value(*value);
            }
        }
    }

    fn footprint(&mut self, footprint: &Footprint) {
        self.number(footprint.licensed_seats);
        self.number(footprint.active_seats);
        self.name(&footprint.plan_tier, 0);
        self.names(&footprint.available_tiers);
        self.count(footprint.modules.len());
        for module in footprint.modules.iter() {
            self.name(module.name, 0);
            self.value(Value::Flag(module.adopted));
            self.number(module.usage_pct);
        }
        self.names(&footprint.departments.current);
        self.names(&footprint.departments.potential);
    }

    /// A value that is there; one that is absent takes nothing.
    fn value(&mut self, value: Value) {
        match value {
            Value::Absent => {}
            Value::Flag(flag) => self.figures.push(if flag { codes::YES } else { codes::NO }),
            Value::Word(Word(word)) if word < u16::from(codes::WHOLE - codes::WORD) => {
                self.figures.push(codes::WORD + word.to_le_bytes()[0]);
            }
            Value::Word(Word(word)) => {
                self.figures.push(codes::OTHER_WORD);
                self.count(usize::from(word));
            }
            Value::Number(number) => self.number(number),
        }
    }

    #[inline]
    fn number(&mut self, number: f64) {
        // Most numbers are small and whole.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "what does not come back is no such number"
        )]
        let small = number as u8;
        if small < codes::HUNDREDTHS - codes::WHOLE && f64::from(small).to_bits() == number.to_bits() {
            return self.figures.push(codes::WHOLE + small);
        }
        let Some(hundredths) = whole_hundredths(number) else {
            self.figures.push(codes::EXACT);
            return self.figures.extend_from_slice(&number.to_bits().to_le_bytes());
        };
        let [first, second, ..] = hundredths.unsigned_abs().to_le_bytes();
        let whole = hundredths / 100;
        let is_whole = hundredths % 100 == 0;
        if (0..0x4000).contains(&hundredths) {
            self.figures.extend_from_slice(&[codes::HUNDREDTHS | second, first]);
        } else if (-0x1fff..0).contains(&hundredths) {
            self.figures.extend_from_slice(&[codes::NEGATIVE | second, first]);
        } else if is_whole && (0..1 << 21).contains(&whole) {
            let [first, second, third, ..] = whole.to_le_bytes();
            self.figures.extend_from_slice(&[codes::LARGE | third, second, first]);
        } else {
            self.figures.push(codes::SCALED);
            self.varint(hundredths.unsigned_abs() << 1 | u64::from(hundredths < 0));
        }
    }

    fn date(&mut self, date: Option<NaiveDate>) {
        let Some(date) = date else { return self.count(0) };
        let days = i64::from(date.num_days_from_ce()) - i64::from(MIDDLE_DAY);
        self.varint((days.unsigned_abs() << 1 | u64::from(days < 0)) + 1);
    }

    fn names(&mut self, texts: &Texts) {
        self.count(texts.len());
        for text in texts.iter() {
            self.name(text, 0);
        }
    }

    /// A text that many accounts of the chunk may have; `from` is where its codes begin.
    fn name(&mut self, name: &str, from: usize) {
        match self.recurring.find(name, self.texts) {
            Some(place) => self.count(from + 1 + place),
            None => {
                self.count(from);
                self.recurring.note(name, self.texts.len());
                self.text(name);
            }
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

/// The texts of a chunk that stand there once however many accounts have them, such as the names of segments and modules.
#[derive(Debug, Clone, Default)]
struct Recurring {
    /// Where they stand, in the order in which they came.
    places: Vec<(u16, u16)>,
    /// The last text of each hash, counted from 1; 0 where there is none. Gone once the chunk is closed.
    last: Vec<u8>,
}

impl Recurring {
    /// No more than this many are noted, so that a chunk of free texts takes no more memory than they do.
    const MOST: usize = u8::MAX as usize;

    fn text<'t>(&self, place: usize, texts: &'t str) -> Option<&'t str> {
        let (start, length) = *self.places.get(place)?;
        texts.get(usize::from(start)..usize::from(start) + usize::from(length))
    }

    fn find(&self, text: &str, texts: &str) -> Option<usize> {
        let place = usize::from(*self.last.get(Self::hash(text))?).checked_sub(1)?;
        (self.text(place, texts)? == text).then_some(place)
    }

    /// Notes a text that will stand at `start`.
    fn note(&mut self, text: &str, start: usize) {
        let Some(place) = u16::try_from(start).ok().zip(u16::try_from(text.len()).ok()) else { return };
        if self.places.len() < Self::MOST {
            self.places.push(place);
            self.last.resize(1 << 8, 0);
            self.last[Self::hash(text)] = self.places.len().to_le_bytes()[0];
        }
    }

    /// A number below 256 that differs for most names.
    fn hash(text: &str) -> usize {
        let bytes = text.as_bytes();
        let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let (head, tail) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => (number(bytes), bytes.len() as u64),
        };
        usize::from((head ^ tail.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0])
    }
}

/// Reads what a [`Packer`] wrote. It comes from nowhere else, so a short read gives empty values rather than an error.
struct Unpacker<'a> {
    figures: &'a [u8],
    texts: &'a str,
    /// All texts of the chunk, and which of them recur.
    all: (&'a str, &'a Recurring),
}

impl<'a> Unpacker<'a> {
    /// Fills an account that is empty but for the memory of its segment.
    fn account(&mut self, account: &mut Account, mut segment: String) {
        let has = self.byte();
        account.lifecycle = match has & 3 {
            0 => Lifecycle::Onboarding,
            1 => Lifecycle::Live,
            _ => Lifecycle::Churned,
        };
        account.term.auto_renew = match has >> shape::AUTO_RENEW & 3 {
            0 => None,
            flag => Some(flag == 2),
        };
        account.id.push_str(self.text());
        account.name.push_str(self.text());
        if let Some(code) = self.count().checked_sub(1) {
            segment.clear();
            segment.push_str(self.named(code));
            account.segment = Some(segment);
        }
        account.profile = Profile(self.small());
        account.arr = self.number();
        account.term.start = self.date();
        account.term.end = self.date();
        account.term.notice = self.date();
        if has & shape::OWNER != 0 {
            account.owner.push_str(self.name());
        }
        self.row(account);
        if has & shape::OTHER_WORDS != 0 {
            for _ in 0..self.count() {
                let slot = Slot(self.small());
                account.other_words.push((slot, self.text().to_owned()));
            }
        }
        if has & shape::FOOTPRINT != 0 {
            self.footprint(&mut account.footprint);
        }
        if has & shape::ATTRIBUTES != 0 {
            self.names(&mut account.attributes);
        }
    }

    fn row(&mut self, account: &mut Account) {
        let used = self.small();
        for first in (0..used).step_by(8) {
            let mut bits = self.byte();
            while bits != 0 {
                let slot = first + u16::try_from(bits.trailing_zeros()).unwrap_or_default();
                let value = self.value();
                account.row.set(Slot(slot), value);
                bits &= bits - 1;
            }
        }
    }

    fn footprint(&mut self, footprint: &mut Footprint) {
        footprint.licensed_seats = self.number();
        footprint.active_seats = self.number();
        footprint.plan_tier.push_str(self.name());
        self.names(&mut footprint.available_tiers);
        for _ in 0..self.count() {
            let name = self.name();
            let adopted = self.value() == Value::Flag(true);
            footprint.modules.push(Module { name, adopted, usage_pct: self.number() });
        }
        self.names(&mut footprint.departments.current);
        self.names(&mut footprint.departments.potential);
    }

    // As a call it would hand each value over in memory, and waiting for that takes longer than all the rest.
    #[inline]
    fn value(&mut self) -> Value {
        match self.byte() {
            codes::NO => Value::Flag(false),
            codes::YES => Value::Flag(true),
            codes::OTHER_WORD => Value::Word(Word(self.small())),
            word @ codes::WORD..codes::WHOLE => Value::Word(Word(u16::from(word - codes::WORD))),
            first => Value::Number(self.number_from(first)),
        }
    }

    fn number(&mut self) -> f64 {
        let first = self.byte();
        self.number_from(first)
    }

    #[inline]
    fn number_from(&mut self, first: u8) -> f64 {
        match first {
            codes::WHOLE..codes::HUNDREDTHS => f64::from(first - codes::WHOLE),
            codes::HUNDREDTHS..codes::LARGE => {
                f64::from(u16::from_be_bytes([first - codes::HUNDREDTHS, self.byte()])) / 100.0
            }
            codes::LARGE..codes::NEGATIVE => {
                f64::from(u32::from_be_bytes([0, first - codes::LARGE, self.byte(), self.byte()]))
            }
            codes::NEGATIVE.. => -f64::from(u16::from_be_bytes([first - codes::NEGATIVE, self.byte()])) / 100.0,
            codes::SCALED => {
                let code = self.varint();
                let size = (code >> 1) as f64 / 100.0;
                if code & 1 == 1 { -size } else { size }
            }
            codes::EXACT => {
                let Some((bits, rest)) = self.figures.split_first_chunk() else { return 0.0 };
                self.figures = rest;
                f64::from_bits(u64::from_le_bytes(*bits))
            }
            _ => 0.0,
        }
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let code = self.varint().checked_sub(1)?;
        let size = i32::try_from(code >> 1).ok()?;
        NaiveDate::from_num_days_from_ce_opt(MIDDLE_DAY + if code & 1 == 1 { -size } else { size })
    }

    fn names(&mut self, texts: &mut Texts) {
        for _ in 0..self.count() {
            texts.push(self.name());
        }
    }

    fn name(&mut self) -> &'a str {
        let code = self.count();
        self.named(code)
    }

    fn named(&mut self, code: usize) -> &'a str {
        let (texts, recurring) = self.all;
        match code.checked_sub(1) {
            Some(place) => recurring.text(place, texts).unwrap_or_default(),
            None => self.text(),
        }
    }

    fn text(&mut self) -> &'a str {
        let length = self.count();
        let (text, rest) = self.texts.split_at_checked(length).unwrap_or_default();
        self.texts = rest;
        text
    }

    fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.figures.split_first() else { return 0 };
        self.figures = rest;
        *byte
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.varint()).unwrap_or(0)
    }

    fn small(&mut self) -> u16 {
        u16::try_from(self.varint()).unwrap_or(0)
    }

    fn varint(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
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
            (0..8_u16).prop_map(|word| Value::Word(Word(word))),
            (-1_000_000_i32..1_000_000).prop_map(|number| Value::Number(f64::from(number) / 100.0)),
            (-300..300_i32).prop_map(|number| Value::Number(f64::from(number))),
            (0..10_000_000_i32).prop_map(|number| Value::Number(f64::from(number))),
            Just(Value::Number(-0.0)),
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
