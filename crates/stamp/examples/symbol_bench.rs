//! Symbols a second other than QR, on what labels of goods carry, one core, in one run:
//! `cargo run --release -p stamp --example symbol_bench`. Prints the tables of `bench/symbols.md`.
#![expect(clippy::print_stdout, reason = "the tables are what this program is for")]

use std::hint::black_box;
use std::time::Instant;

use datamatrix::{DataMatrix, SymbolList};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use stamp::Serial;
use stamp::carrier::{Symbology, encode};
use stamp::datamatrix::{Shape, encode as data_matrix, encode_gs1};

const LABELS: usize = 2000;
const ROUNDS: usize = 15;

/// A name, and an encoder that gives the area of the symbol in modules.
type Encoder = (&'static str, fn(&str) -> usize);

/// Encoders of raw element strings, taking turns.
const ELEMENTS: [Encoder; 2] = [
    ("stamp", |raw| {
        encode_gs1(raw, Shape::Square).map_or(0, |symbol| symbol.rows() * symbol.columns())
    }),
    ("datamatrix 0.3", |raw| {
        let symbol = DataMatrix::encode_gs1(raw.as_bytes(), SymbolList::default().enforce_square());
        symbol.map_or(0, |symbol| symbol.bitmap().width().pow(2))
    }),
];

const LINKS: [Encoder; 2] = [
    ("stamp", |link| {
        data_matrix(link, Shape::Square).map_or(0, |symbol| symbol.rows() * symbol.columns())
    }),
    ("datamatrix 0.3", |link| {
        let symbol = DataMatrix::encode(link.as_bytes(), SymbolList::default().enforce_square());
        symbol.map_or(0, |symbol| symbol.bitmap().width().pow(2))
    }),
];

/// From text to drawn path, input checked.
fn drawn(symbology: Symbology, data: &str) -> usize {
    encode(symbology, data).map_or(0, |carrier| carrier.drawing().svg_path().len())
}

const DRAWN: [Encoder; 3] = [
    ("GS1 DataMatrix", |raw| drawn(Symbology::Gs1DataMatrix, raw)),
    ("GS1 QR", |raw| drawn(Symbology::Gs1Qr, raw)),
    ("GS1-128", |raw| drawn(Symbology::Gs1128, raw)),
];

fn main() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut labels = Vec::new();
    let mut links = Vec::new();
    for _ in 0..LABELS {
        let body = format!("0893{:09}", rng.next_u64() % 1_000_000_000);
        let gtin = format!("{body}{}", gs1::check_digit(&body).unwrap_or(0));
        let lot = rng.next_u64() % 10_000;
        let serial = Serial::random(&mut rng);
        labels.push(format!("01{gtin}10L24-{lot:04}\u{1d}21{serial}"));
        links.push(format!("HTTPS://NGUON.EXAMPLE/01/{gtin}/10/L24-{lot:04}/21/{serial}"));
    }
    table("GS1 DataMatrix of GTIN, lot and serial number", &labels, &ELEMENTS, true);
    table("Data Matrix of a link with the same", &links, &LINKS, true);
    table("Checked, encoded and drawn as a path", &labels, &DRAWN, false);
}

fn table(name: &str, inputs: &[String], encoders: &[Encoder], peers: bool) {
    let mut seconds = vec![Vec::new(); encoders.len()];
    let mut sums = vec![0; encoders.len()];
    // In turn, so that whatever else the machine does falls on all of them.
    for _ in 0..ROUNDS {
        for (index, (_, encoder)) in encoders.iter().enumerate() {
            let start = Instant::now();
            sums[index] = inputs.iter().map(|input| black_box(encoder(input))).sum();
            seconds[index].push(start.elapsed().as_secs_f64());
        }
    }
    println!("{name}, {LABELS} of {} characters\n", inputs[0].len());
    let last = if peers { "mean area, modules" } else { "mean path, bytes" };
    println!("| | symbols/s, median | speed of the first / its | {last} |\n|---|---|---|---|");
    let medians: Vec<f64> = seconds
        .into_iter()
        .map(|mut rounds| {
            rounds.sort_by(f64::total_cmp);
            rounds[ROUNDS / 2]
        })
        .collect();
    for (index, (name, _)) in encoders.iter().enumerate() {
        println!(
            "| {name} | {:.0} | {:.2} | {:.1} |",
            LABELS as f64 / medians[index],
            medians[index] / medians[0],
            sums[index] as f64 / LABELS as f64
        );
    }
    println!();
}
