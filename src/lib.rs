//! Customer health, churn risk and expansion from the exports that a customer success team already has.

pub mod account;
pub mod analysis;
pub mod config;
pub mod engine;
pub mod intake;
