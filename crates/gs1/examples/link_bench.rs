//! How fast links and scans are read, checked and written, on one core:
//! `cargo run --release -p gs1 --example link_bench [seconds [name]]`,
//! where a name leaves out what is called otherwise.
//!
//! One JSON object a line: what was done, how often in a second, and how many nanoseconds once. The
//! same four-element link is read by GS1's own C engine in `bench/`, where both stand side by side in
//! one run; a peer's figure belongs beside `read and check a link`, which has the same checks on.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gs1::compress::{Compression, compress, decompress};
use gs1::link::View;
use gs1::{Link, Message, Options, Reading, canonical_id};

/// An invented product, for illustration (minh hoạ).
const LINK: &str = "https://tx.example.vn/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T?17=261231";
const SCAN: &str = "]d201089312345678971726123110SC-0726\u{1d}217K3M9Q2XWP4T";
const BRACKETED: &str = "(01)08931234567897(17)261231(10)SC-0726(21)7K3M9Q2XWP4T";

fn main() {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let time = Duration::from_secs_f64(seconds);
    let options = Options::default();
    let link = Link::parse(LINK).expect("a good link");
    let short = compress(&link, Compression::default());

    run("look at a link", time, || View::parse(black_box(LINK), Reading::tolerant()).is_ok());
    run("read a link", time, || Link::parse(black_box(LINK)).is_ok());
    run("read and check a link", time, || Message::read(black_box(LINK), &options).is_ok());
    run("read and check a link, write its canonical form", time, || {
        let message = Message::read(black_box(LINK), &options);
        message.is_ok_and(|message| message.canonical_link().is_some())
    });
    run("read and check a scan", time, || Message::read(black_box(SCAN), &options).is_ok());
    run("read and check a bracketed string", time, || {
        Message::read(black_box(BRACKETED), &options).is_ok()
    });
    run("canonical identity of a link", time, || !canonical_id(black_box(LINK)).is_empty());
    run("compress", time, || !compress(black_box(&link), Compression::default()).is_empty());
    run("decompress", time, || decompress(black_box(&short)).is_ok());
}

/// Repeats `work` for a while and prints how often it went.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn run(what: &str, time: Duration, work: impl Fn() -> bool) {
    const BATCH: u32 = 1000;
    if std::env::args().nth(2).is_some_and(|only| only != what) {
        return;
    }
    let start = Instant::now();
    let mut done = 0_u64;
    while start.elapsed() < time {
        for _ in 0..BATCH {
            assert!(work(), "{what}");
        }
        done += u64::from(BATCH);
    }
    let each = start.elapsed().as_nanos() as f64 / done as f64;
    println!(r#"{{"what":"{what}","per_second":{:.0},"nanoseconds":{each:.0}}}"#, 1e9 / each);
}
