//! Reading a range of stamps as people give it: numbers on the roll, serial numbers, or what a camera
//! or a scanner puts into the field, the link in QR or the element strings in GS1 DataMatrix.

use stamp::Serial;
use store::{params, sql};

use crate::app::App;
use crate::shared::Fail;
use crate::shared::form::Form;

/// What was typed for one end of a range.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Ordinal(i64),
    Serial(Serial),
}

/// The serial number in the element strings of a stamp of ours, which end with it: with brackets, as
/// readers give them, and as those do that leave out symbology identifier or separators.
fn in_elements(text: &str) -> Option<Serial> {
    let text = text.trim().trim_start_matches("]d2").trim_start_matches('\u{1d}');
    let (head, serial) = text.split_at_checked(text.len().checked_sub(stamp::serial::LENGTH)?)?;
    let product = head.starts_with("01") || head.starts_with("(01)");
    let named = head.ends_with("21") || head.ends_with("(21)");
    if product && named { Serial::parse(serial).ok() } else { None }
}

fn end(text: &str) -> Option<End> {
    let last = text.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.split(['?', '#']).next().unwrap_or_default();
    let bare: String = last.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    if (1..=6).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare.parse().ok().map(End::Ordinal);
    }
    Serial::parse(last).ok().map(End::Serial)
}

/// Reads the fields `from` and `to`; notes faults at them.
pub(super) async fn range(app: &App, order: i64, form: &mut Form) -> Result<(i64, i64), Fail> {
    let from = one(app, order, form, "from").await?;
    let to = one(app, order, form, "to").await?;
    Ok((from, to))
}

async fn one(app: &App, order: i64, form: &mut Form, name: &str) -> Result<i64, Fail> {
    // The separators that scanners send are control characters, which no other text may have.
    if let Some(serial) = in_elements(form.entered.value(name)) {
        form.entered.set(name, serial.as_str());
    }
    let text = form.text(name, 300);
    if form.entered.fault(name).is_some() {
        return Ok(0);
    }
    match end(&text) {
        Some(End::Ordinal(ordinal)) => Ok(ordinal),
        Some(End::Serial(serial)) => {
            let found = app
                .store
                .query_one(
                    sql!("SELECT ordinal FROM stamp WHERE serial = $1 AND stamp_order = $2"),
                    &params![serial.as_str(), order],
                )
                .await?;
            let Some(row) = found else {
                form.fault(
                    name,
                    "Tem này không thuộc đơn đặt này.",
                    "This stamp is not of this order.",
                );
                return Ok(0);
            };
            Ok(row.get(0)?)
        }
        None => {
            form.fault(
                name,
                "Nhập số thứ tự trên cuộn, hoặc số tem 12 ký tự, hoặc quét tem.",
                "Enter the number on the roll, or the 12 characters of a stamp, or scan it.",
            );
            Ok(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_number_a_serial_number_or_a_scanned_link() {
        let serial = || Some(End::Serial(Serial::parse("7K3M9Q2XWP4T").unwrap()));
        assert_eq!(end(" 1.200 "), Some(End::Ordinal(1200)));
        assert_eq!(end("7k3m-9q2x-wp4t"), serial());
        assert_eq!(end("HTTPS://X.EXAMPLE/01/08931234567897/10/A/21/7K3M9Q2XWP4T"), serial());
        assert_eq!(end("https://x.example/t/7K3M9Q2XWP4T?lang=en"), serial());
        assert_eq!(end("tem đầu"), None);
        assert_eq!(end(""), None);
    }

    #[test]
    fn a_data_matrix_that_was_scanned_is_a_serial_number() {
        let serial = Serial::parse("7K3M9Q2XWP4T").ok();
        for scanned in [
            "010893123456789710SC-0726\u{1d}217K3M9Q2XWP4T",
            "]d2010893123456789710SC-0726\u{1d}217K3M9Q2XWP4T",
            "\u{1d}010893123456789710SC-0726\u{1d}217K3M9Q2XWP4T",
            "010893123456789710SC-0726217K3M9Q2XWP4T",
            "(01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T",
        ] {
            assert_eq!(in_elements(scanned), serial, "{scanned:?}");
        }
        for other in
            ["", "1", "7K3M9Q2XWP4T", "8931234567897", "(01)08931234567897(10)SC-0726", "ôôôôôôô"]
        {
            assert_eq!(in_elements(other), None, "{other:?}");
        }
    }
}
