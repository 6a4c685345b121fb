//! The typed parse of the fields that a report of health reads. A program that only parses does no less than this, so the whole report
//! is measured by it.
//!
//! A buffer of 1 MiB is refilled, and each line is parsed where it stands. Texts borrow from it unless they hold escapes.

use std::borrow::Cow;
use std::io::{self, Read};

use serde::Deserialize;

/// The bytes that are read at once.
const BUFFER: usize = 1 << 20;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Account<'a> {
    #[serde(borrow)]
    customer_id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    segment: Cow<'a, str>,
    arr: Option<f64>,
    #[serde(borrow)]
    currency: Cow<'a, str>,
    #[serde(borrow)]
    lifecycle: Cow<'a, str>,
    #[serde(borrow)]
    csm: Cow<'a, str>,
    #[serde(borrow)]
    contract_start_date: Cow<'a, str>,
    #[serde(borrow)]
    contract_end_date: Cow<'a, str>,
    #[serde(borrow)]
    notice_date: Cow<'a, str>,
    auto_renew: Option<bool>,
    usage: Usage,
    engagement: Engagement,
    support: Support,
    #[serde(borrow)]
    relationship: Relationship<'a>,
    previous_period: Previous,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Usage {
    login_frequency: Option<f64>,
    feature_adoption: Option<f64>,
    dau_mau_ratio: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Engagement {
    support_ticket_volume: Option<f64>,
    meeting_attendance: Option<f64>,
    nps_score: Option<f64>,
    csat_score: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Support {
    open_tickets: Option<f64>,
    escalation_rate: Option<f64>,
    avg_resolution_hours: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Relationship<'a> {
    executive_sponsor_engagement: Option<f64>,
    multi_threading_depth: Option<f64>,
    #[serde(borrow)]
    renewal_sentiment: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Previous {
    #[serde(rename = "usage_score")]
    usage: Option<f64>,
    #[serde(rename = "engagement_score")]
    engagement: Option<f64>,
    #[serde(rename = "support_score")]
    support: Option<f64>,
    #[serde(rename = "relationship_score")]
    relationship: Option<f64>,
    #[serde(rename = "overall_score")]
    overall: Option<f64>,
}

/// What was found: the result rests on every field, so that none is left out of the work.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parsed {
    /// Accounts.
    pub accounts: u64,
    /// Accounts that renew by themselves.
    pub renewing: u64,
    /// Bytes of text.
    pub text: usize,
    /// The sum of all numbers.
    pub sum: f64,
}

impl Parsed {
    fn add(&mut self, account: &Account<'_>) {
        let Account { usage, engagement, support, relationship, previous_period: previous, .. } = account;
        let texts = [
            &account.customer_id,
            &account.name,
            &account.segment,
            &account.currency,
            &account.lifecycle,
            &account.csm,
            &account.contract_start_date,
            &account.contract_end_date,
            &account.notice_date,
            &relationship.renewal_sentiment,
        ];
        let numbers = [
            account.arr,
            usage.login_frequency,
            usage.feature_adoption,
            usage.dau_mau_ratio,
            engagement.support_ticket_volume,
            engagement.meeting_attendance,
            engagement.nps_score,
            engagement.csat_score,
            support.open_tickets,
            support.escalation_rate,
            support.avg_resolution_hours,
            relationship.executive_sponsor_engagement,
            relationship.multi_threading_depth,
            previous.usage,
            previous.engagement,
            previous.support,
            previous.relationship,
            previous.overall,
        ];
        self.accounts += 1;
        self.renewing += u64::from(account.auto_renew == Some(true));
        self.text += texts.iter().map(|text| text.len()).sum::<usize>();
        self.sum += numbers.into_iter().flatten().sum::<f64>();
    }
}

/// Parses a portfolio that has a customer to a line: lines of JSON, or an object with a list whose brackets stand on lines of
/// their own.
pub fn parse(mut bytes: impl Read) -> io::Result<Parsed> {
    let mut parsed = Parsed::default();
    let mut buffer = vec![0; BUFFER];
    let (mut start, mut end) = (0, 0);
    loop {
        while let Some(length) = line_length(&buffer[start..end]) {
            parse_line(&buffer[start..start + length], &mut parsed)?;
            start += length + 1;
        }
        buffer.copy_within(start..end, 0);
        (start, end) = (0, end - start);
        if end == buffer.len() {
            return Err(io::Error::other("a line has more than 1 MiB"));
        }
        match bytes.read(&mut buffer[end..])? {
            0 => return parse_line(&buffer[..end], &mut parsed).map(|()| parsed),
            more => end += more,
        }
    }
}

/// Where the line ends; eight bytes are looked at in one step.
fn line_length(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut words = bytes.chunks_exact(8);
    let mut at = 0;
    for word in &mut words {
        let word = u64::from_le_bytes(word.try_into().ok()?) ^ (ONES * u64::from(b'\n'));
        let found = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    words.remainder().iter().position(|byte| *byte == b'\n').map(|rest| at + rest)
}

fn parse_line(line: &[u8], parsed: &mut Parsed) -> io::Result<()> {
    let line = line.strip_suffix(b",").unwrap_or(line);
    if line.first() == Some(&b'{') && line.last() == Some(&b'}') {
        parsed.add(&serde_json::from_slice(line)?);
    }
    Ok(())
}
