//! What was wrong with the data, in a line.

use super::document::{Cell, Line};
use crate::intake::Reading;

/// How many records were left out and how many warnings there are; `None` where there is nothing to say.
pub fn quality_line(reading: &Reading) -> Option<Line> {
    let warnings = reading.problems.warning_count();
    let mut line = Line::default();
    if reading.invalid > 0 {
        line.push(Cell::Count(reading.invalid));
        line.push(" of ");
        line.push(Cell::Count(reading.records));
        line.push(" records left out as invalid. ");
    }
    if warnings > 0 {
        line.push(Cell::Count(warnings));
        line.push(if warnings == 1 {
            " warning about the data: see the messages, or data_quality in JSON."
        } else {
            " warnings about the data: see the messages, or data_quality in JSON."
        });
    }
    (!line.0.is_empty()).then_some(line)
}
