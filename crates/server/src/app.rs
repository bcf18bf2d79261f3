//! What every handler shares: the store, the clock, randomness, configuration and the built
//! assets. Time and randomness are values here, so that a test can turn them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use store::Store;
use tokio::sync::watch;

use crate::shared::limit::Limiter;

/// Microseconds since 1970 UTC.
pub type Micros = i64;

/// One day in microseconds.
pub const DAY: Micros = 86_400_000_000;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    fn now(&self) -> Micros;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the real clock is read")]
    fn now(&self) -> Micros {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// Scheme and host that stamps carry, without a trailing slash: `https://nguon.example`.
    pub public_url: String,
    /// Code of the province that runs this portal (`11` = Điện Biên).
    pub province: String,
    /// Whether session cookies demand HTTPS; off only on a loopback address.
    pub secure_cookies: bool,
    /// Whether the pages say that all data are illustrations.
    pub demonstration: bool,
    /// Trust `X-Forwarded-For` for rate limits: only behind a proxy of one's own.
    pub behind_proxy: bool,
    pub webhooks: Webhooks,
}

/// How events are sent to the addresses of subscribers.
#[derive(Debug, Clone, Copy)]
pub struct Webhooks {
    /// Whether a subscriber may be on this machine itself: for demonstrations and tests. Every other address that is not of
    /// the public internet stays refused.
    pub to_loopback: bool,
    /// How long a receiver may take for one document, from looking its name up to its answer.
    pub time_limit: Duration,
}

impl Default for Webhooks {
    fn default() -> Self {
        Webhooks { to_loopback: false, time_limit: Duration::from_secs(20) }
    }
}

/// The state of one application node; cheap to clone, holds nothing that cannot be rebuilt.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What [`App`] points to.
pub struct Inner {
    pub store: Store,
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub limiter: Limiter,
    pub scans: crate::resolve::ScanQueue,
    pub lots: crate::resolve::LotCache,
    pub sockets: crate::subscriptions::Sockets,
    pub graphs: crate::trace::Graphs,
    /// Turns true when this node is to end, for those who hold a connection open.
    pub ending: watch::Sender<bool>,
    random: Mutex<ChaCha20Rng>,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Puts an application together; `seed` feeds the CSPRNG (see [`seed`] for real ones).
    pub fn new(store: Store, config: Config, clock: Arc<dyn Clock>, seed: [u8; 32]) -> App {
        App(Arc::new(Inner {
            store,
            config,
            clock,
            limiter: Limiter::default(),
            scans: crate::resolve::ScanQueue::default(),
            lots: crate::resolve::LotCache::default(),
            sockets: crate::subscriptions::Sockets::default(),
            graphs: crate::trace::Graphs::default(),
            ending: watch::Sender::new(false),
            random: Mutex::new(ChaCha20Rng::from_seed(seed)),
        }))
    }

    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// Resolves when this node is to end.
    pub async fn told_to_end(&self) {
        let mut ending = self.ending.subscribe();
        // The sender lives as long as we do.
        let _ = ending.wait_for(|ending| *ending).await;
    }

    /// Draws from the CSPRNG.
    pub fn draw<T>(&self, with: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        // A panic while drawing leaves the generator usable: its state is only numbers.
        let mut rng = self.random.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        with(&mut rng)
    }

    /// A new register id: 41 bits of milliseconds, 22 of randomness, so that ids grow with time
    /// without a sequence in the database.
    pub fn id(&self) -> i64 {
        let random = i64::from(self.draw(Rng::next_u32) >> 10);
        ((self.now() / 1000) << 22) | random
    }

    /// A random token of 24 bytes, URL-safe.
    pub fn token(&self) -> String {
        use base64::Engine;
        let mut bytes = [0u8; 24];
        self.draw(|rng| rng.fill_bytes(&mut bytes));
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// A seed from the operating system.
pub fn seed() -> Result<[u8; 32], getrandom::Error> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed)?;
    Ok(seed)
}
