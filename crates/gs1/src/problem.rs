//! What is wrong with a link or an element string: a stable name, the Application Identifier where it
//! is known, the bytes of the input, and a sentence in both languages.

use std::ops::Range;

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
    problem: Problem,
}

/// The kinds of fault, each with its name and sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    Escape,
    Null,
    UnknownInPath,
    UnknownInQuery,
    UnknownAi,
    NotAttribute,
    BelongsInPath,
    Duplicate,
    NoPrimaryKey,
    Brackets,
    Value(ValueError),
}

impl Problem {
    pub(crate) fn at(self, at: Range<usize>) -> ReadError {
        ReadError { name: self.name(), ai: None, at, problem: self }
    }

    pub(crate) fn of(self, ai: impl Into<String>, at: Range<usize>) -> ReadError {
        ReadError { name: self.name(), ai: Some(ai.into()), at, problem: self }
    }

    const fn name(self) -> &'static str {
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
            Self::Escape => "URI_CONTAINS_BROKEN_ESCAPE",
            Self::Null => "DECODED_AI_FROM_DL_PATH_INFO_CONTAINS_ILLEGAL_NULL",
            Self::UnknownInQuery => "UNKNOWN_AI_IN_QUERY_PARAMS",
            Self::UnknownAi => "AI_UNRECOGNISED",
            Self::NotAttribute => "AI_IS_NOT_VALID_DATA_ATTRIBUTE",
            Self::BelongsInPath => "AI_SHOULD_BE_IN_PATH_INFO",
            Self::Duplicate => "DUPLICATE_AI",
            Self::NoPrimaryKey => "CANNOT_CREATE_DL_URI_WITHOUT_PRIMARY_KEY_AI",
            Self::Brackets => "AI_PARSE_FAILED",
            Self::Value(ValueError::TooShort { .. } | ValueError::Empty) => "AI_VALUE_IS_TOO_SHORT",
            Self::Value(ValueError::TooLong { .. }) => "AI_VALUE_IS_TOO_LONG",
            Self::Value(_) => "AI_LINTER_ERROR",
        }
    }
}

impl ReadError {
    /// The rule of the value that is broken, where the fault is in a value.
    pub const fn value_error(&self) -> Option<ValueError> {
        match self.problem {
            Problem::Value(error) => Some(error),
            _ => None,
        }
    }

    /// The sentence for people, without a full stop, naming the AI where there is one.
    pub fn message(&self, lang: Lang) -> String {
        let sentence = match self.problem {
            Problem::Value(error) => error.message(lang),
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
    const fn sentences(self) -> (&'static str, &'static str) {
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
            Self::Escape => ("Mã hoá phần trăm bị hỏng", "The percent-encoding is broken"),
            Self::Null => ("Ký tự rỗng không được phép", "A null character is not allowed"),
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
            // Both carry data and are written above.
            Self::Character(_) | Self::Value(_) => ("", ""),
        }
    }
}
