//! Results that are written as they are made: a line for each account, in input order, none of them kept.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::input::Input;
use super::output::Destination;
use super::progress::Progress;
use crate::account::Account;
use crate::analysis::{Assessment, Findings, Flow, Survey};
use crate::intake::{Portion, Reading};
use crate::report::Context;
use crate::report::record::Extent;
use crate::workers::Then;

/// Writes the accounts that a survey lists, each as `push_record` puts it behind others, and tells what is wrong with the portfolio. The
/// findings have totals and no accounts.
pub fn write<'m>(
    input: &'m Input<'_>,
    mut survey: Survey<'m>,
    target: Option<&Path>,
    extent: Extent,
    push_record: &(impl Fn(&Context<'_>, &Account, &Assessment, bool, &mut Vec<u8>) -> io::Result<()> + Sync),
) -> Result<Findings<'m>, Failure> {
    let needs = input.needs(survey.assessor());
    // What comes of reading is known only behind the last record, and no record says anything of it.
    let reading = Reading::default();
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    let push = |account: &Account, assessment: &Assessment, lines: &mut Vec<u8>| {
        push_record(&context, account, assessment, extent.detail, lines)
    };
    let mut out = Destination::open(target)?;
    let mut left = extent.top.unwrap_or(usize::MAX);
    let mut written = 0;
    let mut failed = None;
    let (surveyor, sums) = survey.split();
    // Lines on the terminal are progress enough.
    let progress = if out.is_terminal() { Progress::hidden() } else { input.progress() };
    let reading = input.flow(
        &needs,
        &progress,
        &|| Lines { flow: surveyor.flow(), push: &push, bytes: Vec::new(), count: 0, made: Ok(()) },
        &mut |lines| {
            sums.take_flow(&lines.flow);
            let count = lines.count.min(left);
            left -= count;
            written += count as u64;
            match lines.made.and_then(|()| out.write_all(first(&lines.bytes, count))).and_then(|()| out.flush()) {
                Ok(()) => Then::GoOn,
                Err(error) => {
                    failed = Some(error);
                    Then::Stop
                }
            }
        },
    );
    drop(progress);
    if let Some(error) = failed {
        return Err(out.failure(error));
    }
    input.tell(&reading?, if out.is_seen() { written } else { 0 })?;
    let findings = survey.finish();
    input.say_where_nothing_is_left(findings.totals());
    out.keep()?;
    Ok(findings)
}

/// The lines of the accounts of a portion. Any thread can make them.
struct Lines<'s, F> {
    flow: Flow<'s>,
    push: &'s F,
    bytes: Vec<u8>,
    /// How many there are.
    count: usize,
    /// Whether all could be made.
    made: io::Result<()>,
}

impl<F> Portion for Lines<'_, F>
where
    F: Fn(&Account, &Assessment, &mut Vec<u8>) -> io::Result<()> + Sync,
{
    fn add(&mut self, account: &Account) {
        let Self { flow, push, bytes, count, made } = self;
        if let Some(assessment) = flow.add(account)
            && made.is_ok()
        {
            *made = push(account, assessment, bytes);
            *count += 1;
        }
    }
}

/// So many of the first lines; there are no fewer.
fn first(lines: &[u8], count: usize) -> &[u8] {
    let last = count.checked_sub(1).and_then(|last| memchr::memchr_iter(b'\n', lines).nth(last));
    last.map_or(&[], |end| &lines[..=end])
}
