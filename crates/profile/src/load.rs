//! Reading profiles from JSON and holding the ones that ship with the program.

use std::{collections::BTreeSet, sync::OnceLock};

use gs1::Lang;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The profiles that ship. Their wording was taken from secondary quotations of the law, see each file's instrument.
const SHIPPED: [(&str, &str); 2] = [
    ("TT02-2024", include_str!("../data/TT02-2024.json")),
    ("ND37-2026", include_str!("../data/ND37-2026.json")),
];

/// A list of data that an instrument demands of every record, in force between two days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Stable name: `TT02-2024`.
    pub id: String,
    /// What people call it.
    pub title: Text,
    /// The legal instrument with number and day.
    pub instrument: Text,
    /// First day in force.
    pub valid_from: Date,
    /// Last day in force; open when absent.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Numbered from 1 without gaps.
    pub items: Vec<Item>,
}

/// One item of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Position in the instrument, from 1.
    pub number: u16,
    /// Stable name, unique in the profile; what `Record::declared_none` holds.
    pub key: String,
    /// The item in the instrument's words.
    pub label: Text,
    /// Whether it must be there.
    pub presence: Presence,
    /// Every one of these must be known.
    pub facts: Vec<Fact>,
    /// Whether it belongs to the minimum that anyone may look up.
    pub public: bool,
    /// The form field that mends it: `product.name`.
    pub anchor: String,
    /// What to do when it is missing.
    pub hint: Text,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

/// Whether an item must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Always.
    Must,
    /// Only where the product has such a thing.
    IfAny,
}

/// A fact that an item needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Name of the product.
    ProductName,
    /// At least one picture.
    Image,
    /// Legal name of the organisation.
    OrganisationName,
    /// House, village or street.
    OrganisationAddress,
    /// Commune of the division in force.
    CommuneCode,
    /// At least one stage.
    Stage,
    /// A name for every stage.
    StageName,
    /// A product trace code for every stage.
    StageProductCode,
    /// A location trace code for every stage.
    StageLocationCode,
    /// A time for every stage.
    StageTime,
    /// Time of production or trade.
    ProductionTime,
    /// Traceability code of the lot.
    TraceCode,
    /// Brand, trade mark or model.
    Brand,
    /// A brand or a serial number.
    BrandOrSerial,
    /// Lot or batch number, or a serial number.
    LotOrSerial,
    /// Expiry.
    Expiry,
    /// At least one standard.
    Standard,
    /// Origin.
    Origin,
}

/// Why a text is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not JSON of the right shape.
    #[error("the profile cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Something is empty that people read or programs look up.
    #[error("profile {id}: {what} is empty")]
    Empty {
        /// The profile.
        id: String,
        /// What is empty.
        what: String,
    },
    /// Numbers do not run 1, 2, 3…
    #[error("profile {id}: item number {found} stands where {expected} should")]
    Number {
        /// The profile.
        id: String,
        /// The number that should stand there.
        expected: usize,
        /// The number that does.
        found: u16,
    },
    /// Two items with one key.
    #[error("profile {id}: the key {key} occurs twice")]
    Key {
        /// The profile.
        id: String,
        /// The key.
        key: String,
    },
    /// It ends before it begins.
    #[error("profile {id}: valid_to lies before valid_from")]
    Dates {
        /// The profile.
        id: String,
    },
}

impl Profile {
    /// Whether it is in force on a day.
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// The item with this key.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    fn validated(self) -> Result<Self, ProfileError> {
        let empty = |what: String| ProfileError::Empty { id: self.id.clone(), what };
        let texts = [("id", &self.id), ("title.vi", &self.title.vi), ("title.en", &self.title.en)];
        let instrument =
            [("instrument.vi", &self.instrument.vi), ("instrument.en", &self.instrument.en)];
        if let Some((what, _)) =
            texts.into_iter().chain(instrument).find(|(_, text)| text.trim().is_empty())
        {
            return Err(empty(what.to_owned()));
        }
        if self.items.is_empty() {
            return Err(empty("items".to_owned()));
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err(ProfileError::Dates { id: self.id });
        }
        let mut keys = BTreeSet::new();
        for (at, item) in self.items.iter().enumerate() {
            if usize::from(item.number) != at + 1 {
                return Err(ProfileError::Number {
                    id: self.id,
                    expected: at + 1,
                    found: item.number,
                });
            }
            let texts = [
                ("key", &item.key),
                ("label.vi", &item.label.vi),
                ("label.en", &item.label.en),
                ("hint.vi", &item.hint.vi),
                ("hint.en", &item.hint.en),
                ("anchor", &item.anchor),
            ];
            if let Some((what, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
                return Err(empty(format!("{what} of item {}", item.number)));
            }
            if item.facts.is_empty() {
                return Err(empty(format!("facts of item {}", item.number)));
            }
            if !keys.insert(item.key.as_str()) {
                return Err(ProfileError::Key { id: self.id.clone(), key: item.key.clone() });
            }
        }
        Ok(self)
    }
}

