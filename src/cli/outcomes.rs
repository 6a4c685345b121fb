//! Reading who left and who renewed, and what was done for whom.

use std::path::Path;

use super::Failure;
use super::input::Input;
use crate::config::mapping::DateFormat;
use crate::evidence::{Intervention, Outcome};
use crate::intake::{self, EventOptions, Problems, ReadError, Reading, Source};

/// Reads who left and who renewed up to the day that counts as today, and tells what is wrong with that.
pub fn read_outcomes(path: &Path, input: &Input<'_>, dates: Option<&DateFormat>) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = read(path, input, dates, intake::read_outcomes)?;
    if outcomes.is_empty() {
        return Err(Failure::Input(format!("{} holds no outcome", super::input::shown(path))));
    }
    let read = outcomes.len();
    outcomes.retain(|outcome| outcome.date <= input.as_of);
    let later = read - outcomes.len();
    if later > 0 {
        input.words.say(format_args!(
            "note: {later} of {read} outcomes dated after {}, the day that counts as today, left out",
            input.as_of
        ));
    }
    Ok(outcomes)
}

/// Reads what was done for whom, and tells what is wrong with that.
pub fn read_interventions(
    path: &Path,
    input: &Input<'_>,
    dates: Option<&DateFormat>,
) -> Result<Vec<Intervention>, Failure> {
    read(path, input, dates, intake::read_interventions)
}

fn read<T>(
    path: &Path,
    input: &Input<'_>,
    dates: Option<&DateFormat>,
    read: impl FnOnce(Source<'_>, EventOptions<'_>) -> Result<(Vec<T>, Problems), ReadError>,
) -> Result<Vec<T>, Failure> {
    let beside = input.beside(vec![path.to_owned()], input.as_of)?;
    let name = path.display().to_string();
    let options = EventOptions { dates, ..EventOptions::default() };
    let (rows, problems) = read(Source::new(&name, super::input::open(path)?), options)?;
    let invalid = problems.error_count();
    let reading = Reading { records: rows.len() as u64 + invalid, invalid, problems, ..Reading::default() };
    beside.tell(&reading, 0)?;
    Ok(rows)
}
