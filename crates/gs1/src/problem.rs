//! What is wrong with a link or an element string: a stable name, the Application Identifier where it
//! is known, the bytes of the input, and a sentence in both languages.

use std::ops::Range;

use crate::ai::Ai;
use crate::dictionary::Fault;
use crate::lang::Lang;
use crate::value::ValueError;

/// A link or an element string breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub struct ReadError {
    /// A name that stays: of the GS1 Barcode Syntax Engine where it has one. For a value it says
    /// only `AI_LINTER_ERROR`; `value_error().name()` says which rule.
    pub name: &'static str,
    /// The Application Identifier the fault is at.
    pub ai: Option<String>,
    /// The bytes of the input that are wrong; empty at the end of the input where something lacks.
    pub at: Range<usize>,
    // Boxed, so that what is right does not pay for room for what is wrong.
    problem: Box<Problem>,
    markup: Option<Box<str>>,
}

/// The kinds of fault, each with its name and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Scheme,
    Character(char),
    Host,
    Userinfo,
    NoPath,
    NoKey,
    Sequence,
    EmptyPathValue,
    EmptyQueryValue,
    NullInPath,
    NullInQuery,
    UnknownInPath,
    UnknownInQuery,
    UnknownAi,
    NotAttribute,
    BelongsInPath,
    Duplicate,
    NoPrimaryKey,
    Brackets,
    Caret,
    Different,
    Required(String),
    Excluded(Ai),
    SerialMissing,
    NoData,
    NoAiForPrefix,
    Symbology,
    CaretInScan,
    ScanTooShort,
    PrimaryTooLong,
    PrimaryNotDigits,
    PrimaryCheckDigit(u8),
    Value(ValueError),
}

impl Problem {
    #[cold]
    pub(crate) fn at(self, at: Range<usize>) -> ReadError {
        ReadError { name: self.name(), ai: None, at, problem: Box::new(self), markup: None }
    }

    #[cold]
    pub(crate) fn of(self, ai: impl Into<String>, at: Range<usize>) -> ReadError {
        ReadError { ai: Some(ai.into()), ..self.at(at) }
    }

