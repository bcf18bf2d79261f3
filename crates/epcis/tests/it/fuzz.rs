//! The fuzz targets as ordinary tests.

#[path = "../../../../fuzz/kept.rs"]
mod kept;
#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a crate of its own for the fuzzer")]
pub(crate) mod targets;

use std::path::PathBuf;

fn folder(target: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus")).join(target)
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            kept::try_all(&folder(stringify!($name)), |input| targets::run(stringify!($name), input));
        })*

        #[test]
        fn every_target_is_tested() {
            let tested = [$(stringify!($name)),*];
            assert!(targets::TARGETS.iter().map(|(name, _)| *name).eq(tested));
        }
    };
}

tests! { json xml xml12 stream convert hash query }
