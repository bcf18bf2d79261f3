//! Query strings as REST has them.

use epcis::Query;

/// `name=value&name=value`; what percent-encoding is belongs to the server.
pub(super) fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let pairs: Vec<(&str, &str)> = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    match Query::parse(pairs.iter().copied()) {
        Ok(query) => {
            // The order of parameters with different names says nothing.
            let mut names: Vec<_> = pairs.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            if names.len() == pairs.len() {
                let turned: Vec<_> = pairs.iter().rev().copied().collect();
                assert!(Query::parse(turned.iter().copied()).is_ok(), "{query:?}");
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in &faults {
                assert!(epcis::RULES.contains(&fault.rule), "{fault:?}");
                super::sentences(fault);
            }
        }
    }
}
