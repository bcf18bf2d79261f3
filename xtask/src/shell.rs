//! Running other programs, with a sentence when they fail.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) type Done = Result<(), String>;

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

pub(crate) fn fail(what: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", what.display())
}

/// Whether a program is on the path.
pub(crate) fn has(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs a program in the root; fails when it does.
pub(crate) fn run<A: AsRef<str>>(program: &str, args: &[A]) -> Done {
    run_in(program, args, &root(), &[])
}

pub(crate) fn run_in<A: AsRef<str>>(
    program: &str,
    args: &[A],
    folder: &Path,
    vars: &[(&str, &str)],
) -> Done {
    let words: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    eprintln!("$ {program} {}", words.join(" "));
    let mut command = Command::new(program);
    command.args(&words).current_dir(folder).envs(vars.iter().copied());
    let status =
        command.status().map_err(|error| format!("{program} could not be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{program} {} failed: {status}", words.join(" ")))
    }
}

/// Whether a program runs and succeeds, quietly.
pub(crate) fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a program prints.
pub(crate) fn output(program: &str, args: &[&str]) -> Result<String, String> {
    let done = Command::new(program)
        .args(args)
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    if !done.status.success() {
        return Err(format!("{program} {} failed: {}", args.join(" "), done.status));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("{program} printed no text"))
}

pub(crate) fn cargo(args: &[&str]) -> Done {
    cargo_with(args, &[])
}

pub(crate) fn cargo_with(args: &[&str], vars: &[(&str, &str)]) -> Done {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run_in(&program, args, &root(), vars)
}

/// The path of a built binary, wherever the target folder is.
pub(crate) fn binary(profile: &str, name: &str) -> Result<String, String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let path = target.join(profile).join(name);
    if path.is_file() {
        Ok(path.display().to_string())
    } else {
        Err(format!("{} was not built", path.display()))
    }
}
