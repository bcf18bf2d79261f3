//! The first sheet of an order as SVG in millimetres, so that a screen shows it in true size. It
//! shows where stamps stand and what they look like; the PDF, which `sheet` draws, is what counts.

use std::fmt::Write as _;

use stamp::Serial;
use stamp::qr::{QUIET_ZONE, encode};

use super::carrier::Carrier;
use super::order::Order;
use crate::shared::{Fail, L};

/// Most stamps drawn with their real codes: more would make the page heavy and show nothing new.
pub(super) const MOST: i64 = 12;

/// Margin and gap of `sheet`'s A4 pages, in millimetres.
const MARGIN: f64 = 11.0;
const GAP: f64 = 2.0;
const FOOTER: f64 = 6.0;
const A4: (f64, f64) = (210.0, 297.0);

/// The sheet.
pub(super) fn svg(
    order: &Order,
    public_url: &str,
    l: L,
    serials: &[Serial],
) -> Result<String, Fail> {
    let (page, carrier, columns, rows) = geometry(order.carrier);
    let taken = columns as f64 * (carrier.0 + GAP) - GAP;
    let left = (page.0 - taken) / 2.0;
    let top = if rows == 1 { 0.0 } else { MARGIN };
    let title = l.t("Tờ tem đầu tiên, đúng kích thước", "The first sheet in true size");
    let mut out = format!(
        r##"<svg class="stamp-sheet" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}" role="img" aria-label="{title}"><path fill="#fff" d="M0 0h{w}v{h}H0z"/>"##,
        w = page.0,
        h = page.1
    );
    let places = (columns * rows).min(usize::try_from(order.quantity).unwrap_or(usize::MAX));
    for place in 0..places {
        let x = left + (place % columns) as f64 * (carrier.0 + GAP);
        let y = top + (place / columns) as f64 * (carrier.1 + GAP);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            r##"<path fill="none" stroke="#999" stroke-width=".15" d="M{x:.2} {y:.2}h{}v{}h-{}z"/>"##,
            carrier.0, carrier.1, carrier.0
        );
        if let Some(serial) = serials.get(place) {
            one(&mut out, order, public_url, l, serial, (x, y), carrier)?;
        }
    }
    out.push_str("</svg>");
    Ok(out)
}

fn geometry(carrier: Carrier) -> ((f64, f64), (f64, f64), usize, usize) {
    match carrier {
        Carrier::A4(size) => {
            let size = f64::from(size);
            let fitting = |room: f64| ((room + GAP) / (size + GAP)).floor() as usize;
            let columns = fitting(A4.0 - 2.0 * MARGIN);
            let rows = fitting(A4.1 - 2.0 * MARGIN - FOOTER);
            (A4, (size, size), columns, rows)
        }
        Carrier::Roll(width, height) => {
            let size = (f64::from(width), f64::from(height));
            (size, size, 1, 1)
        }
    }
}

/// One stamp: the code at the upper edge (at the left on wide labels), text in what is left.
fn one(
    out: &mut String,
    order: &Order,
    public_url: &str,
    l: L,
    serial: &Serial,
    at: (f64, f64),
    carrier: (f64, f64),
) -> Result<(), Fail> {
    let link = order.face.link(public_url, serial)?;
    let symbol = encode(&link, sheet::LEVEL).map_err(Fail::internal)?;
    let wide = carrier.0 > carrier.1;
    let side = if wide { carrier.1 } else { carrier.0 * 0.78 };
    let modules = (symbol.size() + 2 * QUIET_ZONE) as f64;
    let shift = if wide { 0.0 } else { (carrier.0 - side) / 2.0 };
    let _ = write!(
        out,
        r#"<path transform="translate({:.2} {:.2}) scale({:.4})" d="{}"/>"#,
        at.0 + shift,
        at.1,
        side / modules,
        symbol.svg_path(QUIET_ZONE)
    );
    let size = if wide { carrier.1 / 13.0 } else { carrier.0 / 18.0 };
    let (x, mut y) = if wide {
        (at.0 + side, at.1 + size * 2.5)
    } else {
        (at.0 + size, at.1 + side + size * 0.6)
    };
    let room = if wide { carrier.0 - side } else { carrier.0 - 2.0 * size };
    for line in order.face.lines(l, serial)? {
        let fitting = (room / (size * 0.56)) as usize;
        let shown: String = line.chars().take(fitting).collect();
        let _ = write!(out, r#"<text x="{x:.2}" y="{y:.2}" font-size="{size:.2}">"#);
        for character in shown.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                other => out.push(other),
            }
        }
        out.push_str("</text>");
        y += size * 1.2;
    }
    Ok(())
}
