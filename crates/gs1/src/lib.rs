//! Identification: keys and check digits, element strings, GS1 Digital Link, EPC URN. What a bar code
//! or a link says is read here once, checked against the dictionary of Application Identifiers, and
//! passed on as types. Pure: no input or output, no clock, no tables from outside.
//!
//! # A stamp is scanned
//!
//! ```
//! use gs1::{Lang, Level, Link, element};
//!
//! // An invented product, for illustration (minh hoạ).
//! let link = Link::parse("HTTPS://TX.EXAMPLE.VN/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T")?;
//! assert_eq!(link.stem(), "https://tx.example.vn");
//! assert_eq!((link.lot(), link.serial()), (Some("SC-0726"), Some("7K3M9Q2XWP4T")));
//! assert_eq!(link.level(), Level::Instance);
//! assert_eq!(element::hri(&link)[0], "(01) 08931234567897");
//!
//! // What is wrong is said with its place, in two languages.
//! let text = "https://tx.example.vn/01/08931234567890";
//! let error = Link::parse(text).unwrap_err();
//! assert_eq!(&text[error.at.clone()], "0");
//! assert_eq!(error.message(Lang::Vi), "(01) Mã số kiểm tra sai: số cuối phải là 7");
//! # Ok::<(), gs1::LinkError>(())
//! ```
//!
//! # A stamp is printed
//!
//! ```
//! use gs1::{Link, link::is_qr_alphanumeric};
//!
//! let link = Link::build(&[("01", "8931234567897"), ("10", "SC-0726"), ("21", "7K3M9Q2XWP4T")])?;
//! let upper = link.upper_case("https://tx.example.vn").expect("only scheme and host");
//! assert_eq!(upper, "HTTPS://TX.EXAMPLE.VN/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T");
//! assert!(is_qr_alphanumeric(&upper));
//! # Ok::<(), gs1::LinkError>(())
//! ```
//!
//! # An event names the same thing in another spelling
//!
//! ```
//! use gs1::epc::constrained_id;
//!
//! let link = "https://tx.example.vn/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T";
//! assert_eq!(constrained_id(link), constrained_id("urn:epc:id:sgtin:8931234567.089.7K3M9Q2XWP4T"));
//! ```

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
