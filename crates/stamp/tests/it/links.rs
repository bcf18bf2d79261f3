//! Messages like those that stamps carry, and some that stress the modes.

use rand_core::{Rng as _, SeedableRng as _};
use stamp::qr::Level;

pub(crate) const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

/// A generator that gives the same numbers on every run.
pub(crate) fn numbers() -> impl FnMut(u64) -> u64 {
    let mut rng = rand_chacha::ChaCha20Rng::from_seed([42; 32]);
    move |below| rng.next_u64() % below
}

/// Digital Links with and without lot, in both cases, and `/t/` links.
pub(crate) fn links(count: usize) -> Vec<String> {
    let mut number = numbers();
    let hosts = ["nguon.example", "txng.dienbien.example", "a.vn"];
    let crockford = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..count)
        .map(|turn| {
            let mut word = |length: usize, digits: u64| -> String {
                (0..length).map(|_| char::from(crockford[number(digits) as usize])).collect()
            };
            let gtin = format!("0893{}", word(10, 10));
            let serial = word(12, 32);
            let path = match turn % 5 {
                0 => format!("01/{gtin}/21/{serial}"),
                1 => format!("01/{gtin}/10/{}/21/{serial}", word(turn % 20 + 1, 32)),
                2 => format!("01/{gtin}/10/{}", word(8, 10)),
                3 => format!("01/{gtin}/21/{}", word(14, 10)),
                _ => format!("t/T{}", word(9, 32)),
            };
            let link = format!("https://{}/{path}", hosts[turn % 3]);
            if turn % 2 == 0 { link.to_uppercase() } else { link }
        })
        .collect()
}

/// Messages of changing runs of digits, capitals, small letters, up to a few hundred characters.
pub(crate) fn mixtures(count: usize) -> Vec<String> {
    let mut number = numbers();
    (0..count)
        .map(|_| {
            let mut text = String::new();
            for _ in 0..=number(6) {
                let set = ["0123456789", "ABCXYZ $%*+-./:", "abcxyz_?&=#"][number(3) as usize];
                for _ in 0..=number(40) {
                    text.push(char::from(set.as_bytes()[number(set.len() as u64) as usize]));
                }
            }
            text
        })
        .collect()
}
