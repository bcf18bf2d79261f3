//! Master data: what an organisation says of places, classes of goods, parties and words in the headers of its documents
//! (EPCIS 2.0 §6.5, CBV 2.0 §9). Each assertion is kept with its time and its capture job; the newest about an element is
//! current. It is an organisation's own word: it changes nothing of the register, and only its own queries follow it.

mod api;
pub(crate) mod described;
mod fill;
pub mod find;
pub mod hierarchy;
mod record;

use epcis::Context;
use epcis::query::FieldName;
use sha2::{Digest, Sha256};

use crate::shared::Fail;
use crate::shared::guard::Routes;

pub use fill::filled;
pub use find::{Element, Selection};
pub use hierarchy::{descendants, with_attribute};
pub(crate) use record::record;

/// Names that one question may lead to: a hierarchy or an attribute that means more is asked for in parts.
pub const MOST: usize = 10_000;

/// Names looked up in one statement.
const AT_ONCE: usize = 16;

pub fn routes(routes: Routes) -> Routes {
    api::routes(routes)
}

/// The key of an attribute in the index: of its name, or of name and value.
fn attribute_key(name: &FieldName, value: Option<&str>) -> Vec<u8> {
    let mut digest = Sha256::new_with_prefix(name.namespace());
    // No URI holds a line break, so that no two parts run together.
    for part in [name.local()].into_iter().chain(value) {
        digest.update("\n");
        digest.update(part);
    }
    digest.finalize()[..16].to_vec()
}

/// The name of an attribute in any of its spellings.
pub(crate) fn attribute_name(text: &str) -> FieldName {
    FieldName::attribute(text, &Context::default())
}

/// A question about master data that means too many names.
pub(crate) fn too_complex() -> Fail {
    Fail::TooComplex {
        vi: format!("Câu hỏi dữ liệu gốc này dẫn tới hơn {MOST} tên; hãy hỏi hẹp hơn."),
        en: format!(
            "This question about master data leads to more than {MOST} names; ask for less."
        ),
    }
}

/// The forms under which a name may be kept, whatever its vocabulary: an identity made canonical, or a bare word of CBV.
fn names_of(name: &str) -> Vec<String> {
    let mut names = vec![epcis::canonical(name)];
    if let Some(word) = epcis::vocab::find(name)
        && names[0] != word.bare
    {
        names.push(word.bare.to_owned());
    }
    names
}
