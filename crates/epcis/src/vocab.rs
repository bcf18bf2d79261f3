//! The words of the Core Business Vocabulary 2.0 in their four written forms: bare (`shipping`, what EPCIS JSON-LD uses),
//! URN (1.2 and XML), web URI (2.0 XML) and CURIE. A word that is none of CBV's is somebody's own and passes unchanged.

mod words;

use std::borrow::Cow;

pub use words::*;

/// One list of CBV or of the GS1 web vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    BizStep,
    Disposition,
    BizTransaction,
    SourceDestination,
    ErrorReason,
    Component,
    Measurement,
    SensorAlert,
}

const GS1_VOC: &str = "https://gs1.org/voc/";
const CBV: &str = "https://ref.gs1.org/cbv/";

/// A word that claims to be the standard's and is not in its list, or a bare word that is in no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of the standard's list")]
pub struct UnknownWord;

impl List {
    /// The bare words of the list, sorted.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => BIZ_STEPS,
            Self::Disposition => DISPOSITIONS,
            Self::BizTransaction => BIZ_TRANSACTIONS,
            Self::SourceDestination => SOURCE_DESTINATIONS,
            Self::ErrorReason => ERROR_REASONS,
            Self::Component => COMPONENTS,
            Self::Measurement => MEASUREMENTS,
            Self::SensorAlert => SENSOR_ALERTS,
        }
    }

    pub fn contains(self, bare: &str) -> bool {
        self.words().binary_search(&bare).is_ok()
    }

    /// What stands before the bare word in a web URI, and in a URN where the list has one.
    fn prefixes(self) -> (&'static str, &'static str) {
        match self {
            Self::BizStep => ("BizStep-", "urn:epcglobal:cbv:bizstep:"),
            Self::Disposition => ("Disp-", "urn:epcglobal:cbv:disp:"),
            Self::BizTransaction => ("BTT-", "urn:epcglobal:cbv:btt:"),
            Self::SourceDestination => ("SDT-", "urn:epcglobal:cbv:sdt:"),
            Self::ErrorReason => ("ER-", "urn:epcglobal:cbv:er:"),
            Self::Component => ("Comp-", ""),
            Self::Measurement | Self::SensorAlert => ("", ""),
        }
    }

    /// The bare word of any of its written forms; anything else unchanged.
    pub fn bare(self, word: &str) -> &str {
        self.local(word).filter(|bare| self.contains(bare)).unwrap_or(word)
    }

    /// The part of `word` after a form of the standard's own, whether or not the list holds it.
    fn local(self, word: &str) -> Option<&str> {
        let (term, urn) = self.prefixes();
        if term.is_empty() {
            let gs1 = [
                GS1_VOC,
                "http://gs1.org/voc/",
                "https://www.gs1.org/voc/",
                "http://www.gs1.org/voc/",
                "gs1:",
            ];
            return gs1.iter().find_map(|stem| word.strip_prefix(stem));
        }
        let web = [
            CBV,
            "http://ref.gs1.org/cbv/",
            "https://ns.gs1.org/cbv/",
            "http://ns.gs1.org/cbv/",
            "cbv:",
        ];
        if let Some(rest) = web.iter().find_map(|stem| word.strip_prefix(stem)) {
            return rest.strip_prefix(term);
        }
        if urn.is_empty() { None } else { word.strip_prefix(urn) }
    }

    /// The web URI: `https://ref.gs1.org/cbv/BizStep-shipping`. A word of somebody's own passes unchanged.
    pub fn uri(self, word: &str) -> Cow<'_, str> {
        let bare = self.bare(word);
        if !self.contains(bare) {
            return Cow::Borrowed(word);
        }
        let (term, _) = self.prefixes();
        let stem = if term.is_empty() { GS1_VOC } else { CBV };
        Cow::Owned(format!("{stem}{term}{bare}"))
    }

    /// The URN of EPCIS 1.2, where the list has one: `urn:epcglobal:cbv:bizstep:shipping`.
    pub fn urn(self, word: &str) -> Option<String> {
        let bare = self.bare(word);
        let (_, urn) = self.prefixes();
        (!urn.is_empty() && self.contains(bare)).then(|| format!("{urn}{bare}"))
    }

    /// The CURIE under the prefixes of the EPCIS context: `cbv:BizStep-shipping`.
    pub fn curie(self, word: &str) -> Option<String> {
        let bare = self.bare(word);
        let (term, _) = self.prefixes();
        let prefix = if term.is_empty() { "gs1" } else { "cbv" };
        self.contains(bare).then(|| format!("{prefix}:{term}{bare}"))
    }

    /// The bare word, or somebody's own URI; an error for a bare word that is not in the list and for a word that claims
    /// to be the standard's and is not.
    pub fn check(self, word: &str) -> Result<&str, UnknownWord> {
        if self.contains(word) {
            return Ok(word);
        }
        match self.local(word) {
            Some(bare) if self.contains(bare) => Ok(bare),
            None if crate::uri::is_uri(word) => Ok(word),
            // The GS1 web vocabulary grows between the editions of CBV; GS1's own examples use `gs1:EffectiveDoseRate`.
            Some(_) if self.prefixes().0.is_empty() && crate::uri::is_uri(word) => Ok(word),
            Some(_) | None => Err(UnknownWord),
        }
    }
}

