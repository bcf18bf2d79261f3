//! `nguon import`: documents through the door of the API, all or nothing up to ten thousand events, in batches beyond.

use serde_json::{Value, json};
use store::{Store, params, sql};
use tempfile::TempDir;

use crate::firm::{Firm, firm};
use crate::nguon;

struct Place {
    folder: TempDir,
    firm: Firm,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let firm = wait(async {
            let store = Store::open(&database(&folder)).await.unwrap();
            store.migrate().await.unwrap();
            firm(store).await
        });
        Place { folder, firm }
    }

    /// Imports one document; the exit code and the line that was printed.
    fn import(&self, document: &Value) -> (i32, Value) {
        let file = self.folder.path().join("document.json").display().to_string();
        std::fs::write(&file, document.to_string()).unwrap();
        let database = database(&self.folder);
        let (organisation, account) =
            (self.firm.organisation.to_string(), self.firm.manager.to_string());
        let (code, mut lines) = nguon(&[
            "import",
            "--database",
            &database,
            "--organisation",
            &organisation,
            "--account",
            &account,
            &file,
        ]);
        assert_eq!(lines.len(), 1, "{lines:?}");
        (code, lines.remove(0))
    }

    /// The names of the places that the organisation has spoken of.
    fn elements(&self) -> Vec<String> {
        wait(async {
            let store = Store::open(&database(&self.folder)).await.unwrap();
            let statement = sql!(
                "SELECT element FROM vocabulary_element WHERE organisation = $1 AND valid_to IS NULL ORDER BY element"
            );
            let rows = store.query(statement, &params![self.firm.organisation]).await.unwrap();
            let name = |row: &store::Row| String::from_utf8(row.get(0).unwrap()).unwrap();
            let names = rows.iter().map(name).collect();
            store.close().await;
            names
        })
    }
}

fn database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("nguon.db").display())
}

fn wait<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(what)
}

fn event(number: usize) -> Value {
    json!({
        "type": "ObjectEvent", "eventID": format!("urn:x:{number}"), "action": "OBSERVE", "bizStep": "storing",
        "eventTime": "2026-11-01T08:00:00+07:00", "eventTimeZoneOffset": "+07:00", "epcList": ["urn:x:item"],
    })
}

/// A document that also says something of a place.
fn document(place: &str, events: &[Value]) -> Value {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00+07:00",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": [{
            "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
            "vocabularyElementList": [{
                "id": place,
                "attributes": [{"id": "https://gs1.org/cbv/cbvmda/mda#city", "attribute": "Điện Biên Phủ"}],
            }],
        }]}},
        "epcisBody": {"eventList": events},
    })
}

fn counts(line: &Value) -> (&Value, &Value) {
    (&line["captured"], &line["duplicates"])
}

#[test]
fn a_document_is_captured_with_its_master_data_and_again_is_none_the_worse() {
    let place = Place::new();
    let both = document("urn:x:place:1", &[event(1), event(2)]);
    let (code, line) = place.import(&both);
    assert_eq!((code, counts(&line)), (0, (&json!(2), &json!(0))), "{line}");
    let (code, line) = place.import(&both);
    assert_eq!((code, counts(&line)), (0, (&json!(0), &json!(2))), "{line}");
    assert_eq!(place.elements(), ["urn:x:place:1"]);
    let (code, line) = place.import(&document("urn:x:place:2", &[]));
    assert_eq!((code, counts(&line)), (0, (&json!(0), &json!(0))), "{line}");
    assert_eq!(place.elements(), ["urn:x:place:1", "urn:x:place:2"]);
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_nothing_is_captured() {
    let place = Place::new();
    let mut changed = event(2);
    changed["action"] = json!("LOOK");
    let (code, line) = place.import(&document("urn:x:place:1", &[event(1), changed]));
    assert_eq!((code, &line["captured"]), (1, &json!(0)), "{line}");
    assert_eq!(line["rejected"][0]["path"], json!("/epcisBody/eventList/1/action"), "{line}");
    // What only the door knows: the same id for another event.
    assert_eq!(place.import(&document("urn:x:place:1", &[event(1)])).0, 0);
    let mut other = event(1);
    other["bizStep"] = json!("shipping");
    let (code, line) = place.import(&document("urn:x:place:2", &[event(3), other]));
    assert_eq!((code, &line["captured"]), (1, &json!(0)), "{line}");
    assert_eq!(line["rejected"][0]["rule"], json!("event.id.conflict"), "{line}");
    assert_eq!(place.elements(), ["urn:x:place:1"], "all or nothing holds for master data too");
}

#[test]
fn a_document_of_more_events_than_the_api_takes_goes_in_batches() {
    let place = Place::new();
    let mut events: Vec<Value> = (0..10_500).map(event).collect();
    let (code, line) = place.import(&document("urn:x:place:1", &events[..1]));
    assert_eq!((code, &line["captured"]), (0, &json!(1)), "{line}");
    // The tenth batch holds an event that the log has otherwise.
    events[9_500] = events[0].clone();
    events[9_500]["bizStep"] = json!("shipping");
    events.remove(0);
    let (code, line) = place.import(&document("urn:x:place:2", &events));
    assert_eq!((code, counts(&line)), (1, (&json!(9_000), &json!(0))), "{line}");
    assert_eq!(line["rejected"][0]["path"], json!("/epcisBody/eventList/9499/eventID"), "{line}");
    events.remove(9_499);
    let (code, line) = place.import(&document("urn:x:place:2", &events));
    assert_eq!((code, counts(&line)), (0, (&json!(1_498), &json!(9_000))), "{line}");
    assert_eq!(place.elements(), ["urn:x:place:1", "urn:x:place:2"]);
}
