//! Set-up and chores, so that a fresh machine needs two commands: `cargo xtask demo` runs the
//! demonstration, `cargo xtask test` installs what tests need and runs them all. No dependencies,
//! so that it builds in a second.

mod arrows;
mod lint;
mod setup;
mod shell;

use shell::{Done, fail};

const USAGE: &str = "\
cargo xtask demo [ARGS]   build and run the demonstration (ARGS go to `nguon demo`)
cargo xtask test [FILTER] set up and run every test; FILTER goes to nextest and leaves the browser out
cargo xtask web           install and build styles, scripts, fonts
cargo xtask e2e           the browser tests alone
cargo xtask lint          formatting, clippy, dependency arrows, file sizes
cargo xtask setup         install what tests need (PostgreSQL, Chromium, decoders)
";

fn main() {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match command.as_str() {
        "demo" => demo(&rest),
        "test" => test(&rest),
        "web" => setup::web(),
        "e2e" => setup::tests().and_then(|()| setup::web()).and_then(|()| e2e()),
        "lint" => lint::all(),
        "setup" => setup::tests(),
        _ => {
            eprint!("{USAGE}");
            std::process::exit(2);
        }
    };
    if let Err(problem) = done {
        eprintln!("xtask: {problem}");
        std::process::exit(1);
    }
}

fn demo(args: &[String]) -> Done {
    setup::web()?;
    shell::cargo(&["build", "--release", "--package", "nguon"])?;
    let mut words = vec!["demo".to_owned()];
    words.extend(args.iter().cloned());
    shell::run(&shell::binary("release", "nguon")?, &words)
}

fn test(args: &[String]) -> Done {
    setup::tests()?;
    setup::web()?;
    let filter: Vec<&str> = args.iter().map(String::as_str).collect();
    // The real parts must be there: a missing one fails instead of being skipped.
    let python = setup::reader()?;
    let must =
        [("NGUON_POSTGRES", "1"), ("NGUON_DECODERS", "1"), ("NGUON_PYTHON", python.as_str())];
    let mut words = vec!["nextest", "run", "--workspace", "--no-fail-fast"];
    words.extend(&filter);
    if shell::has("cargo-nextest") {
        shell::cargo_with(&words, &must)?;
    } else {
        let mut plain = vec!["test", "--workspace", "--no-fail-fast"];
        plain.extend(&filter);
        shell::cargo_with(&plain, &must)?;
    }
    if !filter.is_empty() {
        return Ok(());
    }
    shell::cargo(&["test", "--workspace", "--doc", "--quiet"])?;
    e2e()
}

/// Drives the demonstration with a real browser.
fn e2e() -> Done {
    shell::cargo(&["build", "--package", "nguon"])?;
    let binary = shell::binary("debug", "nguon")?;
    let web = shell::root().join("web");
    let mut tests = Vec::new();
    let folder = web.join("e2e");
    for entry in std::fs::read_dir(&folder).map_err(|error| fail(&folder, &error))? {
        let path = entry.map_err(|error| fail(&folder, &error))?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            tests.push(path.display().to_string());
        }
    }
    tests.sort();
    let mut words = vec!["--test".to_owned(), "--test-concurrency=1".to_owned()];
    words.extend(tests);
    shell::run_in("node", &words, &web, &[("NGUON_BIN", &binary)])
}
