//! Master data of headers and of query results: what is read, what is refused, and what is written again.

use epcis::{
    Attribute, DocumentKind, Fault, Limits, Results, Version, VocabularyElement, read_json,
    read_xml, write_query_results,
};

use crate::corpora;

const PLACES: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"ex":"https://example.org/ns#"}],
 "type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-11-01T08:00:00+07:00",
 "epcisHeader":{"epcisMasterData":{"vocabularyList":[
  {"type":"urn:epcglobal:epcis:vtype:location","vocabularyElementList":[
   {"id":"urn:epc:id:sgln:9524321.00001.0","attributes":[
     {"id":"cbvmda:name","attribute":"Xưởng Bản Phủ"},
     {"id":"ex:address","attribute":{"ex:street":"Bản Phủ","ex:number":7}}],
    "children":["urn:epc:id:sgln:9524321.00002.0"]},
   {"id":"https://id.gs1.org/414/9524321000019","attributes":[{"id":"urn:epcglobal:cbv:mda#name","attribute":"Xưởng hai"}]}]}]}},
 "epcisBody":{"eventList":[]}}"#;

fn xml(inner: &str) -> String {
    format!(
        r#"<m:EPCISMasterDataDocument xmlns:m="urn:epcglobal:epcis-masterdata:xsd:1" schemaVersion="1.2" creationDate="2026-11-01T08:00:00+07:00">
<EPCISBody><VocabularyList>{inner}</VocabularyList></EPCISBody></m:EPCISMasterDataDocument>"#
    )
}

fn faults(found: Result<epcis::Document, Vec<Fault>>) -> Vec<(&'static str, String)> {
    found.unwrap_err().into_iter().map(|fault| (fault.rule, fault.path)).collect()
}

#[test]
fn an_element_said_at_two_places_is_one_with_its_names_in_one_spelling() {
    let document = read_json(PLACES.as_bytes(), &Limits::default()).unwrap();
    let [place] = &document.master_data[..] else { panic!("{:?}", document.master_data) };
    assert_eq!(place.vocabulary, "urn:epcglobal:epcis:vtype:Location");
    assert_eq!(place.canonical_id(), "https://id.gs1.org/414/9524321000019");
    let names: Vec<_> = place.attributes.iter().map(|one| one.id.as_str()).collect();
    let name = "urn:epcglobal:cbv:mda:name";
    assert_eq!(names, [name, "https://example.org/ns#address", name]);
    assert_eq!(place.attributes[2].texts(), ["Xưởng hai"]);
    assert_eq!(place.children, ["urn:epc:id:sgln:9524321.00002.0"]);
}

#[test]
fn faults_of_master_data_are_told_at_their_place() {
    let named = |type_: &str, rest: &str| {
        PLACES.replace("urn:epcglobal:epcis:vtype:location", type_).replace("\"ex:address\"", rest)
    };
    let list = "/epcisHeader/epcisMasterData/vocabularyList/0";
    let element = format!("{list}/vocabularyElementList/0");
    let long = format!("\"urn:{}\"", "x".repeat(1_000));
    for (text, rule, path) in [
        (named("location", "\"ex:address\""), "uri", format!("{list}/type")),
        (
            named("urn:epcglobal:epcis:vtype:", "\"ex:address\""),
            "master-data.type",
            format!("{list}/type"),
        ),
        (named("urn:x:y", "7"), "json.type", format!("{element}/attributes/1/id")),
        (named("urn:x:y", &long), "master-data.name", format!("{element}/attributes/1/id")),
    ] {
        let found = faults(read_json(text.as_bytes(), &Limits::default()));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].1, path, "{found:?}");
        assert_eq!(found[0].0, rule);
    }
    let few = Limits { events: 1, ..Limits::default() };
    let two = PLACES.replace("https://id.gs1.org/414/9524321000019", "urn:x:other");
    let found = faults(read_json(two.as_bytes(), &few));
    let place = format!("{list}/vocabularyElementList/1");
    assert_eq!(found, [("limit.master-data", place)]);
}

