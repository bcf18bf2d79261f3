//! Token buckets in memory, one a key: sign-in attempts by login and address, public forms by
//! address, API calls by key. Each node counts for itself; behind several nodes the limit is a
//! multiple, which is still a limit.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::app::{DAY, Micros};

/// How many at once, and how long one takes to come back.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub burst: u32,
    pub refill: Micros,
}

/// Sign-in attempts per login name.
pub const SIGN_IN: Rate = Rate { burst: 8, refill: 15_000_000 };
/// Sign-in attempts and public forms per address; many phones share one address behind a
/// mobile carrier, hence the wider burst.
pub const PUBLIC_FORM: Rate = Rate { burst: 30, refill: 4_000_000 };
/// Calls with one API key.
pub const API: Rate = Rate { burst: 2_000, refill: 2_000 };

/// Entries kept before the idle ones are swept: bounds the memory an attacker can make us use.
const MOST: usize = 100_000;

struct Bucket {
    spent: u32,
    at: Micros,
}

#[derive(Default)]
pub struct Limiter(Mutex<HashMap<String, Bucket>>);

impl Limiter {
    /// Takes one token of `key`; false when there is none.
    pub fn allow(&self, key: &str, rate: Rate, now: Micros) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| now - bucket.at < DAY / 24);
        }
        let bucket = buckets.entry(key.to_owned()).or_insert(Bucket { spent: 0, at: now });
        let returned = (now - bucket.at).max(0) / rate.refill;
        if returned > 0 {
            bucket.spent = bucket.spent.saturating_sub(u32::try_from(returned).unwrap_or(u32::MAX));
            bucket.at += returned * rate.refill;
        }
        if bucket.spent >= rate.burst {
            return false;
        }
        bucket.spent += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_then_refused_until_time_passes() {
        let limiter = Limiter::default();
        let rate = Rate { burst: 3, refill: 1_000_000 };
        let allowed = (0..5).filter(|_| limiter.allow("a", rate, 0)).count();
        assert_eq!(allowed, 3);
        assert!(limiter.allow("b", rate, 0), "another key has its own bucket");
        assert!(!limiter.allow("a", rate, 999_999));
        assert!(limiter.allow("a", rate, 1_000_000));
        assert!(!limiter.allow("a", rate, 1_000_001));
    }
}
