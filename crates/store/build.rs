//! Lists the migrations for embedding: a new numbered file is picked up by being there.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut code = String::new();
    for (constant, folder) in
        [("LOG_SQLITE", "log/sqlite"), ("LOG_POSTGRES", "log/postgres"), ("REGISTER", "register")]
    {
        list(&mut code, constant, &root.join(folder))?;
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("migrations.rs"), code)?;
    Ok(())
}

fn list(code: &mut String, constant: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                files.push(path);
            }
        }
    }
    files.sort();
    writeln!(code, "const {constant}: &[(&str, &str)] = &[")?;
    for path in files {
        let name =
            path.file_stem().and_then(|stem| stem.to_str()).ok_or("a file name is not UTF-8")?;
        let path = path.to_str().ok_or("the path of the sources is not UTF-8")?;
        writeln!(code, "    ({name:?}, include_str!({path:?})),")?;
    }
    writeln!(code, "];")?;
    Ok(())
}
