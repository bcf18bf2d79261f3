//! What `@context` declares: bounded, and with an event in the log only as far as the event uses it.

use epcis::{Event, Limits, hash_id, read_json, read_stored, read_xml, write_document};

use crate::fuzz::targets::streamed;

const EPCIS: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

fn document(context: &str, events: &str) -> String {
    format!(
        "{{\"@context\":[\"{EPCIS}\",{context}],\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\
         \"creationDate\":\"2026-03-02T00:00:00Z\",\"epcisBody\":{{\"eventList\":[{events}]}}}}"
    )
}

fn event(rest: &str) -> String {
    format!(
        "{{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":\"2026-03-01T08:00:00Z\",\
         \"eventTimeZoneOffset\":\"+07:00\",\"epcList\":[\"urn:example:1\"]{rest}}}"
    )
}

fn prefixes(count: usize) -> String {
    let list: Vec<_> = (0..count).map(|n| format!("{{\"p{n}\":\"https://p{n}.vn/\"}}")).collect();
    list.join(",")
}

fn read(text: &str) -> Vec<Event> {
    read_json(text.as_bytes(), &Limits::default()).unwrap().events
}

fn first_fault(text: &str) -> (&'static str, String) {
    let faults = read_json(text.as_bytes(), &Limits::default()).unwrap_err();
    (faults[0].rule, faults[0].path.clone())
}

#[test]
fn an_event_in_the_log_carries_of_its_documents_context_what_it_uses() {
    let each: Vec<_> = (0..200).map(|n| event(&format!(",\"p{n}:x\":{{\"a\":1}}"))).collect();
    let text = document(&prefixes(400), &each.join(","));
    let events = read(&text);
    let stored: usize = events.iter().map(|event| event.stored().len()).sum();
    assert!(stored < 3 * text.len(), "{stored} bytes of a document of {}", text.len());
    for (n, event) in events.iter().enumerate() {
        let body = String::from_utf8(event.stored()).unwrap();
        assert!(body.starts_with(&format!("{{\"@context\":[{{\"p{n}\":\"https://p{n}.vn/\"}}],")));
        let back = read_stored(body.as_bytes()).unwrap();
        assert_eq!(hash_id(&back), hash_id(event));
        assert_eq!(back.stored(), event.stored());
    }
}

#[test]
fn what_is_stored_means_what_was_said_wherever_a_name_stands() {
    let context = r#"{"ex":"https://ex.vn/"},{"via":"ex:via/"},{"dose":"via:dose"},{"word":"ex:word"},
        {"s":"https://s.vn/"},{"r":"https://r.vn/"},{"i":"https://i.vn/"},{"e":"https://e.vn/"},{"idle":"https://idle.vn/"}"#;
    let rest = r#","bizStep":"word","disposition":"ex:own","dose":{"@type":"s:t"},
        "readPoint":{"id":"urn:example:place","r:x":1},"ilmd":{"i:x":[{"i:y":2}]},
        "sensorElementList":[{"sensorReport":[{"type":"gs1:Temperature","value":1,"uom":"CEL","s:x":3}]}],
        "errorDeclaration":{"declarationTime":"2026-03-01T09:00:00Z","e:x":4}"#;
    let said = &read(&document(context, &event(rest)))[0];
    let back = read_stored(&said.stored()).unwrap();
    assert_eq!(epcis::prehash(&back), epcis::prehash(said));
    let declared = String::from_utf8(said.stored()).unwrap();
    for name in ["ex", "via", "dose", "word", "s", "r", "i", "e"] {
        assert!(declared.contains(&format!("{{\"{name}\":")), "{name}: {declared}");
    }
    assert!(!declared.contains("idle"));
}

#[test]
fn other_contexts_and_keywords_go_along_since_nobody_knows_what_they_do() {
    let context =
        r#"{"@vocab":"https://v.vn/"},"https://remote.vn/c.jsonld",{"idle":"https://i.vn/"}"#;
    let said = &read(&document(context, &event("")))[0];
    let body = String::from_utf8(said.stored()).unwrap();
    assert!(body.starts_with(
        "{\"@context\":[{\"@vocab\":\"https://v.vn/\"},\"https://remote.vn/c.jsonld\"],"
    ));
}

#[test]
fn names_and_bytes_of_a_context_are_limited_and_the_fault_stands_where_the_limit_is_passed() {
    assert_eq!(read(&document(&prefixes(500), &event(""))).len(), 1);
    assert_eq!(
        first_fault(&document(&prefixes(501), &event(""))),
        ("limit.context", "/@context/501".to_owned())
    );
    let long = format!("{{\"a\":\"{}\"}},{{\"b\":\"u:\"}}", "x".repeat(17_000));
    assert_eq!(
        first_fault(&document(&long, &event(""))),
        ("limit.context-bytes", "/@context/1".to_owned())
    );
    // One name over and over is as much to read.
    let same = vec!["{\"a\":\"u:\"}"; 501].join(",");
    assert_eq!(first_fault(&document(&same, &event(""))).0, "limit.context");
    // The document's and the event's own count together.
    let own = event(&format!(",\"@context\":[{}]", prefixes(2)));
    assert_eq!(
        first_fault(&document(&prefixes(499), &own)),
        ("limit.context", "/epcisBody/eventList/0/@context/1".to_owned())
    );
    assert_eq!(read(&document(&prefixes(498), &own)).len(), 1);
}

#[test]
fn one_entry_alone_may_not_be_larger_than_a_context() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(17_000));
    assert_eq!(first_fault(&document(&long, &event(""))).0, "limit.context-bytes");
}

#[test]
fn namespaces_of_xml_are_limited_as_those_of_json_are() {
    let field = |n: usize| format!("<a:x xmlns:a=\"https://p{n}.vn/\">1</a:x>");
    let text = |count: usize| {
        let fields: String = (0..count).map(field).collect();
        format!(
            "<epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:2\" schemaVersion=\"2.0\" \
             creationDate=\"2026-03-02T00:00:00Z\"><EPCISBody><EventList><ObjectEvent>\
             <eventTime>2026-03-01T08:00:00Z</eventTime><eventTimeZoneOffset>+07:00</eventTimeZoneOffset>\
             <epcList><epc>urn:example:1</epc></epcList><action>ADD</action>{fields}\
             </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"
        )
    };
    assert_eq!(read_xml(text(500).as_bytes(), &Limits::default()).unwrap().events.len(), 1);
    let faults = read_xml(text(501).as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!((faults.len(), faults[0].rule), (1, "limit.context"));
    let limits = Limits::default();
    let streamed = streamed(text(501).as_bytes(), &[1_000], true, true, &limits);
    let told: Vec<_> = streamed.faults.iter().map(|f| (f.rule, f.path.as_str())).collect();
    assert_eq!(told, [("limit.context", "/epcisBody/eventList/0")]);
}

#[test]
fn a_written_document_declares_no_more_than_one_that_is_read_may() {
    let mut events = read(&document(&prefixes(400), &event(",\"p1:x\":1")));
    let mine = prefixes(400).replace("\"p", "\"q");
    events.extend(read(&document(&mine, &event(",\"q1:x\":1"))));
    let created = "2026-03-02T00:00:00Z".parse().unwrap();
    let text = write_document(&events, created);
    let back = read(&text);
    let ids = |events: &[Event]| events.iter().map(hash_id).collect::<Vec<_>>();
    assert_eq!(ids(&back), ids(&events));
}
