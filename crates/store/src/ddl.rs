//! The register's DDL is one text. PostgreSQL takes it as it is; for SQLite its types become those
//! of STRICT tables, so that SQLite is as strict as PostgreSQL about what a column may hold.

/// Rewrites types and makes every table STRICT. Quoted text and comments are left alone.
pub(crate) fn for_sqlite(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    let mut depth = 0_usize;
    let mut table = false;
    let mut statement_words = 0;
    let mut after_double = false;
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, tail) = rest.split_at(length);
        rest = tail;
        if first.is_ascii_alphabetic() || first == '_' {
            let upper = token.to_ascii_uppercase();
            statement_words += 1;
            // CREATE TABLE or CREATE TABLE IF NOT EXISTS, not CREATE INDEX … ON.
            if statement_words == 2 {
                table = upper == "TABLE";
            }
            let word = match upper.as_str() {
                "BIGINT" | "BOOLEAN" => "INT",
                "BYTEA" => "BLOB",
                "DOUBLE" => "REAL",
                "PRECISION" if after_double => "",
                _ => token,
            };
            after_double = upper == "DOUBLE";
            out.push_str(word);
            continue;
        }
        match first {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && table {
                    out.push_str(") STRICT");
                    table = false;
                    continue;
                }
            }
            ';' => {
                statement_words = 0;
                table = false;
            }
            _ => {}
        }
        out.push_str(token);
    }
    out
}

/// The length of the token at the start of `rest`: a word, a quoted text, a comment, or one
/// character.
fn token_length(rest: &str, first: char) -> usize {
    match first {
        '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
        '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
        '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
        _ if first.is_ascii_alphanumeric() || first == '_' => {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        }
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::for_sqlite;

    #[test]
    fn portable_types_become_strict_ones_and_quoted_text_stays() {
        let portable = "-- a BIGINT; (comment)\nCREATE TABLE t (\n  a BIGINT PRIMARY KEY,\n  b BOOLEAN NOT NULL DEFAULT TRUE,\n  \
                        c BYTEA, d DOUBLE PRECISION CHECK (d > 0),\n  e TEXT DEFAULT 'BIGINT; it''s )'\n);\n\
                        CREATE INDEX t_a ON t (a);\n";
        let strict = "-- a BIGINT; (comment)\nCREATE TABLE t (\n  a INT PRIMARY KEY,\n  b INT NOT NULL DEFAULT TRUE,\n  \
                      c BLOB, d REAL  CHECK (d > 0),\n  e TEXT DEFAULT 'BIGINT; it''s )'\n) STRICT;\n\
                      CREATE INDEX t_a ON t (a);\n";
        assert_eq!(for_sqlite(portable), strict);
    }
}
