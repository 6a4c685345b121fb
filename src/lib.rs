//! Customer health, churn risk and expansion from the exports that a customer success team already has.

pub mod engine;

pub mod account;

pub mod analysis;

pub mod config;

pub mod intake;

pub mod report;

pub mod render;

pub mod cli;
