//! What the addresses for queries are, for programs: the conditions of the simple event query, the top-level resources, and
//! what every address of the EPCIS interface agrees on by headers.

use epcis::EventKind;
use serde_json::{Value, json};

use super::negotiate::{CBV_FORMATS, EPC_FORMATS};
use super::resources::Resource;
use crate::api::{Operation, content, count, instant, list, parameter, schema, text, text_that_is};

/// What the value of a condition is.
#[derive(Clone, Copy)]
enum Of {
    Several,
    One,
    Instant,
    Count,
    Flag,
    /// A number, of any unit of measure or of one that the name tells.
    Amount,
}

/// The conditions of the simple event query that have a name of their own (EPCIS 2.0 §8.2.7.1). What has an empty line says
/// what it is by its name.
const CONDITIONS: &[(&str, Of, &str)] = &[
    ("eventType", Of::Several, ""),
    ("EQ_action", Of::Several, "ADD, OBSERVE, DELETE"),
    ("EQ_bizStep", Of::Several, "business step, bare, URN or URI"),
    ("EQ_disposition", Of::Several, "disposition, bare, URN or URI"),
    ("EQ_persistentDisposition_set", Of::Several, ""),
    ("EQ_persistentDisposition_unset", Of::Several, ""),
    ("EQ_readPoint", Of::Several, "read point"),
    ("EQ_bizLocation", Of::Several, "business location"),
    ("WD_readPoint", Of::Several, "read point, or one below it"),
    ("WD_bizLocation", Of::Several, "business location, or one below it"),
    ("GE_eventTime", Of::Instant, "from this instant on"),
    ("LT_eventTime", Of::Instant, "before this instant"),
    ("GE_recordTime", Of::Instant, "recorded from this instant on"),
    ("LT_recordTime", Of::Instant, "recorded before this instant"),
    ("MATCH_epc", Of::Several, "EPC in epcList or childEPCs"),
    ("MATCH_anyEPC", Of::Several, "EPC in any list"),
    ("MATCH_parentID", Of::Several, "parent"),
    ("MATCH_inputEPC", Of::Several, "input"),
    ("MATCH_outputEPC", Of::Several, "output"),
    ("MATCH_epcClass", Of::Several, "class in quantityList or childQuantityList"),
    ("MATCH_inputEPCClass", Of::Several, "class of an input"),
    ("MATCH_outputEPCClass", Of::Several, "class of an output"),
    ("MATCH_anyEPCClass", Of::Several, "class in any quantity list"),
    ("EQ_transformationID", Of::Several, ""),
    ("EQ_quantity", Of::Amount, ""),
    ("GT_quantity", Of::Amount, ""),
    ("GE_quantity", Of::Amount, ""),
    ("LT_quantity", Of::Amount, ""),
    ("LE_quantity", Of::Amount, ""),
    ("EQ_eventID", Of::Several, "event id"),
    ("EXISTS_errorDeclaration", Of::Flag, ""),
    ("GE_errorDeclarationTime", Of::Instant, ""),
    ("LT_errorDeclarationTime", Of::Instant, ""),
    ("EQ_errorReason", Of::Several, ""),
    ("EQ_correctiveEventID", Of::Several, ""),
    ("GE_startTime", Of::Instant, ""),
    ("LT_startTime", Of::Instant, ""),
    ("GE_endTime", Of::Instant, ""),
    ("LT_endTime", Of::Instant, ""),
    ("EQ_type", Of::Several, ""),
    ("EQ_deviceID", Of::Several, ""),
    ("EQ_dataProcessingMethod", Of::Several, ""),
    ("EQ_microorganism", Of::Several, ""),
    ("EQ_chemicalSubstance", Of::Several, ""),
    ("EQ_bizRules", Of::Several, ""),
    ("EQ_stringValue", Of::Several, ""),
    ("EQ_hexBinaryValue", Of::Several, ""),
    ("EQ_uriValue", Of::Several, ""),
    ("EQ_booleanValue", Of::Flag, ""),
    ("orderBy", Of::One, "eventTime, recordTime or the name of a field"),
    ("orderDirection", Of::One, "ASC or DESC"),
    ("eventCountLimit", Of::Count, ""),
    ("maxEventCount", Of::Count, ""),
];

