//! `poll` of the SimpleMasterDataQuery (EPCIS 1.2 and 2.0 §8.2.7.2).

use epcis::{EpcFormat, Results, Version, VocabularyElement, write_query_results};

use super::events::too_large;
use super::fault::{Exception, Fault};
use super::params::{Param, wrong};
use crate::app::App;
use crate::masterdata::find::{Selected, select};
use crate::masterdata::{MOST, Selection, attribute_name};

/// What the parameters ask for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    selection: Selection,
    include_attributes: bool,
    include_children: bool,
    /// Those attributes only.
    attribute_names: Option<Vec<String>>,
    max_element_count: Option<usize>,
}

impl Asked {
    pub(super) fn read(params: &[Param]) -> Result<Asked, Fault> {
        let mut asked = Asked::default();
        for required in ["includeAttributes", "includeChildren"] {
            if !params.iter().any(|param| param.name == required) {
                return Err(wrong(required, "thiếu tham số này", "the parameter is missing"));
            }
        }
        for param in params {
            let list = || -> Result<Vec<String>, Fault> {
                if param.values.is_empty() {
                    return Err(wrong(&param.name, "cần ít nhất một giá trị", "a value is needed"));
                }
                Ok(param.values.clone())
            };
            match param.name.as_str() {
                "includeAttributes" => asked.include_attributes = flag(param)?,
                "includeChildren" => asked.include_children = flag(param)?,
                "attributeNames" => asked.attribute_names = Some(list()?),
                "vocabularyName" => asked.selection.vocabularies = list()?,
                "EQ_name" => asked.selection.names = Some(list()?),
                "WD_name" => asked.selection.within = Some(list()?),
                "HASATTR" => asked.selection.has_attribute = Some(list()?),
                "maxElementCount" => asked.max_element_count = Some(count(param)?),
                name => match name.strip_prefix("EQATTR_").filter(|name| !name.is_empty()) {
                    Some(attribute) => {
                        asked.selection.attribute_is.push((attribute.to_owned(), list()?));
                    }
                    None => {
                        return Err(wrong(
                            name,
                            "không có tham số này",
                            "there is no such parameter",
                        ));
                    }
                },
            }
        }
        Ok(asked)
    }

    /// The part of an element that was asked for.
    fn shown(&self, mut element: VocabularyElement, version: Version) -> VocabularyElement {
        if !self.include_attributes {
            element.attributes.clear();
        } else if let Some(names) = &self.attribute_names {
            let names: Vec<_> = names.iter().map(|name| attribute_name(name)).collect();
            element.attributes.retain(|attribute| names.contains(&attribute_name(&attribute.id)));
        }
        if !self.include_children {
            element.children.clear();
        }
        if version == Version::V1_2 {
            for id in element.children.iter_mut().chain([&mut element.id]) {
                *id = EpcFormat::Urn.spell(id).into_owned();
            }
        }
        element
    }
}

fn flag(param: &Param) -> Result<bool, Fault> {
    match param.values.as_slice() {
        [one] if matches!(one.as_str(), "true" | "1") => Ok(true),
        [one] if matches!(one.as_str(), "false" | "0") => Ok(false),
        _ => Err(wrong(&param.name, "cần true hoặc false", "true or false is needed")),
    }
}

fn count(param: &Param) -> Result<usize, Fault> {
    match param.values.as_slice() {
        [one] => one.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| {
        wrong(&param.name, "cần một số nguyên không âm", "a whole number is needed, not negative")
    })
}

/// The element `QueryResults`, or why there is none.
pub(super) async fn poll(
    app: &App,
    organisation: i64,
    query_name: &str,
    asked: &Asked,
    version: Version,
) -> Result<String, Fault> {
    let most = asked.max_element_count.unwrap_or(MOST).min(MOST);
    let found = match select(app, organisation, &asked.selection, most).await? {
        Selected::Elements(found) => found,
        Selected::TooMany => return Err(too_large(query_name, most as u64)),
    };
    let shown: Vec<VocabularyElement> =
        found.into_iter().map(|element| asked.shown(element.said, version)).collect();
    write_query_results(query_name, Results::MasterData(&shown), version)
        .map_err(|faults| Fault::of_faults(Exception::Implementation, &faults).about(query_name))
}
