//! The fuzz targets as ordinary tests, over the kept corpus and over changed copies of it.

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a crate of its own for the fuzzer")]
pub(crate) mod targets;

use std::path::PathBuf;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The inputs kept for a target.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus")).join(name);
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn kept(name: &str) {
    let inputs = corpus(name);
    assert!(inputs.len() >= 5, "{name} has a corpus");
    for input in &inputs {
        targets::run(name, input);
    }
    // What a fuzzer would try first: a byte changed, a piece of another input put in.
    let mut random = Random(0x6a09_e667_f3bc_c908);
    for _ in 0..300 {
        let mut input = inputs[random.below(inputs.len())].clone();
        if input.is_empty() {
            continue;
        }
        let at = random.below(input.len());
        if random.below(2) == 0 {
            input[at] = random.below(256) as u8;
        } else {
            let other = &inputs[random.below(inputs.len())];
            let from = random.below(other.len() + 1);
            input.splice(at.., other[from..].iter().copied());
        }
        targets::run(name, &input);
    }
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            kept(stringify!($name));
        })*

        #[test]
        fn every_target_is_tested() {
            let tested = [$(stringify!($name)),*];
            assert!(targets::TARGETS.iter().map(|(name, _)| *name).eq(tested));
        }
    };
}

tests! { json xml xml12 stream convert hash query }
