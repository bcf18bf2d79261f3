//! Installing what a fresh machine lacks. Each step looks first and does nothing when the thing
//! is there, so that a second run costs a second.

use crate::shell::{Done, has, root, run, run_in, succeeds};

/// Debian packages that tests use: program to look for, package that brings it.
const PACKAGES: [(&str, &str); 5] = [
    ("chromium", "chromium"),
    ("zbarimg", "zbar-tools"),
    ("dmtxread", "dmtx-utils"),
    ("pdftoppm", "poppler-utils"),
    ("xmllint", "libxml2-utils"),
];

/// Styles, scripts and fonts: npm packages as locked, then the build. Needed by every build of
/// the program, because the files are embedded in it.
pub(crate) fn web() -> Done {
    let web = root().join("web");
    let lock = web.join("package-lock.json");
    let installed = web.join("node_modules/.package-lock.json");
    let age = |path: &std::path::Path| path.metadata().and_then(|data| data.modified()).ok();
    if age(&installed).is_none_or(|at| age(&lock).is_some_and(|changed| changed > at)) {
        run_in("npm", &["ci", "--no-audit", "--no-fund"], &web, &[])?;
    }
    run_in("npm", &["run", "--silent", "build"], &web, &[])
}

/// What tests need beyond Rust and Node.
pub(crate) fn tests() -> Done {
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|(program, _)| !has(program)).map(|(_, package)| *package).collect();
    let postgres = if server_programs() { None } else { Some("postgresql") };
    let mut wanted: Vec<&str> = missing.into_iter().chain(postgres).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if !wanted.is_empty() {
        install(&wanted)?;
    }
    reader().map(drop)
}

/// A Python that has the second symbol decoder (zxing-cpp of PyPI), in a folder of its own under
/// `target`, so that nothing of the system is changed.
pub(crate) fn reader() -> Result<String, String> {
    let folder = root().join("target/decoders");
    let python = folder.join("bin/python").display().to_string();
    if !succeeds(&python, &["-c", "import zxingcpp"]) {
        if !has("python3") {
            install(&["python3", "python3-venv"])?;
        }
        let place = folder.display().to_string();
        if run("python3", &["-m", "venv", &place]).is_err() {
            install(&["python3-venv"])?;
            run("python3", &["-m", "venv", &place])?;
        }
        run(
            &python,
            &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "zxing-cpp==3.1.1"],
        )?;
    }
    Ok(python)
}

/// Whether the PostgreSQL server's programs are somewhere tests look for them.
fn server_programs() -> bool {
    has("initdb")
        || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| {
            versions.any(|one| one.is_ok_and(|dir| dir.path().join("bin/initdb").is_file()))
        })
}

fn install(packages: &[&str]) -> Done {
    if !has("apt-get") {
        return Err(format!(
            "tests need {}: install them with the system's package manager, then run this again",
            packages.join(", ")
        ));
    }
    let root_user = succeeds("sh", &["-c", "test \"$(id -u)\" = 0"]);
    let (program, mut prefix) =
        if root_user { ("apt-get", Vec::new()) } else { ("sudo", vec!["apt-get"]) };
    let mut update = prefix.clone();
    update.extend(["update", "-qq"]);
    run(program, &update)?;
    prefix.extend(["install", "-y", "-qq", "--no-install-recommends"]);
    prefix.extend(packages);
    run_in(program, &prefix, &root(), &[("DEBIAN_FRONTEND", "noninteractive")])
}
