//! Tables as workbooks for Excel and its like.

mod blank;
mod fit;
mod frame;
mod rows;
mod style;
mod text;
mod workbook;

pub use blank::blank;
pub use workbook::write;

/// The last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;