    /// A value that breaks a rule, marked up as the reference does: up to the end of the component.
    #[cold]
    pub(crate) fn of_value(ai: Ai, value: &str, fault: Fault, at: Range<usize>) -> ReadError {
        let Fault { error, at: inside, part_end } = fault;
        let mut found = Self::Value(error).of(ai.as_str(), at);
        if found.name == "AI_LINTER_ERROR" {
            let piece = |range: Range<usize>| value.get(range).unwrap_or_default();
            let (before, wrong) = (piece(0..inside.start), piece(inside.clone()));
            let after = piece(inside.end..part_end.max(inside.end));
            found.markup = Some(format!("({ai}){before}|{wrong}|{after}").into());
        }
        found
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Scheme => "URI_CONTAINS_ILLEGAL_SCHEME",
            Self::Character(_) => "URI_CONTAINS_ILLEGAL_CHARACTERS",
            Self::Host => "DOMAIN_CONTAINS_ILLEGAL_CHARACTERS",
            Self::Userinfo => "URI_CONTAINS_USERINFO",
            Self::NoPath => "URI_MISSING_DOMAIN_AND_PATH_INFO",
            Self::NoKey | Self::UnknownInPath => "NO_GS1_DL_KEYS_FOUND_IN_PATH_INFO",
            Self::Sequence => "INVALID_KEY_QUALIFIER_SEQUENCE",
            Self::EmptyPathValue => "AI_VALUE_PATH_ELEMENT_IS_EMPTY",
            // The spelling is the reference's.
            Self::EmptyQueryValue => "AI_VALUE_QUERY_ELEMENT_IN_EMPTY",
            Self::NullInPath => "DECODED_AI_FROM_DL_PATH_INFO_CONTAINS_ILLEGAL_NULL",
            Self::NullInQuery => "DECODED_AI_VALUE_FROM_QUERY_PARAMS_CONTAINS_ILLEGAL_NULL",
            Self::UnknownInQuery => "UNKNOWN_AI_IN_QUERY_PARAMS",
            Self::UnknownAi => "AI_UNRECOGNISED",
            Self::NotAttribute => "AI_IS_NOT_VALID_DATA_ATTRIBUTE",
            Self::BelongsInPath => "AI_SHOULD_BE_IN_PATH_INFO",
            Self::Duplicate => "DUPLICATE_AI",
            Self::NoPrimaryKey => "CANNOT_CREATE_DL_URI_WITHOUT_PRIMARY_KEY_AI",
            Self::Brackets => "AI_PARSE_FAILED",
            Self::Caret => "AI_CONTAINS_ILLEGAL_CARAT_CHARACTER",
            Self::Different => "INSTANCES_OF_AI_HAVE_DIFFERENT_VALUES",
            Self::Required(_) => "REQUIRED_AIS_NOT_SATISFIED",
            Self::Excluded(_) => "INVALID_AI_PAIRS",
            Self::SerialMissing => "SERIAL_NOT_PRESENT",
            Self::NoData => "AI_DATA_EMPTY",
            Self::NoAiForPrefix => "NO_AI_FOR_PREFIX",
            Self::Symbology => "UNSUPPORTED_SYMBOLOGY_IDENTIFIER",
            Self::CaretInScan => "SCAN_DATA_CONTAINS_ILLEGAL_CARAT",
            Self::ScanTooShort => "PRIMARY_SCAN_DATA_IS_TOO_SHORT",
            Self::PrimaryTooLong => "PRIMARY_MESSAGE_IS_TOO_LONG",
            Self::PrimaryNotDigits => "PRIMARY_MESSAGE_MAY_ONLY_CONTAIN_DIGITS",
            Self::PrimaryCheckDigit(_) => "PRIMARY_MESSAGE_CHECK_DIGIT_IS_INCORRECT",
            Self::Value(ValueError::TooShort { .. } | ValueError::Empty) => "AI_VALUE_IS_TOO_SHORT",
            Self::Value(ValueError::TooLong { .. }) => "AI_VALUE_IS_TOO_LONG",
            Self::Value(_) => "AI_LINTER_ERROR",
        }
    }
}

impl ReadError {
    /// The rule of the value that is broken, where the fault is in a value.
    pub const fn value_error(&self) -> Option<ValueError> {
        match *self.problem {
            Problem::Value(error) => Some(error),
            _ => None,
        }
    }

    /// The name of the rule of the value that is broken, as the GS1 Barcode Syntax Tests call it;
    /// nothing where only the length is wrong.
    pub fn linter_error(&self) -> Option<&'static str> {
        match *self.problem {
            Problem::Value(error) if self.name == "AI_LINTER_ERROR" => Some(error.name()),
            _ => None,
        }
    }

    /// The value with what is wrong between bars, `(01)0893123456789|0|`, up to the end of the
    /// component that is wrong.
    pub fn markup(&self) -> Option<&str> {
        self.markup.as_deref()
    }

    /// Whether the fault of a link is that its path holds no key.
    pub(crate) fn is_without_key(&self) -> bool {
        matches!(*self.problem, Problem::NoKey | Problem::UnknownInPath)
    }

    /// The same fault, as many bytes further on.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        self.at = self.at.start + by..self.at.end + by;
        self
    }

    /// The sentence for people, without a full stop, naming the AI where there is one.
    pub fn message(&self, lang: Lang) -> String {
        let sentence = match &*self.problem {
            Problem::Value(error) => error.message(lang),
            Problem::Required(rule) => match lang {
                Lang::Vi => format!("Thiếu mã phải đi kèm: {rule}"),
                Lang::En => format!("What must stand with it is missing: {rule}"),
            },
            Problem::Excluded(with) => match lang {
                Lang::Vi => format!("Không được đi cùng ({with})"),
                Lang::En => format!("May not stand together with ({with})"),
            },
            Problem::PrimaryCheckDigit(expected) => {
                ValueError::WrongCheckDigit { expected: *expected }.message(lang)
            }
            Problem::Character(found) => match lang {
                Lang::Vi => {
                    format!("Ký tự “{}” không được phép trong liên kết", found.escape_debug())
                }
                Lang::En => {
                    format!("The character “{}” is not allowed in a link", found.escape_debug())
                }
            },
            other => {
                let (vi, en) = other.sentences();
                lang.pick(vi, en).to_owned()
            }
        };
        match &self.ai {
            Some(ai) => format!("({ai}) {sentence}"),
            None => sentence,
        }
    }
}

