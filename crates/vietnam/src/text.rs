//! What every form field passes through before anything else looks at it.
//!
//! [`clean`] brings text to one form (NFC, trimmed, single spaces) and refuses what no person types on purpose: control
//! characters, invisible ones, those that turn the direction of writing. It does not escape: HTML and CSV have their
//! own places for that.

use gs1::Lang;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a field allows. Start from [`Rules::line`] or [`Rules::paragraph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    max_chars: usize,
    required: bool,
    multi_line: bool,
}

impl Rules {
    /// One line that must hold something, of at most so many characters.
    pub const fn line(max_chars: usize) -> Self {
        Self { max_chars, required: true, multi_line: false }
    }

    /// Several lines that must hold something, of at most so many characters in all, line ends counted.
    pub const fn paragraph(max_chars: usize) -> Self {
        Self { max_chars, required: true, multi_line: true }
    }

    /// The same, but may be left empty.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFaultKind {
    /// Nothing but space in a field that must hold something.
    Empty,
    /// More characters than the field allows.
    TooLong {
        /// Characters after cleaning.
        chars: usize,
        /// Characters allowed.
        max: usize,
    },
    /// A line break in a field of one line.
    LineBreak,
    /// A control character.
    Control(char),
    /// A character that is not seen but counts (zero width, soft hyphen, tag).
    Invisible(char),
    /// A character that turns the direction of writing.
    Direction(char),
    /// A mark without a letter, or more than three marks on one.
    StrayMark,
    /// A character without meaning: the replacement sign of broken text, private use, non-character.
    Meaningless(char),
}

/// A fault and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub struct TextFault {
    /// What is wrong.
    pub kind: TextFaultKind,
    /// Which character, counted from 0 in the text as it was given; the first superfluous one of the cleaned text for
    /// [`TextFaultKind::TooLong`].
    pub at: usize,
}

/// Cleans a text by the rules of its field.
///
/// Comes back in NFC, without space at either end, with every run of spaces and tabs as one space. In a paragraph, line
/// ends become `\n` and runs of empty lines one empty line. An optional field may come back empty.
///
/// ```
/// use vietnam::text::{Rules, clean};
/// assert_eq!(clean("  Gạo \u{a0} Séng Cù ", Rules::line(80)).unwrap(), "Gạo Séng Cù");
/// assert!(clean("Gạo\u{202e}ùC", Rules::line(80)).is_err());
/// ```
pub fn clean(text: &str, rules: Rules) -> Result<String, TextFault> {
    if let Some(fault) = first_refused(text, rules.multi_line) {
        return Err(fault);
    }
    // Variation selectors only choose a picture for the same character.
    let composed: String =
        text.chars().filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}')).nfc().collect();
    let cleaned =
        if rules.multi_line { collapse_lines(&composed) } else { collapse_spaces(&composed) };
    if cleaned.is_empty() && rules.required {
        return Err(TextFault { kind: TextFaultKind::Empty, at: 0 });
    }
    let chars = cleaned.chars().count();
    if chars > rules.max_chars {
        let kind = TextFaultKind::TooLong { chars, max: rules.max_chars };
        return Err(TextFault { kind, at: rules.max_chars });
    }
    Ok(cleaned)
}