#[test]
fn xml_of_both_versions_gives_the_same_elements_and_stray_elements_are_refused() {
    let inner = r#"<Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
<VocabularyElement id="urn:epc:id:sgln:9524321.00001.0"><attribute id="urn:epcglobal:cbv:mda#name">Xưởng</attribute>
<children><id>urn:x:child</id></children></VocabularyElement></VocabularyElementList></Vocabulary>"#;
    for text in [xml(inner), xml(inner).replace("xsd:1", "xsd:2").replace("1.2", "2.0")] {
        let document = read_xml(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(document.master_data.len(), 1);
        assert_eq!(document.master_data[0].children, ["urn:x:child"]);
        assert_eq!(document.master_data[0].attributes[0].id, "urn:epcglobal:cbv:mda:name");
    }
    let stray = xml(&inner
        .replace("VocabularyElement ", "Element ")
        .replace("</VocabularyElement>", "</Element>"));
    let found = faults(read_xml(stray.as_bytes(), &Limits::default()));
    assert_eq!(found[0].0, "xml.element");
    let nameless = xml(&inner.replace(" id=\"urn:epc:id:sgln:9524321.00001.0\"", ""));
    let found = faults(read_xml(nameless.as_bytes(), &Limits::default()));
    assert!(
        found.iter().any(|(rule, path)| *rule == "field.missing"
            && path == "/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0/id"),
        "{found:?}"
    );
}

#[test]
fn query_results_of_master_data_are_read_again_as_the_elements_they_were() {
    let document = read_json(PLACES.as_bytes(), &Limits::default()).unwrap();
    let bare = VocabularyElement {
        vocabulary: "urn:x:v".to_owned(),
        id: "urn:x:<&>'".replace(['<', '>'], "%20"),
        attributes: Vec::new(),
        children: Vec::new(),
        context: epcis::Context::default(),
    };
    let elements = [document.master_data[0].clone(), bare];
    for (version, number) in [(Version::V1_2, "1"), (Version::V2_0, "2")] {
        let results =
            write_query_results("SimpleMasterDataQuery", Results::MasterData(&elements), version)
                .unwrap();
        let whole = format!(
            r#"<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:{number}" schemaVersion="{number}.0" creationDate="2026-11-01T08:00:00+07:00"><EPCISBody>{results}</EPCISBody></q:EPCISQueryDocument>"#
        );
        let back = read_xml(whole.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(back.kind, DocumentKind::EpcisQueryDocument);
        assert_eq!(back.query_name.as_deref(), Some("SimpleMasterDataQuery"));
        let told = |all: &[VocabularyElement]| -> Vec<_> {
            let attributes = |one: &VocabularyElement| -> Vec<(String, Vec<String>)> {
                one.attributes.iter().map(|a: &Attribute| (a.id.clone(), a.texts())).collect()
            };
            all.iter()
                .map(|one| {
                    (
                        one.vocabulary.clone(),
                        one.canonical_id(),
                        attributes(one),
                        one.children.clone(),
                    )
                })
                .collect()
        };
        assert_eq!(told(&back.master_data), told(&elements));
    }
}

#[test]
fn master_data_of_others_documents_is_read() {
    let Some(corpora) = corpora::corpora() else { return };
    let places = corpora.join("gs1+EPCIS/XML/Mimasu/Example-masterData.xml");
    let document = read_xml(&std::fs::read(places).unwrap(), &Limits::default()).unwrap();
    assert_eq!(document.master_data.len(), 7);
    assert_eq!(document.master_data[0].children.len(), 3);
    let chain = corpora.join(
        "TraceabilityInternet+TraceabilityDriver/TraceabilityDriver/Services/GDST/FullData.json",
    );
    let document = read_json(&std::fs::read(chain).unwrap(), &Limits::for_capture()).unwrap();
    let of = |kind: &str| {
        let kind = format!("urn:epcglobal:epcis:vtype:{kind}");
        document.master_data.iter().filter(|one| one.vocabulary == kind).count()
    };
    assert!(of("EPCClass") > 5 && of("Location") > 5 && of("Party") > 5);
    assert_eq!(of("EPCClass") + of("Location") + of("Party"), document.master_data.len());
}
