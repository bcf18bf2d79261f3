//! Symbols a second of our encoder and of three others, on the links of stamps, one core, in one
//! run: `cargo run --release -p stamp --example qr_bench`. Prints the table of `bench/qr.md`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::hint::black_box;
use std::time::Instant;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use stamp::Serial;
use stamp::qr::{Level, encode};

const LINKS: usize = 2000;
const ROUNDS: usize = 15;

/// An encoder that gives the side of the symbol in modules.
type Encoder = (&'static str, fn(&str) -> usize);

const ENCODERS: [Encoder; 4] = [
    ("stamp", |link| encode(link, Level::M).map_or(0, |symbol| symbol.size())),
    ("fast_qr 0.14", |link| {
        let builder = fast_qr::QRBuilder::new(link).ecl(fast_qr::ECL::M).build();
        builder.map_or(0, |symbol| symbol.size)
    }),
    ("qrcodegen 1.8", |link| {
        let symbol = qrcodegen::QrCode::encode_text(link, qrcodegen::QrCodeEcc::Medium);
        symbol.map_or(0, |symbol| symbol.size() as usize)
    }),
    ("qrcode 0.14", |link| {
        let symbol = qrcode::QrCode::with_error_correction_level(link, qrcode::EcLevel::M);
        symbol.map_or(0, |symbol| symbol.width())
    }),
];

fn main() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut link = |upper: bool| {
        let gtin = 8_930_000_000_000 + rng.next_u64() % 10_000_000_000;
        let lot = rng.next_u64() % 10_000;
        let serial = Serial::random(&mut rng);
        let link = format!("https://nguon.example/01/{gtin:014}/10/L24-{lot:04}/21/{serial}");
        if upper { link.to_uppercase() } else { link }
    };
    for (name, upper) in [("upper-case links", true), ("lower-case links", false)] {
        let links: Vec<_> = (0..LINKS).map(|_| link(upper)).collect();
        println!("{LINKS} {name} of {} characters, level M\n", links[0].len());
        println!("| encoder | symbols/s, median | our speed / its | mean side, modules |");
        println!("|---|---|---|---|");
        let mut seconds = [const { Vec::new() }; 4];
        let mut modules = [0; 4];
        // In turn, so that whatever else the machine does falls on all of them.
        for _ in 0..ROUNDS {
            for (index, (_, encoder)) in ENCODERS.iter().enumerate() {
                let start = Instant::now();
                modules[index] = links.iter().map(|link| black_box(encoder(link))).sum();
                seconds[index].push(start.elapsed().as_secs_f64());
            }
        }
        let medians = seconds.map(|mut rounds| {
            rounds.sort_by(f64::total_cmp);
            rounds[ROUNDS / 2]
        });
        for (index, (name, _)) in ENCODERS.iter().enumerate() {
            println!(
                "| {name} | {:.0} | {:.2} | {:.1} |",
                LINKS as f64 / medians[index],
                medians[index] / medians[0],
                modules[index] as f64 / LINKS as f64
            );
        }
        println!();
    }
}