impl TextFault {
    /// What is wrong and what to do.
    pub fn message(&self, lang: Lang) -> String {
        let place = self.at + 1;
        match (lang, self.kind) {
            (Lang::Vi, TextFaultKind::Empty) => "Ô này chưa có nội dung.".to_owned(),
            (Lang::En, TextFaultKind::Empty) => "This field is empty.".to_owned(),
            (Lang::Vi, TextFaultKind::TooLong { chars, max }) => {
                format!("Nội dung dài {chars} ký tự, chỉ được {max}. Xin viết ngắn lại.")
            }
            (Lang::En, TextFaultKind::TooLong { chars, max }) => {
                format!("This is {chars} characters long; {max} are allowed. Make it shorter.")
            }
            (Lang::Vi, TextFaultKind::LineBreak) => {
                format!("Ô này chỉ viết một dòng; có dấu xuống dòng ở ký tự thứ {place}.")
            }
            (Lang::En, TextFaultKind::LineBreak) => {
                format!("This field takes one line; there is a line break at character {place}.")
            }
            (Lang::Vi, TextFaultKind::Control(c)) => {
                format!(
                    "Có ký tự điều khiển ({}) ở vị trí {place}. Xin xóa và gõ lại.",
                    code_point(c)
                )
            }
            (Lang::En, TextFaultKind::Control(c)) => {
                format!(
                    "There is a control character ({}) at place {place}. Delete it and type again.",
                    code_point(c)
                )
            }
            (Lang::Vi, TextFaultKind::Invisible(c)) => format!(
                "Có ký tự ẩn ({}) ở vị trí {place}, thường do sao chép từ nơi khác. Xin xóa và gõ lại bằng tay.",
                code_point(c)
            ),
            (Lang::En, TextFaultKind::Invisible(c)) => format!(
                "There is an invisible character ({}) at place {place}, often copied from elsewhere. Delete it and type by hand.",
                code_point(c)
            ),
            (Lang::Vi, TextFaultKind::Direction(c)) => format!(
                "Có ký tự đổi chiều chữ ({}) ở vị trí {place}. Xin xóa và gõ lại bằng tay.",
                code_point(c)
            ),
            (Lang::En, TextFaultKind::Direction(c)) => format!(
                "There is a character that turns the direction of writing ({}) at place {place}. Delete it and type by hand.",
                code_point(c)
            ),
            (Lang::Vi, TextFaultKind::StrayMark) => {
                format!(
                    "Có dấu không đi với chữ nào, hoặc quá nhiều dấu trên một chữ, ở vị trí {place}. Xin gõ lại."
                )
            }
            (Lang::En, TextFaultKind::StrayMark) => {
                format!(
                    "There is a mark without a letter, or too many marks on one, at place {place}. Type it again."
                )
            }
            (Lang::Vi, TextFaultKind::Meaningless(c)) => format!(
                "Có ký tự bị lỗi phông chữ ({}) ở vị trí {place}. Xin gõ lại bằng bảng mã Unicode.",
                code_point(c)
            ),
            (Lang::En, TextFaultKind::Meaningless(c)) => {
                format!(
                    "There is a broken character ({}) at place {place}. Type it again.",
                    code_point(c)
                )
            }
        }
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

fn first_refused(text: &str, multi_line: bool) -> Option<TextFault> {
    let mut marks = None;
    for (at, letter) in text.chars().enumerate() {
        if is_combining_mark(letter)
            && !matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        {
            // Vietnamese needs two marks on a letter (ệ); three leave room for other scripts of the country.
            match &mut marks {
                Some(count) if *count < 3 => *count += 1,
                _ => return Some(TextFault { kind: TextFaultKind::StrayMark, at }),
            }
            continue;
        }
        marks = (!letter.is_whitespace()).then_some(0);
        if let Some(kind) = refusal(letter, multi_line) {
            return Some(TextFault { kind, at });
        }
    }
    None
}

fn refusal(letter: char, multi_line: bool) -> Option<TextFaultKind> {
    match letter {
        '\t' => None,
        '\n' | '\r' => (!multi_line).then_some(TextFaultKind::LineBreak),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(TextFaultKind::LineBreak),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(TextFaultKind::Direction(letter))
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Some(TextFaultKind::Invisible(letter)),
        '\u{fffd}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{f0000}'..='\u{10ffff}' => Some(TextFaultKind::Meaningless(letter)),
        // The last two of every plane are non-characters.
        _ if u32::from(letter) & 0xfffe == 0xfffe => Some(TextFaultKind::Meaningless(letter)),
        _ if letter.is_control() => Some(TextFaultKind::Control(letter)),
        _ => None,
    }
}

fn collapse_spaces(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn collapse_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        let line = collapse_spaces(line);
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(&line);
        empty_lines = 0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: Rules = Rules::line(20);

    fn fault(text: &str, rules: Rules) -> (TextFaultKind, usize) {
        let fault = clean(text, rules).unwrap_err();
        (fault.kind, fault.at)
    }

    #[test]
    fn decomposed_text_comes_back_composed() {
        let decomposed: String = "Tủa Chùa".nfd().collect();
        assert_eq!(clean(&decomposed, LINE).unwrap(), "Tủa Chùa");
    }

    #[test]
    fn space_of_every_kind_is_trimmed_and_collapsed() {
        assert_eq!(
            clean(" \t Chè\u{3000}Shan \u{a0}\u{2009} Tuyết\u{202f}", LINE).unwrap(),
            "Chè Shan Tuyết"
        );
    }

    #[test]
    fn invisible_and_turning_characters_are_refused_with_their_place() {
        for c in ['\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}', '\u{ad}', '\u{2060}', '\u{e0041}']
        {
            assert_eq!(fault(&format!("Gạo{c}x"), LINE), (TextFaultKind::Invisible(c), 3));
        }
        for c in ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{61c}']
        {
            assert_eq!(fault(&format!("Gạo{c}x"), LINE), (TextFaultKind::Direction(c), 3));
        }
        for c in ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{9b}'] {
            assert_eq!(fault(&format!("Gạo{c}x"), LINE), (TextFaultKind::Control(c), 3));
        }
        for c in ['\u{fffd}', '\u{e001}', '\u{ffff}', '\u{1fffe}'] {
            assert_eq!(fault(&format!("Gạo{c}x"), LINE), (TextFaultKind::Meaningless(c), 3));
        }
    }

    #[test]
    fn a_mark_needs_a_letter_and_a_letter_few_marks() {
        assert_eq!(fault("\u{301}a", LINE), (TextFaultKind::StrayMark, 0));
        assert_eq!(fault("a \u{301}", LINE), (TextFaultKind::StrayMark, 2));
        assert_eq!(fault("a\u{301}\u{302}\u{303}\u{304}", LINE), (TextFaultKind::StrayMark, 4));
        assert_eq!(clean("e\u{323}\u{302}", LINE).unwrap(), "ệ");
    }

    #[test]
    fn length_counts_characters_after_cleaning_not_bytes() {
        assert_eq!(clean(&format!("  {}  ", "ệ".repeat(20)), LINE).unwrap().chars().count(), 20);
        let decomposed: String = "ệ".repeat(20).nfd().collect();
        assert!(clean(&decomposed, LINE).is_ok());
        assert_eq!(
            fault(&"ệ".repeat(21), LINE),
            (TextFaultKind::TooLong { chars: 21, max: 20 }, 20)
        );
    }

    #[test]
    fn only_an_optional_field_may_be_empty() {
        assert_eq!(fault("   ", LINE).0, TextFaultKind::Empty);
        assert_eq!(clean("   ", LINE.optional()).unwrap(), "");
    }

    #[test]
    fn one_line_refuses_a_break_and_a_paragraph_keeps_it() {
        assert_eq!(fault("a\nb", LINE), (TextFaultKind::LineBreak, 1));
        let text = "\r\n dòng  một \r\ndòng hai\n\n \n\nba\r\n";
        assert_eq!(clean(text, Rules::paragraph(80)).unwrap(), "dòng một\ndòng hai\n\nba");
        assert_eq!(fault("a\u{2028}b", Rules::paragraph(80)).0, TextFaultKind::LineBreak);
    }

    #[test]
    fn markup_and_formulas_are_text_like_any_other() {
        assert_eq!(clean("<b>=1+1</b>", LINE).unwrap(), "<b>=1+1</b>");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "(?s).{0,40}", multi_line in any::<bool>()) {
            let rules = if multi_line { Rules::paragraph(40) } else { Rules::line(40) }.optional();
            if let Ok(once) = clean(&text, rules) {
                prop_assert_eq!(clean(&once, rules), Ok(once.clone()));
                prop_assert!(once.chars().count() <= 40);
                prop_assert!(multi_line || !once.contains('\n'));
            }
        }
    }
}
