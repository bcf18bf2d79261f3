//! GS1 identifiers are judged by `gs1`: grammar, components, check digits. What the standards demand is a fault: an EPC
//! URN follows its scheme (TDS 2.2, 6.3), names one thing in the lists of things and a class beside quantities
//! (EPCIS 2.0 §7.3.3), and a link on `id.gs1.org` is a GS1 Digital Link. What is only unwise or against the templates of
//! CBV 2.0 §8, which bind who claims to comply with them, is a warning.
//!
//! Any other URI is private and stands as it is (CBV 2.0 §8.2.3), on any other host too: a host that is not GS1's
//! decides itself what its paths mean.

use gs1::epc::{Form, inspect};
use gs1::link::View;
use gs1::{Ai, EpcError, Lang, Level, Reading, ValueError};

use super::{At, Reader};
use crate::fault::{
    RULE_ID_CLASS, RULE_ID_HOST, RULE_ID_INSTANCE, RULE_ID_LEVEL, RULE_ID_LINK, RULE_ID_PARTY,
    RULE_ID_PLACE, RULE_ID_PREFIX, RULE_ID_PURE, RULE_ID_URN, Reason, Rule,
};
use crate::json::Node;

/// What a field identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// One thing: `epcList`, `childEPCs`, `parentID` and their kin.
    Instance,
    /// Things of a kind or of a lot: `epcClass`.
    Class,
    /// `readPoint`, `bizLocation`.
    Place,
    /// `source`, `destination`: a party or a place.
    Party,
    /// Whatever has an identifier.
    Any,
}

/// What there is to say of an identifier.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Fine,
    Fault(&'static Rule, Option<Reason>),
    Warning(&'static Rule, Option<Reason>),
}

impl<'t> Reader<'t> {
    /// A URI that identifies something.
    pub(super) fn identifier(&mut self, node: Node<'t>, at: &At<'_>, used: Use) -> Option<String> {
        let id = self.uri(node, at)?;
        if !self.judges_ids {
            return Some(id);
        }
        match judge(&id, used) {
            Finding::Fine => Some(id),
            Finding::Fault(rule, reason) if !(self.limits.loose_urns && is_urn(&id)) => {
                self.fault_because(rule, at, node, &id, reason);
                None
            }
            Finding::Warning(rule, reason) | Finding::Fault(rule, reason) => {
                self.warn(rule, at, node, &id, reason);
                Some(id)
            }
        }
    }
}

fn judge(id: &str, used: Use) -> Finding {
    if is_urn(id) {
        return judge_urn(id, used);
    }
    if !starts_with(id, "http") {
        return Finding::Fine;
    }
    match View::parse(id, Reading::tolerant()) {
        Ok(view) => judge_use(Some(view.primary().0), view.level() == Level::Instance, used),
        Err(error) if on_gs1_host(id) => {
            Finding::Fault(&RULE_ID_LINK, Some(reason(&EpcError::Link(error))))
        }
        // With a right shape and a wrong check digit, somebody has most likely mistyped a number.
        Err(error) if matches!(error.value_error(), Some(ValueError::WrongCheckDigit { .. })) => {
            Finding::Warning(&RULE_ID_HOST, Some(reason(&EpcError::Link(error))))
        }
        Err(_) => Finding::Fine,
    }
}

fn judge_urn(id: &str, used: Use) -> Finding {
    let is = |kind: &str| starts_with(&id[8..], kind);
    if is("tag:") || is("raw:") || is("pat:") {
        return Finding::Fault(&RULE_ID_PURE, None);
    }
    let found = match inspect(id) {
        Ok(found) => found,
        Err(error) => return Finding::Fault(&RULE_ID_URN, Some(reason(&error))),
    };
    match (found.form, used) {
        (Form::Class, Use::Instance) => return Finding::Fault(&RULE_ID_INSTANCE, None),
        (Form::Instance, Use::Class) => return Finding::Fault(&RULE_ID_CLASS, None),
        _ => {}
    }
    if contradicts_prefix(id, found.key) {
        return Finding::Warning(&RULE_ID_PREFIX, None);
    }
    judge_use(found.key, found.form == Form::Instance, used)
}

/// Whether the field is one for identifiers of this key and level.
fn judge_use(key: Option<Ai>, instance: bool, used: Use) -> Finding {
    let place = matches!(key, Some(Ai::GLN));
    let party = matches!(key, Some(Ai::GLN | Ai::PARTY));
    match used {
        Use::Place if !place => Finding::Warning(&RULE_ID_PLACE, None),
        Use::Party if !party => Finding::Warning(&RULE_ID_PARTY, None),
        Use::Instance if !instance => Finding::Warning(&RULE_ID_LEVEL, None),
        Use::Class if instance => Finding::Warning(&RULE_ID_LEVEL, None),
        _ => Finding::Fine,
    }
}

/// Whether the company prefix of a URN is longer or shorter than GS1 gives them out under its leading digits.
fn contradicts_prefix(urn: &str, key: Option<Ai>) -> bool {
    let prefix = key.and_then(|_| urn.splitn(5, ':').nth(4)?.split('.').next());
    prefix.is_some_and(|prefix| gs1::gcp_length(prefix).is_some_and(|known| known != prefix.len()))
}

fn reason(error: &EpcError) -> Reason {
    Reason { vi: error.message(Lang::Vi), en: error.message(Lang::En) }
}

fn on_gs1_host(id: &str) -> bool {
    let host = id.split('/').nth(2).unwrap_or_default();
    host.eq_ignore_ascii_case("id.gs1.org")
}

fn is_urn(id: &str) -> bool {
    starts_with(id, "urn:epc:")
}

/// Schemes, hosts and namespaces of URNs are without case.
fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
