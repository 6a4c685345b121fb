//! Tables: a row per customer, or per event of one, with a header for each column.

mod rows;
