//! Finds the SQL of a crate by walking its source, and says where it breaks the rules that hold
//! from the first table on (rules 1 and 3 of scaling past one machine), so that what works on one
//! PostgreSQL also works on a distributed one.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A `sql!("…")` literal in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    pub text: String,
}

/// All `sql!` literals of the `.rs` files under a folder, in order of file and line. Lines that are
/// comments do not count.
pub fn statements_in(folder: &Path) -> io::Result<Vec<Found>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file)?;
        for (start, marker) in source.match_indices("sql!") {
            let line_start = source[..start].rfind('\n').map_or(0, |end| end + 1);
            if source[line_start..start].trim_start().starts_with("//") {
                continue;
            }
            if let Some(text) = literal(&source[start + marker.len()..]) {
                let line = source[..start].matches('\n').count() + 1;
                found.push(Found { file: file.clone(), line, text });
            }
        }
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads `("…")`, `(r"…")` or `(r#"…"#)` as the compiler would.
fn literal(after: &str) -> Option<String> {
    let inner = after.strip_prefix('(')?.trim_start();
    if let Some(raw) = inner.strip_prefix('r') {
        let fence = raw.len() - raw.trim_start_matches('#').len();
        let close = format!("\"{}", "#".repeat(fence));
        let text = raw[fence..].strip_prefix('"')?;
        return Some(text[..text.find(&close)?].to_owned());
    }
    let mut text = String::new();
    let mut chars = inner.strip_prefix('"')?.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// Constructs that a distributed PostgreSQL does not have, or that SQLite and PostgreSQL understand
/// differently.
const REFUSED: [(&str, &str); 9] = [
    ("RECURSIVE", "recursive SQL does not run across machines; walk hop by hop"),
    ("NEXTVAL", "no database sequences"),
    ("AUTOINCREMENT", "no database sequences"),
    ("BIGSERIAL", "no database sequences"),
    ("SERIAL", "no database sequences"),
    ("IDENTITY", "no database sequences"),
    ("SEQUENCE", "no database sequences"),
    ("OFFSET", "pages are cut by key, never by counting rows"),
    ("ILIKE", "SQLite has no ILIKE; compare folded text"),
];

/// Written small, these are good names for columns.
const ALSO_NAMES: [&str; 4] = ["SERIAL", "IDENTITY", "SEQUENCE", "OFFSET"];

/// What is wrong with a statement by its words alone. Quoted text does not count.
pub fn statement_faults(sql: &str) -> Vec<String> {
    let bare = without_quoted(sql);
    let words: Vec<&str> = bare.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let has = |word: &str| {
        let exact = ALSO_NAMES.contains(&word);
        words.iter().any(|found| *found == word || (!exact && found.eq_ignore_ascii_case(word)))
    };
    let mut faults: Vec<String> = REFUSED
        .iter()
        .filter(|(word, _)| has(word))
        .map(|(word, why)| format!("{word}: {why}"))
        .collect();
    if bare.contains("::") {
        faults.push("`::` is not a cast on SQLite; write CAST(… AS …)".to_owned());
    }
    if bare.contains('?') {
        faults.push("`?` is not a parameter on PostgreSQL; write $1".to_owned());
    }
    faults
}

/// What is wrong with DDL: the above, and keys of the named tables that do not begin with the
/// distribution column.
pub fn ddl_faults(ddl: &str, distribution: &[(&str, &str)]) -> Vec<String> {
    let without_comments: String = ddl
        .lines()
        .map(|line| line.split("--").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n");
    let mut faults = statement_faults(&without_comments);
    for (table, column) in distribution {
        let start = format!("CREATE TABLE {table} (");
        let Some(body) =
            without_comments.split(&start).nth(1).and_then(|rest| rest.split(';').next())
        else {
            faults.push(format!("there is no table {table}"));
            continue;
        };
        let mut keyed = false;
        for line in body.lines().map(str::trim) {
            let upper = line.to_ascii_uppercase();
            if !upper.contains("PRIMARY KEY") && !upper.contains("UNIQUE") {
                continue;
            }
            keyed |= upper.contains("PRIMARY KEY");
            let first = if upper.starts_with("PRIMARY KEY") || upper.starts_with("UNIQUE") {
                line.split('(').nth(1).unwrap_or("")
            } else {
                line
            };
            let first = first.split([' ', ',', ')']).next().unwrap_or("");
            if first != *column {
                faults.push(format!("a key of {table} begins with {first}, not with {column}"));
            }
        }
        if !keyed {
            faults.push(format!("{table} has no primary key"));
        }
        for index in without_comments.split("CREATE UNIQUE INDEX").skip(1) {
            let index = index.split(';').next().unwrap_or("");
            let Some((on, columns)) =
                index.split_once(" ON ").and_then(|(_, on)| on.split_once('('))
            else {
                continue;
            };
            if on.trim() == *table && !columns.trim_start().starts_with(column) {
                faults.push(format!("a unique index of {table} does not begin with {column}"));
            }
        }
    }
    faults
}

fn without_quoted(sql: &str) -> String {
    sql.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

#[cfg(test)]
mod tests {
    use super::{ddl_faults, literal, statement_faults};

    #[test]
    fn a_literal_is_read_as_the_compiler_reads_it() {
        assert_eq!(literal("(\"a \\\n    b\\\"c\")").as_deref(), Some("a b\"c"));
        assert_eq!(literal("(r#\"a \"b\" c\"#)").as_deref(), Some("a \"b\" c"));
        assert_eq!(literal("($text:literal)"), None);
    }

    #[test]
    fn what_does_not_scale_or_is_not_portable_is_refused() {
        assert!(
            statement_faults("SELECT 'WITH RECURSIVE ?', serial FROM serial_number").is_empty()
        );
        for bad in [
            "WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a",
            "SELECT nextval('x')",
            "CREATE TABLE t (id bigserial)",
            "CREATE TABLE t (id SERIAL)",
            "SELECT a FROM t LIMIT $1 OFFSET $2",
            "SELECT a::text FROM t",
            "SELECT a FROM t WHERE b = ?",
        ] {
            assert_eq!(statement_faults(bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn a_key_must_begin_with_the_distribution_column() {
        let ddl = "CREATE TABLE posting (\n id TEXT NOT NULL,\n seq BIGINT,\n PRIMARY KEY (seq, id)\n);\n\
                   CREATE UNIQUE INDEX u ON posting (seq);";
        assert_eq!(ddl_faults(ddl, &[("posting", "id")]).len(), 2);
        assert!(ddl_faults(ddl, &[("posting", "seq")]).is_empty());
        assert_eq!(ddl_faults("CREATE TABLE a (\n x BIGINT\n);", &[("a", "x")]).len(), 1);
    }
}
