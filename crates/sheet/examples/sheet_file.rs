//! Writes an example sheet (invented) to a file, to look at or to time:
//! `cargo run --release -p sheet --example sheet_file -- FONT.ttf OUT.pdf COUNT PAPER [SYMBOLOGY DATA]`,
//! where PAPER is `30` (squares on A4), `188x65` (labels on A4) or `r40x25` (a roll), and SYMBOLOGY a
//! name like `EAN-13`; without it stamps bear links in QR.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::time::Instant;

use sheet::{Layout, Sheet, StampFace, pdf};
use stamp::Lang;
use stamp::carrier::Symbology;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [font, out, count, paper, symbol @ ..] = arguments.as_slice() else {
        return Err("FONT.ttf OUT.pdf COUNT PAPER [SYMBOLOGY DATA]".into());
    };
    let other = match symbol {
        [] => None,
        [name, data] => {
            let named = |symbology: &Symbology| symbology.name() == name;
            Some((Symbology::ALL.into_iter().find(named).ok_or("no such symbology")?, data))
        }
        _ => return Err("SYMBOLOGY DATA".into()),
    };
    let stamps = (0..count.parse::<usize>()?)
        .map(|turn| {
            let serial = format!("7K3M9Q{turn:06}");
            let link = format!("HTTPS://NGUON.EXAMPLE/01/08936012345678/10/L2406/21/{serial}");
            let (symbology, data) =
                other.map_or((Symbology::Qr, link), |(symbology, data)| (symbology, data.clone()));
            let mut lines = vec!["Chè Shan Tuyết (minh hoạ)".to_owned()];
            if symbology == Symbology::Qr {
                lines.push("(01)08936012345678".to_owned());
                lines.push(format!("(10)L2406(21){serial}"));
            }
            StampFace { symbology, data, lines }
        })
        .collect();
    let sides: Vec<f64> =
        paper.trim_start_matches('r').split('x').map(str::parse).collect::<Result<_, _>>()?;
    let layout = match *sides.as_slice() {
        [size_mm] => Layout::A4 { size_mm, cut_marks: true },
        [width_mm, height_mm] if paper.starts_with('r') => Layout::Roll { width_mm, height_mm },
        [width_mm, height_mm] => Layout::A4Labels { width_mm, height_mm, cut_marks: true },
        _ => return Err("PAPER is one side or two".into()),
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
