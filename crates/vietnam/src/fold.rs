//! The search key of a Vietnamese text.
//!
//! Two spellings that a person takes for the same must give the same key: with or without marks, composed or
//! decomposed, `hoà` or `hòa`, `Đ` or `d`, any apostrophe. Keys are for comparing, never for showing.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The search key of a text: lower case, no marks, `đ` as `d`, words of letters and digits separated by one space.
///
/// Apostrophes of every shape vanish (`Ea H'Leo` and `Ea H’Leo` give `ea hleo`), other punctuation parts words.
///
/// ```
/// assert_eq!(vietnam::fold("  Xã Tủa Chùa, H. Điện-Biên "), "xa tua chua h dien bien");
/// assert_eq!(vietnam::fold("Hoà"), vietnam::fold("Hòa"));
/// ```
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut pending_space = false;
    let mut push = |letter: char| {
        if is_joining(letter) {
            return;
        }
        if letter.is_alphanumeric() {
            if pending_space && !key.is_empty() {
                key.push(' ');
            }
            pending_space = false;
            match letter {
                'đ' | 'ð' => key.push('d'),
                _ => key.push(letter),
            }
        } else {
            pending_space = true;
        }
    };
    // Before decomposing, because the acute accent that stands for an apostrophe decomposes to a space.
    for letter in text.chars().filter(|letter| !is_joining(*letter)).nfkd() {
        if letter.is_ascii() {
            push(letter.to_ascii_lowercase());
        } else if !is_combining_mark(letter) {
            // Lower-casing may itself yield a mark (İ), hence the second look.
            letter.to_lowercase().filter(|l| !is_combining_mark(*l)).for_each(&mut push);
        }
    }
    key
}

/// The words of the search key, in order.
pub fn tokens(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Characters that neither count nor part words: apostrophes and their look-alikes, and what is invisible.
fn is_joining(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`' | '\u{b4}' | '\u{2b9}' | '\u{2bb}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}'
            | '\u{ff07}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_case_and_d_with_stroke_do_not_count() {
        assert_eq!(fold("ĐIỆN BIÊN"), "dien bien");
        assert_eq!(fold("Gạo Séng Cù Mường Thanh"), "gao seng cu muong thanh");
        assert_eq!(fold("ƯƠNG ương Ơ"), "uong uong o");
    }

    #[test]
    fn composed_and_decomposed_text_have_one_key() {
        let composed = "Tủa Chùa, Nậm Pồ, Đắk Lắk";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(fold(composed), fold(&decomposed));
    }

    #[test]
    fn the_place_of_a_tone_mark_does_not_count() {
        assert_eq!(fold("Hoà Thuỷ Uý"), fold("Hòa Thủy Úy"));
    }

    #[test]
    fn every_apostrophe_is_the_same() {
        for apostrophe in ["'", "’", "‘", "ʼ", "´", "`", "＇"] {
            assert_eq!(fold(&format!("Ea H{apostrophe}Leo")), "ea hleo", "{apostrophe}");
        }
    }

    #[test]
    fn punctuation_parts_words_and_space_collapses() {
        assert_eq!(fold(" Bà Rịa–Vũng Tàu \u{a0} (TP.HCM) "), "ba ria vung tau tp hcm");
        assert_eq!(fold("...!?"), "");
        assert_eq!(tokens("Chè Shan-Tuyết, 5kg"), ["che", "shan", "tuyet", "5kg"]);
        assert!(tokens(" - ").is_empty());
    }

    #[test]
    fn invisible_characters_do_not_change_a_key() {
        assert_eq!(fold("Mường\u{200b} Thanh\u{feff}"), "muong thanh");
        assert_eq!(fold("Mu\u{200d}ong"), "muong");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
