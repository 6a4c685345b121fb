//! One file per output format. They know documents and records, not what health or churn means.

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod template;
pub mod text;
pub mod xlsx;

mod clean;
mod figures;

pub use clean::{Clean, clean};
