//! The `csm` command.

fn main() {}
