//! The list of stamps that a print house merges into its own artwork: CSV as RFC 4180 has it, with
//! a byte order mark because spreadsheet programs take UTF-8 for something else without one. Cells
//! that a spreadsheet would run as a formula are disarmed.

use std::borrow::Cow;
use std::io::{self, Write};

use gs1::Lang;

/// One stamp to print, or labels that are all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The serial number; of labels that are all alike, how many are to be printed.
    pub first: &'a str,
    /// What the symbol holds, exactly: a link, a GTIN, or element strings with brackets, which programs
    /// for print encode with FNC1.
    pub data: &'a str,
    /// Human readable interpretation, "(01)…(10)…(21)…".
    pub text: &'a str,
    pub product: &'a str,
    pub lot: &'a str,
}

/// Writes a heading and one line a stamp, numbered from 1; `symbol` is the name of what holds the data,
/// `QR` or `GS1 DataMatrix`. Gives the number of stamps.
pub fn print_csv<'a>(
    symbol: &str,
    rows: impl IntoIterator<Item = Row<'a>>,
    lang: Lang,
    out: impl Write,
) -> io::Result<u64> {
    let first = match lang {
        Lang::Vi => "Số sê-ri",
        Lang::En => "Serial number",
    };
    write(symbol, first, rows, lang, out)
}

/// Writes a heading and one line for labels that are all alike, with their number.
pub fn copies_csv(symbol: &str, row: Row<'_>, lang: Lang, out: impl Write) -> io::Result<()> {
    let first = match lang {
        Lang::Vi => "Số nhãn",
        Lang::En => "Copies",
    };
    write(symbol, first, [row], lang, out).map(drop)
}

fn write<'a>(
    symbol: &str,
    first: &str,
    rows: impl IntoIterator<Item = Row<'a>>,
    lang: Lang,
    mut out: impl Write,
) -> io::Result<u64> {
    let content = match lang {
        Lang::Vi => format!("Nội dung mã {symbol}"),
        Lang::En => format!("{symbol} content"),
    };
    let heading = match lang {
        Lang::Vi => ["STT", first, &content, "Dòng chữ in", "Sản phẩm", "Số lô"],
        Lang::En => ["No.", first, &content, "Printed text", "Product", "Lot"],
    };
    out.write_all("\u{feff}".as_bytes())?;
    write_line(&mut out, heading)?;
    let mut count = 0_u64;
    for row in rows {
        count += 1;
        let number = count.to_string();
        write_line(&mut out, [&number, row.first, row.data, row.text, row.product, row.lot])?;
    }
    Ok(count)
}

fn write_line<const N: usize>(out: &mut impl Write, cells: [&str; N]) -> io::Result<()> {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        out.write_all(quoted(&safe_cell(cell)).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell that no spreadsheet program takes for a formula: one that starts with `=`, `+`, `-`, `@`
/// (also in their full width forms), tab, carriage return or line feed gets a leading apostrophe.
pub fn safe_cell(cell: &str) -> Cow<'_, str> {
    let risky = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    if cell.starts_with(risky) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Quotes a cell that holds a comma, a quotation mark or a line break (RFC 4180, clause 2).
fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(product: &str) -> String {
        let row = Row {
            first: "7K3M9Q2XWPA4",
            data: "HTTPS://NGUON.EXAMPLE/01/08936012345678/21/7K3M9Q2XWPA4",
            text: "(01)08936012345678(21)7K3M9Q2XWPA4",
            product,
            lot: "L1",
        };
        let mut out = Vec::new();
        assert_eq!(print_csv("QR", [row], Lang::Vi, &mut out).expect("to memory"), 1);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_print_list_is_utf8_with_mark_and_crlf() {
        assert_eq!(
            written("Chè Shan Tuyết (minh hoạ)"),
            "\u{feff}STT,Số sê-ri,Nội dung mã QR,Dòng chữ in,Sản phẩm,Số lô\r\n\
             1,7K3M9Q2XWPA4,HTTPS://NGUON.EXAMPLE/01/08936012345678/21/7K3M9Q2XWPA4,\
             (01)08936012345678(21)7K3M9Q2XWPA4,Chè Shan Tuyết (minh hoạ),L1\r\n"
        );
    }

    #[test]
    fn labels_that_are_all_alike_are_one_line_with_their_number() {
        let row = Row {
            first: "240",
            data: "(01)08936012345678(10)L1",
            text: "(01) 08936012345678 (10) L1",
            product: "Chè",
            lot: "L1",
        };
        let mut out = Vec::new();
        copies_csv("GS1-128", row, Lang::Vi, &mut out).expect("to memory");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "\u{feff}STT,Số nhãn,Nội dung mã GS1-128,Dòng chữ in,Sản phẩm,Số lô\r\n\
             1,240,(01)08936012345678(10)L1,(01) 08936012345678 (10) L1,Chè,L1\r\n"
        );
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_inside_their_cell() {
        assert!(written("a,b").contains(",\"a,b\",L1\r\n"));
        assert!(written("gạo \"Séng Cù\"").contains(",\"gạo \"\"Séng Cù\"\"\",L1\r\n"));
        assert!(written("a\r\nb").contains(",\"a\r\nb\",L1\r\n"));
    }

    #[test]
    fn a_cell_never_starts_as_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            let cell = format!("{start}HYPERLINK(0)");
            assert_eq!(safe_cell(&cell), format!("'{cell}"));
        }
        assert!(written("=1+1").contains(",'=1+1,L1\r\n"));
        assert_eq!(safe_cell("gạo - 5 kg"), "gạo - 5 kg");
    }
}
