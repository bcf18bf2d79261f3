//! Writes an example sheet (invented) to a file, to look at or to time:
//! `cargo run --release -p sheet --example sheet_file -- FONT.ttf OUT.pdf COUNT SIZE_MM`.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::time::Instant;

use sheet::{Layout, Sheet, StampFace, pdf};
use stamp::Lang;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [font, out, count, size] = arguments.as_slice() else {
        return Err("FONT.ttf OUT.pdf COUNT SIZE_MM".into());
    };
    let stamps = (0..count.parse::<usize>()?)
        .map(|turn| {
            let serial = format!("7K3M9Q{turn:06}");
            StampFace {
                link: format!("HTTPS://NGUON.EXAMPLE/01/08936012345678/10/L2406/21/{serial}"),
                lines: vec![
                    "Chè Shan Tuyết (minh hoạ)".to_owned(),
                    "(01)08936012345678".to_owned(),
                    format!("(10)L2406(21){serial}"),
                ],
            }
        })
        .collect();
    let size = size.parse()?;
    let layout = if size > 0.0 {
        Layout::A4 { size_mm: size, cut_marks: true }
    } else {
        Layout::Roll { width_mm: 40.0, height_mm: 25.0 }
    };
    let order = Sheet {
        title: vec!["Tem truy xuất nguồn gốc (minh hoạ)".to_owned(), "Lô L2406".to_owned()],
        date: "22/11/2026".to_owned(),
        lang: Lang::Vi,
        layout,
        stamps,
    };
    let font = std::fs::read(font)?;
    let start = Instant::now();
    let printed = pdf(&order, &font)?;
    println!(
        "{} stamps on {} pages in {:.2} s, {} bytes, modules of {:.3} mm, warnings {:?}",
        order.stamps.len(),
        printed.pages,
        start.elapsed().as_secs_f64(),
        printed.bytes.len(),
        printed.module_mm,
        printed.warnings,
    );
    std::fs::write(out, printed.bytes)?;
    Ok(())
}