/// A word found by its form alone, whatever list it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'w> {
    pub list: List,
    pub bare: &'w str,
}

/// Finds the list of a word in any form. A bare word is looked for in the order of CBV's clauses.
pub fn find(word: &str) -> Option<Word<'_>> {
    const LISTS: [List; 8] = [
        List::BizStep,
        List::Disposition,
        List::BizTransaction,
        List::SourceDestination,
        List::ErrorReason,
        List::Component,
        List::Measurement,
        List::SensorAlert,
    ];
    LISTS.into_iter().find_map(|list| {
        let bare = list.bare(word);
        list.contains(bare).then_some(Word { list, bare })
    })
}

/// The bare form of a business step; a private one unchanged.
pub fn canonical_step(word: &str) -> &str {
    List::BizStep.bare(word)
}

/// The bare form of a disposition; a private one unchanged.
pub fn canonical_disposition(word: &str) -> &str {
    List::Disposition.bare(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_so_that_binary_search_finds_every_word() {
        for list in [
            BIZ_STEPS,
            DISPOSITIONS,
            BIZ_TRANSACTIONS,
            SOURCE_DESTINATIONS,
            ERROR_REASONS,
            COMPONENTS,
            MEASUREMENTS,
            SENSOR_ALERTS,
        ] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn every_form_of_a_step_has_the_same_bare_word() {
        for form in [
            "shipping",
            "urn:epcglobal:cbv:bizstep:shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping",
            "cbv:BizStep-shipping",
        ] {
            assert_eq!(canonical_step(form), "shipping");
            assert_eq!(List::BizStep.uri(form), "https://ref.gs1.org/cbv/BizStep-shipping");
        }
        assert_eq!(
            List::BizStep.urn("shipping").as_deref(),
            Some("urn:epcglobal:cbv:bizstep:shipping")
        );
    }

    #[test]
    fn a_private_step_is_a_uri_and_an_invented_word_of_the_standard_is_refused() {
        assert_eq!(
            List::BizStep.check("https://example.com/step/curing"),
            Ok("https://example.com/step/curing")
        );
        assert_eq!(List::BizStep.check("curing"), Err(UnknownWord));
        assert_eq!(List::BizStep.check("urn:epcglobal:cbv:bizstep:curing"), Err(UnknownWord));
        assert_eq!(List::BizStep.check("https://ref.gs1.org/cbv/BizStep-curing"), Err(UnknownWord));
        assert_eq!(List::BizStep.check(""), Err(UnknownWord));
    }
}