/// Reads and validates a profile from JSON.
pub fn parse(json: &str) -> Result<Profile, ProfileError> {
    serde_json::from_str::<Profile>(json)?.validated()
}

/// All profiles that ship, oldest first.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    // A shipped file that does not parse fails the tests below; here it would only be absent.
    PROFILES.get_or_init(|| SHIPPED.iter().filter_map(|(_, json)| parse(json).ok()).collect())
}

/// The profile with this id.
pub fn profile(id: &str) -> Option<&'static Profile> {
    profiles().iter().find(|profile| profile.id == id)
}

/// The profiles in force on a day, oldest first.
pub fn profiles_in_force(day: Date) -> Vec<&'static Profile> {
    profiles().iter().filter(|profile| profile.in_force(day)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_shipped_file_is_a_valid_profile_under_its_own_name() {
        for (id, json) in SHIPPED {
            let profile = parse(json).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(profile.id, id);
        }
        assert!(profiles().is_sorted_by_key(|profile| profile.valid_from));
    }

    #[test]
    fn tt02_2024_has_ten_items_of_which_two_are_if_any() {
        let items = &profile("TT02-2024").unwrap().items;
        assert_eq!(items.len(), 10);
        let if_any: Vec<_> =
            items.iter().filter(|i| i.presence == Presence::IfAny).map(|i| i.number).collect();
        assert_eq!(if_any, [8, 9]);
        let public: Vec<_> = items.iter().filter(|i| i.public).map(|i| i.number).collect();
        assert_eq!(public, [1, 2, 3, 4, 6, 8, 9]);
    }

    #[test]
    fn a_profile_is_in_force_from_its_first_day() {
        let on = |day| profiles_in_force(day).iter().map(|p| p.id.as_str()).collect::<Vec<_>>();
        assert_eq!(on(date(2024, 5, 31)), Vec::<&str>::new());
        assert_eq!(on(date(2024, 6, 1)), ["TT02-2024"]);
        assert_eq!(on(date(2026, 1, 22)), ["TT02-2024"]);
        assert_eq!(on(date(2026, 1, 23)), ["TT02-2024", "ND37-2026"]);
        assert_eq!(profile("TT02-2025"), None);
    }

    #[test]
    fn a_profile_ends_with_its_last_day() {
        let mut json: Value = serde_json::from_str(SHIPPED[0].1).unwrap();
        json["valid_to"] = json!("2026-12-31");
        let profile = parse(&json.to_string()).unwrap();
        assert!(profile.in_force(date(2026, 12, 31)) && !profile.in_force(date(2027, 1, 1)));
    }

    /// The message for a shipped profile after one change.
    fn fault(change: impl FnOnce(&mut Value)) -> String {
        let mut json: Value = serde_json::from_str(SHIPPED[0].1).unwrap();
        change(&mut json);
        parse(&json.to_string()).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    #[test]
    fn a_broken_profile_is_refused_with_the_place() {
        assert_eq!(fault(|_| ()), "accepted");
        assert!(
            fault(|p| p["items"][1]["key"] = json!("product_name"))
                .contains("product_name occurs twice")
        );
        assert!(fault(|p| p["items"][2]["number"] = json!(4)).contains("4 stands where 3 should"));
        assert!(fault(|p| p["items"][3]["hint"]["en"] = json!(" ")).contains("hint.en of item 4"));
        assert!(fault(|p| p["items"][0]["facts"] = json!([])).contains("facts of item 1"));
        assert!(fault(|p| p["items"][0]["facts"] = json!(["colour"])).contains("unknown variant"));
        assert!(fault(|p| p["items"] = json!([])).contains("items is empty"));
        assert!(fault(|p| p["valid_to"] = json!("2024-05-31")).contains("valid_to"));
        assert!(fault(|p| p["colour"] = json!("green")).contains("unknown field"));
        assert!(fault(|p| p["valid_from"] = json!("2024-02-30")).contains("cannot be read"));
    }
}
