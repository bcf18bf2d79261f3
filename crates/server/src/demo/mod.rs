//! The demonstration: plays the invented province of `sample` through the same functions that
//! the pages call, at the times at which things are said to have happened. Nothing is written
//! past them, so whatever a person could not do, the demonstration cannot either.

mod clock;
mod goods;
mod people;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;

use crate::app::App;
use crate::shared::{Fail, text};
use clock::Told;

/// An account that a visitor may use.
pub struct DemoAccount {
    /// `administrator`, `officer`, `reviewer`, `inspector`, `manager`, `member`.
    pub role: String,
    pub login: String,
    pub password: String,
}

/// What a visitor needs to begin.
pub struct Loaded {
    /// A stamp that is genuine and active, as a link to open.
    pub scan_link: String,
    /// The same as the symbol carries it.
    pub stamp_link: String,
    pub accounts: Vec<DemoAccount>,
    /// A key of the organisation behind `scan_link`, with the rights to capture and query.
    pub api_key: String,
}

/// What the player has made so far, by the sample's keys.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) clock: Arc<Told>,
    pub(crate) staff: BTreeMap<String, i64>,
    /// Organisation and its manager's account.
    pub(crate) organisations: BTreeMap<String, (i64, i64)>,
    pub(crate) places: BTreeMap<String, i64>,
    pub(crate) products: BTreeMap<String, i64>,
    pub(crate) lots: BTreeMap<String, i64>,
    /// The last dispatch of a lot by an organisation, by their ids.
    pub(crate) shipments: BTreeMap<(i64, i64), String>,
    pub(crate) accounts: Vec<DemoAccount>,
}

impl Stage {
    /// Sets the clock to a Vietnamese civil time.
    pub(crate) fn at(&self, time: DateTime) {
        if let Some(micros) = vietnam::format::instant(time) {
            self.clock.set(micros);
        }
    }

    pub(crate) fn organisation(&self, key: &str) -> Result<(i64, i64), Fail> {
        found(&self.organisations, key)
    }
}

/// Looks a key of the sample up; a missing one is a fault of the sample.
pub(crate) fn found<V: Copy>(map: &BTreeMap<String, V>, key: &str) -> Result<V, Fail> {
    map.get(key)
        .copied()
        .ok_or_else(|| Fail::internal(format!("the sample names “{key}” before it is made")))
}

/// Makes the province. `progress` hears how many of how many pieces are done.
pub async fn load(
    app: &App,
    seed: u64,
    scale: u32,
    progress: impl Fn(usize, usize),
) -> Result<Loaded, Fail> {
    let today = text::day_of(app.now());
    let province = sample::generate(seed, scale, today);
    let clock = Arc::new(Told::new(app.now()));
    let mut seed = [0u8; 32];
    app.draw(|rng| rand_core::Rng::fill_bytes(rng, &mut seed));
    let mut stage = Stage {
        app: App::new(app.store.clone(), app.config.clone(), clock.clone(), seed),
        clock,
        staff: BTreeMap::new(),
        organisations: BTreeMap::new(),
        places: BTreeMap::new(),
        products: BTreeMap::new(),
        lots: BTreeMap::new(),
        shipments: BTreeMap::new(),
        accounts: Vec::new(),
    };
    people::staff(&mut stage, &province).await?;
    people::organisations(&mut stage, &province).await?;
    goods::declared(&mut stage, &province).await?;
    let shown = goods::timeline(&mut stage, &province, progress).await?;
    goods::doubts(&stage, &province).await?;
    let api_key = people::key(&mut stage, shown.organisation).await?;
    Ok(Loaded {
        scan_link: shown.scan_link,
        stamp_link: shown.stamp_link,
        accounts: stage.accounts,
        api_key,
    })
}
