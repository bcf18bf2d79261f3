//! Scanning a piece of a document: what stands around it is known, not at hand.

use super::{Scan, stop};
use crate::fault::RULE_XML_SYNTAX;
use crate::json::Stop;
use crate::read::Limits;
use crate::xml::tree::Tree;

/// The namespace of each prefix; the empty prefix is the default.
pub(in crate::xml) type Bindings = Vec<(String, String)>;

/// Reads an element that was cut out of a document, where so many elements stand around it and bind these prefixes.
pub(in crate::xml) fn scan_within<'t>(
    text: &'t str,
    limits: &'t Limits,
    bindings: &'t [(String, String)],
    level: usize,
) -> Result<Tree<'t>, Stop> {
    // One mark of the byte order has been taken away; the parser below would skip a second one and not count its bytes.
    if text.starts_with('\u{feff}') {
        return Err(stop(&RULE_XML_SYNTAX, 0, ""));
    }
    let mut scan = Scan::new(text, limits, bindings, level);
    scan.characters_allowed()?;
    scan.run()?;
    let Scan { shapes, namespaces, prefixes, .. } = scan;
    Ok(Tree { text, shapes, namespaces, prefixes })
}

/// What the start tags around a place bind, and the namespace of the first of them.
pub(in crate::xml) fn bindings(tags: &str, limits: &Limits) -> Result<(Bindings, String), Stop> {
    let mut scan = Scan::new(tags, limits, &[], 0);
    scan.characters_allowed()?;
    match scan.run() {
        // That they are not closed is no fault here.
        Err(stop) if scan.open.is_empty() || stop.offset < tags.len() => return Err(stop),
        _ => {}
    }
    let namespace = |index: u32| scan.namespaces[index as usize].clone().into_owned();
    let innermost = |(prefix, stack): (&&str, &Vec<u32>)| {
        Some(((*prefix).to_owned(), namespace(*stack.last()?)))
    };
    let bound = scan.bound.iter().filter(|(prefix, _)| **prefix != "xml");
    let root = scan.shapes.first().map_or_else(String::new, |root| namespace(root.namespace));
    Ok((bound.filter_map(innermost).collect(), root))
}

/// The namespace of a start tag or empty tag that stands where these prefixes are bound.
pub(in crate::xml) fn root_namespace(
    tag: &str,
    limits: &Limits,
    bindings: &[(String, String)],
) -> Option<String> {
    let mut scan = Scan::new(tag, limits, bindings, 0);
    match scan.run() {
        Err(stop) if stop.offset < tag.len() => None,
        _ => {
            let root = scan.shapes.first()?;
            Some(scan.namespaces[root.namespace as usize].clone().into_owned())
        }
    }
}
