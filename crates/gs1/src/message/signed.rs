//! A digital signature (8030) is of one thing. The dictionary says which keys may stand with it; that a
//! key whose serial number may be left out has it is a rule of the reference, beside the dictionary.

use super::Element;
use crate::ai::Ai;
use crate::dictionary::{Dictionary, Entry};
use crate::problem::{Problem, ReadError};

const SIGNATURE: Ai = Ai::of("8030");
const MAY_LACK_SERIAL: [Ai; 3] = [Ai::GDTI, Ai::GCN, Ai::GRAI];

pub(super) fn check(elements: &[Element<'_>], dictionary: &Dictionary) -> Result<(), ReadError> {
    if elements.iter().all(|element| element.ai != SIGNATURE) {
        return Ok(());
    }
    for ai in MAY_LACK_SERIAL {
        let key = elements.iter().find(|element| element.ai == ai);
        let least = dictionary.entry(ai).map(Entry::least_length);
        if key.is_some_and(|key| Some(key.value.len()) == least) {
            return Err(Problem::SerialMissing.of(ai.as_str(), 0..0));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::message::{Message, Options};

    #[test]
    fn what_is_signed_has_a_serial_number() {
        for (key, serial) in
            [("253)1234567890128", "X"), ("255)1234567890128", "0"), ("8003)01234567890128", "X")]
        {
            let read = |data: &str| Message::read(data, &Options::default()).map(|_| ());
            assert_eq!(read(&format!("({key}")), Ok(()), "{key}");
            assert_eq!(read(&format!("({key}{serial}(8030)ABC123")), Ok(()), "{key}");
            let error = read(&format!("({key}(8030)ABC123")).expect_err("no serial number");
            assert_eq!(error.name, "SERIAL_NOT_PRESENT", "{key}");
        }
    }
}