const CLAUSE: &str = "EPCIS 2.0 §8.2.7.1";
const FAMILIES: &str = "Conditions whose names are families (`EQ_bizTransaction_…`, `EQ_source_…`, `EQATTR_…`, fields of one's own, sensor data) are taken as EPCIS 2.0 §8.2.7.1 has them; `GS1-Extensions` declares the prefixes of their names.";

/// The conditions as parameters of an address.
pub(crate) fn conditions() -> impl Iterator<Item = Value> {
    CONDITIONS.iter().map(|(name, of, what)| {
        let kinds = EventKind::ALL.map(EventKind::name).join(", ");
        let what = if *name == "eventType" { kinds.as_str() } else { what };
        let more = match of {
            Of::Several => "Several values are separated by “|”; all are alternatives.".to_owned(),
            Of::Amount => format!("A unit may follow: {name}_KGM."),
            _ => String::new(),
        };
        let clause =
            if what.is_empty() { format!("{CLAUSE}.") } else { format!("{CLAUSE}: {what}.") };
        let schema = match of {
            Of::Several | Of::One | Of::Amount => text(),
            Of::Instant => instant(),
            Of::Count => count(),
            Of::Flag => json!({"type": "boolean"}),
        };
        parameter("query", name, format!("{clause} {more}").trim(), &schema)
    })
}

/// A document of events.
pub(crate) fn events() -> Value {
    let xml = text_that_is("EPCIS 2.0 query document");
    content([("application/ld+json", json!({"type": "object"})), ("application/xml", xml)])
}

/// An operation that answers events, a page at a time.
pub(super) fn answers_events(operation: Operation) -> Operation {
    let page = "An EPCISQueryDocument; `Link: rel=\"next\"` where there is more.";
    operation.answers_with(200, page, events()).paged().refuses(&[413])
}

/// `GET /epcis/events`
pub(super) fn query() -> Operation {
    let operation = Operation::new("queryEvents", "Query events").describe(FAMILIES);
    answers_events(operation.takes_common(CONDITIONS.iter().map(|(name, ..)| *name)))
}

/// `GET /epcis/events/{event}`
pub(super) fn event() -> Operation {
    Operation::new("getEvent", "One event by its id")
        .answers_with(200, "The event", events())
        .refuses(&[404])
}

/// `DELETE /epcis/nextPageToken/{token}`
pub(super) fn end_token() -> Operation {
    Operation::new("endPageToken", "Give up a page token")
        .answers(204, "It opens nothing any more, on no node.")
}

/// `GET /epcis`
pub(super) fn root() -> Operation {
    collection(Operation::new("epcisRoot", "What there is below this address"))
}

fn collection(operation: Operation) -> Operation {
    operation.answers_json("A `Collection` whose `member` lists names.", schema("Collection"))
}

impl Resource {
    /// The operations of a kind of top-level resources (EPCIS 2.0 §12.6): on the list, on one of them, on its events.
    pub(super) fn says(self, name: &str) -> [Operation; 3] {
        let words = self.words();
        // `bizSteps` is `BizSteps` behind a verb.
        let (first, rest) = name.split_at(1);
        let id = |verb: &str| format!("{verb}{}{rest}", first.to_uppercase());
        let whose = match (self.standard().is_empty(), self.names()) {
            (false, None) => "The standard's.",
            (false, Some(_)) => "The standard's, and those that events of the organisation use.",
            (true, _) => "Those that events of the organisation speak of.",
        };
        let list = Operation::new(id("list"), format!("List {words}")).describe(whose);
        let one = format!("One of the {words}: what there is to ask of it");
        let events =
            format!("Events of one of the {words}; further conditions as for /epcis/events");
        let events = named(Operation::new(id("eventsOf"), events));
        [
            collection(list).paged(),
            collection(named(Operation::new(id("one"), one))).refuses(&[404]),
            answers_events(events.takes_common(CONDITIONS.iter().map(|(name, ..)| *name))),
        ]
    }
}

