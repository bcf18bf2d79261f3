//! Events that were cut out of the list of their document, each translated and judged as if it still stood there.

use super::out::{Names, Out};
use super::scan::{self, Bindings};
use super::translate::{Translator, is_epcis, version_of};
use super::{Version, translated};
use crate::context::Context;
use crate::fault::{
    Fault, RULE_CONTEXT_BYTES, RULE_CONTEXT_ENTRIES, RULE_XML_ENCODING, RULE_XML_NAMESPACE,
};
use crate::json::Stop;
use crate::read::{At, Cut, Item, Limits, MAX_FAULTS, Origin, judge_item};

/// What stands around an event list, as far as its events depend on it.
#[derive(Debug)]
pub(crate) struct Surroundings {
    version: Version,
    /// The namespace of each prefix in scope.
    bindings: Bindings,
    /// Whether names without a prefix are in no namespace.
    plain: bool,
}

impl Surroundings {
    /// Of the start tags around a place, from the document element on.
    pub(crate) fn of(tags: &str, limits: &Limits) -> Result<Self, Stop> {
        let (bindings, root) = scan::bindings(tags, limits)?;
        let version = version_of(&root).unwrap_or(Version::V2_0);
        let plain = bindings.iter().all(|(prefix, uri)| !prefix.is_empty() || uri.is_empty());
        Ok(Self { version, bindings, plain })
    }

    /// Whether the name of a start tag is EPCIS's own.
    pub(crate) fn is_own(&self, tag: &[u8], string: usize) -> bool {
        let Ok(text) = std::str::from_utf8(tag) else { return false };
        if self.plain && text == "<extension>" {
            return true;
        }
        let limits = Limits { string, ..Limits::NONE };
        let root = scan::root_namespace(text, &limits, &self.bindings);
        root.is_some_and(|root| root.is_empty() || is_epcis(&root))
    }
}

/// Reads items one after the other; what one of them names, the next ones know.
#[derive(Debug, Default)]
pub(crate) struct ItemReader {
    names: Names,
    /// How many of the names the context has.
    declared: usize,
    context: Context,
}

/// Where an item stands.
pub(crate) struct ItemPlace<'a> {
    pub(crate) around: &'a Surroundings,
    /// Elements around the list, and wrappers within it.
    pub(crate) level: usize,
    pub(crate) wrappers: usize,
    pub(crate) at: &'a At<'a>,
    pub(crate) cut: Cut,
}

impl ItemReader {
    /// A reader that knows the names that the head of the document uses.
    pub(crate) fn new(names: Names) -> Self {
        let mut context = Context::default();
        let declared = names.declare_rest(0, &mut context);
        Self { names, declared, context }
    }

    /// Judges an element of the list; false beside it where it is no event at all and has no number in the list.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
        strict: bool,
        place: &ItemPlace<'_>,
    ) -> (Item, bool) {
        let cuts = [place.cut];
        let origin = Origin { bytes, map: None, cuts: &cuts };
        let stopped = |fault: Fault| {
            let faults = vec![fault];
            Item { event: None, faults, warnings: Vec::new(), broken: 1, stopped: true }
        };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let place = origin.place(error.valid_up_to());
                return (stopped(Fault::new(&RULE_XML_ENCODING, String::new(), place, "")), false);
            }
        };
        let tree = match scan::scan_within(text, limits, &place.around.bindings, place.level) {
            Ok(tree) => tree,
            Err(stop) => {
                let place = origin.place(stop.offset);
                return (stopped(Fault::new(stop.rule, String::new(), place, &stop.what)), false);
            }
        };
        let mut translator = Translator {
            origin,
            tree: &tree,
            version: place.around.version,
            strict,
            out: Out::default(),
            names: std::mem::take(&mut self.names),
            faults: Vec::new(),
            broken: 0,
        };
        let counts = translator.list_item(tree.root(), place.wrappers, place.at);
        let Translator { out, names, mut faults, broken, .. } = translator;
        self.names = names;
        self.declared = self.names.declare_rest(self.declared, &mut self.context);
        if !counts {
            let item = Item { event: None, faults, warnings: Vec::new(), broken, stopped: false };
            return (item, false);
        }
        let origin = Origin { map: Some(&out.map), ..origin };
        let open = translated(limits);
        let mut item = judge_item(&out.text, origin, &open, 0, strict, place.at, &self.context);
        item.broken += broken + usize::from(self.too_much(limits, place).is_some());
        item.stopped = false;
        if item.broken > 0 {
            item.event = None;
        }
        faults.append(&mut item.faults);
        faults.extend(self.too_much(limits, place));
        faults.sort_by_key(|fault| (fault.line, fault.column));
        faults.truncate(MAX_FAULTS);
        item.faults = faults;
        (item, true)
    }

    /// That there are more namespaces than a context may declare.
    fn too_much(&self, limits: &Limits, place: &ItemPlace<'_>) -> Option<Fault> {
        let (entries, bytes) = self.context.size();
        let (rule, most) = if entries > limits.context_entries {
            (&RULE_CONTEXT_ENTRIES, limits.context_entries)
        } else if bytes > limits.context_bytes {
            (&RULE_CONTEXT_BYTES, limits.context_bytes)
        } else {
            return None;
        };
        let at = place.cut.place;
        let path = place.at.pointer();
        Some(Fault::new(rule, path, (at.line, at.column), &most.to_string()))
    }

    /// What is wrong with a wrapper around events; its text stays with the list.
    pub(crate) fn wrapper(tag: &[u8], strict: bool, place: &ItemPlace<'_>) -> Option<Fault> {
        let text = std::str::from_utf8(tag).ok()?;
        if !strict || (place.around.plain && text == "<extension>") {
            return None;
        }
        let limits = Limits::NONE;
        let root = scan::root_namespace(text, &limits, &place.around.bindings)?;
        let name = text.trim_start_matches('<');
        let name = name.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        let at = place.cut.place;
        let path = place.at.name("extension").pointer();
        is_epcis(&root).then(|| Fault::new(&RULE_XML_NAMESPACE, path, (at.line, at.column), name))
    }
}
