//! What GS1's own JavaScript toolkit does with a link, done here, for `bench/toolkit.sh`:
//! `cargo run --release -p gs1 --example toolkit_bench [seconds [name]]`.
//!
//! One JSON object a line: what was done, and how often in a second that the processor gave to it. Time
//! of the clock would measure what else a shared machine does.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gs1::compress::{Compression, compress, decompress};
use gs1::{Ai, Link, Message, Options};

/// An invented product, for illustration (minh hoạ).
const LINK: &str = "https://tx.example.vn/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T?17=261231";
const BRACKETED: &str = "(01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T(17)261231";

fn main() {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let time = Duration::from_secs_f64(seconds);
    let options = Options::default();
    let short = compress(&Link::parse(LINK).expect("a good link"), Compression::default());

    run("read and check a link", time, || {
        let message = Message::read(black_box(LINK), &options);
        message.is_ok_and(|message| message.get(Ai::SERIAL) == Some("7K3M9Q2XWP4T"))
    });
    run("turn a link into an element string", time, || {
        let message = Message::read(black_box(LINK), &options);
        message.is_ok_and(|message| message.ai_data().as_deref() == Some(BRACKETED))
    });
    run("turn a link into a compressed one", time, || {
        let link = Link::parse(black_box(LINK));
        link.is_ok_and(|link| compress(&link, Compression::default()) == short)
    });
    run("turn a compressed link into a link", time, || {
        decompress(black_box(&short)).is_ok_and(|link| link.address() == LINK)
    });
}

/// Repeats `work` for a while and prints how often it went.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn run(what: &str, time: Duration, work: impl Fn() -> bool) {
    const BATCH: u32 = 1000;
    if std::env::args().nth(2).is_some_and(|only| only != what) {
        return;
    }
    let clock = Clock::start();
    let mut done = 0_u64;
    while clock.passed() < time {
        for _ in 0..BATCH {
            assert!(work(), "{what}");
        }
        done += u64::from(BATCH);
    }
    let each = clock.passed().as_secs_f64() / done as f64;
    println!(r#"{{"what":"{what}","per_second":{:.0}}}"#, 1.0 / each);
}

/// The time that the processor gave to this thread, or where the system does not tell, of the clock.
struct Clock {
    wall: Instant,
    given: Option<Duration>,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), given: given() }
    }

    fn passed(&self) -> Duration {
        let since = self.given.and_then(|start| given()?.checked_sub(start));
        since.unwrap_or_else(|| self.wall.elapsed())
    }
}

fn given() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