fn named(operation: Operation) -> Operation {
    operation.part("name", "Percent-encoded.", &text())
}

/// Headers that every operation of the EPCIS interface takes (EPCIS 2.0 §12.2, §12.4).
pub(crate) fn agreed() -> Vec<(&'static str, &'static str, Value)> {
    let version =
        || json!({"type": "string", "pattern": "^[0-9]+(\\.[0-9]+){0,2}$", "examples": ["2.0.0"]});
    let epc: Vec<&str> = EPC_FORMATS.iter().map(|(code, _)| *code).collect();
    let cbv: Vec<&str> = CBV_FORMATS.iter().map(|(code, _)| *code).collect();
    vec![
        (
            "GS1-EPCIS-Version",
            "The version of EPCIS that is spoken; 406 where it is not spoken here.",
            version(),
        ),
        ("GS1-EPCIS-Min", "The oldest version of EPCIS that the client takes.", version()),
        ("GS1-EPCIS-Max", "The newest version of EPCIS that the client takes.", version()),
        (
            "GS1-CBV-Version",
            "The version of the Core Business Vocabulary that is spoken; 406 where it is not spoken here.",
            version(),
        ),
        (
            "GS1-CBV-Min",
            "The oldest version of the Core Business Vocabulary that the client takes.",
            version(),
        ),
        (
            "GS1-CBV-Max",
            "The newest version of the Core Business Vocabulary that the client takes.",
            version(),
        ),
        (
            "GS1-EPC-Format",
            "How identifiers are spelled in what goes out. An identifier that cannot be spelled so, and one that is none of GS1's, stays as it is.",
            json!({"type": "string", "enum": epc, "default": "Always_GS1_Digital_Link"}),
        ),
        (
            "GS1-CBV-XML-Format",
            "How words of CBV are spelled in XML.",
            json!({"type": "string", "enum": cbv, "default": "Always_URN"}),
        ),
        (
            "GS1-Extensions",
            "The prefixes that parameters write names of fields and words of one's own with: prefix=URI, several separated by commas; 400 where it reads otherwise.",
            json!({"type": "string", "examples": ["ex=https://example.org/ns#"]}),
        ),
    ]
}

/// Headers that every answer of the EPCIS interface has and that clients look at.
pub(crate) const ALWAYS_SAID: [&str; 3] =
    ["GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions"];

const SPOKEN: &str = "What is spoken here: 2.0.0.";
const SPELLED: &str = "No_Preference: every form can be asked for.";

/// Headers that `OPTIONS` answers with.
pub(crate) const DISCOVERED: [(&str, &str); 11] = [
    ("Allow", "The methods of this address."),
    ("GS1-EPCIS-Version", SPOKEN),
    ("GS1-EPCIS-Min", SPOKEN),
    ("GS1-EPCIS-Max", SPOKEN),
    ("GS1-CBV-Version", SPOKEN),
    ("GS1-CBV-Min", SPOKEN),
    ("GS1-CBV-Max", SPOKEN),
    ("GS1-Vendor-Version", "The version of this program."),
    ("GS1-EPC-Format", SPELLED),
    ("GS1-CBV-XML-Format", SPELLED),
    (
        "GS1-Extensions",
        "Prefixes and their namespaces, as prefix=URI: that of our own fields, and those that events of the answer use.",
    ),
];

/// `OPTIONS` of any address.
pub(crate) fn discovery(id: String) -> Operation {
    Operation::new(id, "Which methods and versions are spoken here")
        .answers(204, "See the headers `Allow` and `GS1-…`.")
        .with_headers(DISCOVERED.iter().map(|(name, _)| *name))
}

/// What is described once.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let collection = json!({
        "type": "object", "required": ["@context", "type", "member"],
        "properties": {"@context": text(), "type": {"const": "Collection"}, "member": list(&text())},
    });
    vec![("Collection", collection), ("NamedQuery", super::named::described::named_query())]
}
