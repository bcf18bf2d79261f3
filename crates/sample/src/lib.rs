//! An invented province for demonstrations, tests and benches: organisations, products, lots with their
//! diaries, stamps with their scans, doubts, and pictures drawn by rule. Nothing here touches a store or a clock;
//! `server` plays the values through its own functions in the order of [`Province::steps_in_order`].
//!
//! All people, firms, brands, certificate numbers and test results are made up and say so (“minh hoạ”). Communes are
//! real units of Điện Biên (province 11), since an address must exist to be valid; numbers of national standards are
//! real too. The same seed, scale and day make the same province, and the first of `scale` copies is the same at any scale.

mod catalogue;
mod chains;
mod lots;
mod names;
mod organisations;
mod papers;
mod picture;
mod rng;
mod scene;
mod types;
mod world;

pub use lots::*;
pub use picture::picture;
pub use scene::{PictureSpec, Scene};
pub use types::*;

use jiff::civil::Date;

/// Makes the province.
///
/// `scale` (at least 1) is how many copies of the basic province it has. Crops are those of the last year whose two rice
/// seasons were over by `today`; meat and vegetables are of the weeks before. Nothing is dated `today` or later.
///
/// ```
/// let province = sample::generate(2026, 1, jiff::civil::date(2026, 11, 22));
/// assert!(province.lots.len() >= 60);
/// assert!(province.organisations.iter().all(|one| one.legal_name.ends_with("(minh hoạ)")));
/// ```
pub fn generate(seed: u64, scale: u32, today: Date) -> Province {
    let scale = scale.max(1);
    let mut province = Province { seed, scale, today, ..Province::default() };
    papers::staff(&mut province);
    for copy in 0..scale {
        let mut world = world::World::new(&mut province, copy);
        organisations::add(&mut world);
        catalogue::add(&mut world);
        papers::certificates(&mut world);
        chains::add(&mut world);
        papers::doubts(&mut world);
    }
    province
}