impl Problem {
    const fn sentences(&self) -> (&'static str, &'static str) {
        match self {
            Self::Scheme => (
                "Liên kết phải bắt đầu bằng http:// hoặc https://",
                "The link must start with http:// or https://",
            ),
            Self::Host => ("Tên miền không hợp lệ", "The domain is not valid"),
            Self::Userinfo => (
                "Liên kết không được có tên người dùng trước tên miền",
                "The link must not have a user name before the domain",
            ),
            Self::NoPath => {
                ("Liên kết thiếu tên miền hoặc đường dẫn", "The link lacks a domain or a path")
            }
            Self::NoKey | Self::UnknownInPath => {
                ("Không tìm thấy mã GS1 trong đường dẫn", "There is no GS1 key in the path")
            }
            Self::Sequence => (
                "Các mã trong đường dẫn không đúng loại hoặc không đúng thứ tự",
                "The identifiers in the path are of the wrong kind or in the wrong order",
            ),
            Self::EmptyPathValue | Self::EmptyQueryValue => {
                ("Thiếu giá trị", "The value is missing")
            }
            Self::NullInPath | Self::NullInQuery => {
                ("Ký tự rỗng không được phép", "A null character is not allowed")
            }
            Self::UnknownInQuery | Self::UnknownAi => {
                ("Không có mã phân định ứng dụng này", "There is no such application identifier")
            }
            Self::NotAttribute => (
                "Thông tin này không được đặt sau dấu “?”",
                "This may not stand after the question mark",
            ),
            Self::BelongsInPath => {
                ("Thông tin này phải đặt trong đường dẫn", "This belongs in the path")
            }
            Self::Duplicate => ("Thông tin này bị lặp lại", "This is given twice"),
            Self::NoPrimaryKey => (
                "Thiếu mã chính (mã sản phẩm, mã địa điểm hoặc mã kiện hàng)",
                "There is no primary key (trade item, location or logistic unit)",
            ),
            Self::Brackets => {
                ("Dữ liệu phải có dạng (01)…(10)…", "The data must look like (01)…(10)…")
            }
            Self::Caret | Self::CaretInScan => {
                ("Ký tự “^” không được phép ở đây", "The character “^” is not allowed here")
            }
            Self::Different => (
                "Thông tin này xuất hiện nhiều lần với giá trị khác nhau",
                "This is given several times with different values",
            ),
            Self::SerialMissing => (
                "Thiếu số sê-ri phải có cùng chữ ký số (8030)",
                "The serial number that must stand with a digital signature (8030) is missing",
            ),
            Self::NoData => ("Không có dữ liệu", "There are no data"),
            Self::NoAiForPrefix => (
                "Chỗ này phải là mã phân định ứng dụng",
                "An application identifier must stand here",
            ),
            Self::Symbology => {
                ("Không đọc được loại mã vạch này", "This symbology identifier is not supported")
            }
            Self::ScanTooShort => ("Mã quá ngắn", "The scanned number is too short"),
            Self::PrimaryTooLong => ("Mã quá dài", "The scanned number is too long"),
            Self::PrimaryNotDigits => ("Mã chỉ gồm chữ số", "The scanned number must be digits"),
            // All carry data and are written above.
            Self::Character(_)
            | Self::Value(_)
            | Self::Required(_)
            | Self::Excluded(_)
            | Self::PrimaryCheckDigit(_) => ("", ""),
        }
    }
}
