//! Identification: the complete GS1 library. Keys and check digits, element strings, GS1 Digital
//! Link, compression, EPC URNs and tags, driven by the GS1 Barcode Syntax Dictionary. What a bar code,
//! a link or a tag says is read here once, checked, and passed on as types. Pure: no input or output,
//! no clock, no unsafe code.
//!
//! # GS1 in ten minutes
//!
//! Whoever makes something gives it a number, and GS1 sees to it that no two give the same. The
//! national organisation (in Viet Nam under the prefix 893) gives a company a **company prefix**, and
//! the company adds its own digits and a **check digit**. That is a key: a GTIN for a product, a GLN
//! for a place or company, an SSCC for a pallet.
//!
//! ```
//! use gs1::{Gtin, Lang, prefix};
//!
//! // An invented product, for illustration (minh hoạ), as all products and firms on this page.
//! let gtin = Gtin::parse("8 931234 567897")?;
//! assert_eq!(gtin.as_str(), "08931234567897", "a GTIN is kept as 14 digits");
//! assert_eq!(prefix::kind(gtin.short()), Some(prefix::Kind::Organisation("GS1 Vietnam")));
//! assert_eq!(gs1::check_digit("893123456789"), Some(7));
//!
//! let wrong = Gtin::parse("8931234567890").unwrap_err();
//! assert_eq!(wrong.message(Lang::Vi), "Mã số kiểm tra sai: số cuối phải là 7");
//! # Ok::<(), gs1::KeyError>(())
//! ```
//!
//! A key says *what kind*. To say *which one*, and until when it is good, more facts are written after
//! it, each with an **Application Identifier**, two to four digits that say what follows: `(10)` a lot,
//! `(21)` a serial number, `(17)` a date. There are 541 of them, in the [`dictionary`], with what their
//! values may hold, which belong together and which may stand in a link. A row of them is an **element
//! string**. People write it with brackets; symbols hold it without, and end values of free length with
//! a separator, FNC1, which scanners give as ASCII 29.
//!
//! ```
//! use gs1::message::{Message, Options};
//! use gs1::typed::{Date, Typed, typed};
//! use gs1::{Ai, Lang};
//!
//! let typed_in = "(01)08931234567897(17)261231(10)SC-0726(21)7K3M";
//! let scanned = "]d201089312345678971726123110SC-0726\u{1d}217K3M";
//! let options = Options::default();
//! let message = Message::read(scanned, &options)?;
//! assert_eq!(message.ai_data().as_deref(), Some(typed_in));
//! assert_eq!(message.hri()[1], "(17) 261231");
//!
//! // What a value means, read in 2026: the century of a date, the point of a weight, the currency.
//! let expiry = typed(Ai::EXPIRY, message.get(Ai::EXPIRY).unwrap_or_default(), 2026);
//! assert_eq!(expiry, Some(Typed::Date(Date { year: 2026, month: 12, day: 31 })));
//!
//! // A fault is told by its rule, its place, and a sentence.
//! let error = Message::read("(01)08931234567897(17)261331", &options).unwrap_err();
//! assert_eq!(error.name, "AI_LINTER_ERROR");
//! assert_eq!(error.linter_error(), Some("GS1_LINTER_ILLEGAL_MONTH"));
//! assert_eq!(error.markup(), Some("(17)26|13|31"));
//! assert_eq!(error.message(Lang::Vi), "(17) Không có tháng này");
//!
//! // So is what belongs together: a lot is a lot of something.
//! let error = Message::read("(10)SC-0726", &options).unwrap_err();
//! assert_eq!(error.name, "REQUIRED_AIS_NOT_SATISFIED");
//! # Ok::<(), gs1::ReadError>(())
//! ```
//!
//! The same facts can be a web address, a **GS1 Digital Link**: the key and what makes it finer in the
//! path, other facts in the query. Any phone opens it, and any scanner still finds the GTIN.
//!
//! ```
//! use gs1::{Level, Link, link::is_qr_alphanumeric};
//!
//! let link = Link::parse("HTTPS://TX.EXAMPLE.VN/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T?17=261231")?;
//! assert_eq!(link.stem(), "https://tx.example.vn");
//! assert_eq!((link.lot(), link.serial()), (Some("SC-0726"), Some("7K3M9Q2XWP4T")));
//! assert_eq!(link.level(), Level::Instance, "one thing, not a lot and not a kind of thing");
//!
//! // In capitals it packs into a smaller QR code.
//! let link = Link::build(&[("01", "8931234567897"), ("10", "SC-0726"), ("21", "7K3M9Q2XWP4T")])?;
//! let upper = link.upper_case("https://tx.example.vn").expect("only scheme and host");
//! assert_eq!(upper, "HTTPS://TX.EXAMPLE.VN/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T");
//! assert!(is_qr_alphanumeric(&upper));
//! # Ok::<(), gs1::LinkError>(())
//! ```
//!
//! Where room is very small, a link can be **compressed** to letters; every zero comes back.
//!
//! ```
//! use gs1::{Link, compress::{Compression, compress, decompress}};
//!
//! let link = Link::parse("https://tx.example.vn/01/08931234567897/21/00042")?;
//! let short = compress(&link, Compression::default());
//! assert_eq!(short, "https://tx.example.vn/DBA-7iCtsgoAKg");
//! assert_eq!(decompress(&short)?.serial(), Some("00042"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Radio tags and older event systems spell the same identity as an **EPC**: a URN with the company
//! prefix apart, and on the tag as bits. All spellings of one thing have one canonical form, which is
//! what the event store looks things up by.
//!
//! ```
//! use gs1::epc::{constrained_id, tag};
//!
//! let urn = "urn:epc:id:sgtin:893123456.0789.42";
//! let link = "https://tx.example.vn/01/08931234567897/10/SC-0726/21/42?17=261231";
//! assert_eq!(constrained_id(urn), "https://id.gs1.org/01/08931234567897/21/42");
//! assert_eq!(constrained_id(urn), constrained_id(link));
//!
//! let on_tag = tag::encode(urn)?;
//! assert_eq!(on_tag.hex, "300F53BFB800C5400000002A");
//! assert_eq!(tag::decode(&on_tag.hex)?.uri, urn);
//! # Ok::<(), gs1::EpcError>(())
//! ```
//!
//! # Where to find what
//!
//! | to | see |
//! |---|---|
//! | read anything a scanner or a person gives, and tell it again | [`message`] |
//! | look at, build and write links | [`link`], [`Link`] |
//! | shorten links without loss | [`compress`](mod@compress) |
//! | turn EPC URNs, links and tags into each other | [`epc`], [`epc::tag`] |
//! | know what a value means | [`typed`](mod@typed) |
//! | know who gave out a number | [`prefix`] |
//! | load a newer dictionary, see what it changes, try one rule | [`dictionary`] |

mod ai;
mod check;
pub mod compress;
pub mod dictionary;
pub mod element;
pub mod epc;
mod keys;
mod lang;
mod level;
pub mod link;
pub mod message;
mod percent;
pub mod prefix;
mod problem;
mod seen;
pub mod typed;
mod value;

pub use ai::Ai;
pub use check::{check_digit, check_pair};
pub use element::ElementError;
pub use epc::{EpcError, canonical_id, constrained_id};
pub use keys::{Gln, Gtin, KeyError, Sscc};
pub use lang::Lang;
pub use level::Level;
pub use link::{Link, LinkBuilder, LinkError, Reading};
pub use message::{Message, Options};
pub use prefix::gcp_length;
pub use problem::ReadError;
pub use value::{CharSet, Code, List, Shape, ValueError};
