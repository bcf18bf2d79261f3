//! Runs a command with one PostgreSQL cluster for all its test processes (`NGUON_TEST_POSTGRES`),
//! and ends the cluster after it: `cargo run -p store --example with_postgres -- cargo nextest
//! run`.

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode};

use store::testing::{Cluster, SHARED};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let program = arguments.next().ok_or("the command to run is missing")?;
    let cluster = Cluster::start_with(&["fsync=off", "synchronous_commit=off"])?;
    let status = Command::new(program).args(arguments).env(SHARED, cluster.address()).status()?;
    drop(cluster);
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
