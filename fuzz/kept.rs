//! A fuzz target as an ordinary test: over its kept corpus, and over changed copies of it.

use std::path::Path;

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

/// The inputs kept in a folder, in the order of their names.
fn corpus(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("readable")).collect()
}

/// Runs a target over the inputs of a folder and over three hundred changed copies of them.
pub(crate) fn try_all(folder: &Path, target: impl Fn(&[u8])) {
    let inputs = corpus(folder);
    assert!(inputs.len() >= 5, "{} is a corpus", folder.display());
    for input in &inputs {
        target(input);
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
        target(&input);
    }
}
