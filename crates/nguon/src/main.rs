//! The command line of Nguồn.
fn main() {}
