//! What the schemas of EPCIS ask of XML, rule by rule; and XML that means harm, or nothing.

use std::fmt::Write as _;

use epcis::{DocumentKind, Fault, Limits, read, read_loosely, read_xml};
use proptest::prelude::*;

const EVENT: &str = r#"<ObjectEvent>
<eventTime>2026-03-01T08:00:00+07:00</eventTime>
<eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
<epcList><epc>urn:epc:id:sgtin:893123456.0789.7</epc></epcList>
<action>OBSERVE</action>
<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>
<readPoint><id>urn:example:ruộng</id><ex:luống>3</ex:luống></readPoint>
<ex:liều ex:đơnVị="kg">1 &lt; 2</ex:liều>
</ObjectEvent>"#;

fn document(events: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://ex.example/" schemaVersion="2.0" creationDate="2026-03-02T00:00:00Z">
<EPCISBody><EventList>
{events}
</EventList></EPCISBody></epcis:EPCISDocument>"#
    )
}

fn faults(text: &str) -> Vec<Fault> {
    read_xml(text.as_bytes(), &Limits::default()).err().unwrap_or_default()
}

/// The event with one piece of its text changed has exactly this one fault, at this path and place.
#[track_caller]
fn assert_fault(from: &str, to: &str, rule: &str, path: &str, place: (u32, u32)) {
    assert_eq!(faults(&document(EVENT)), [], "the event itself is right");
    assert!(EVENT.contains(from));
    let found = faults(&document(&EVENT.replace(from, to)));
    let found: Vec<_> = found.iter().map(|f| (f.rule, &*f.path, (f.line, f.column))).collect();
    assert_eq!(found, [(rule, format!("/epcisBody/eventList/0{path}").as_str(), place)]);
}

#[test]
fn a_fault_of_an_event_stands_at_its_line_and_column_of_the_xml() {
    assert_fault("OBSERVE", "LOOK", "event.action", "/action", (8, 1));
    assert_fault("urn:epc:id:sgtin", "x y:", "uri", "/epcList/0", (7, 10));
    assert_fault("bizstep:shipping", "bizstep:phun", "vocabulary.biz-step", "/bizStep", (9, 1));
    assert_fault("T08:00:00+07:00<", "T08:00:00<", "time.format", "/eventTime", (5, 1));
    assert_fault("<action>OBSERVE</action>\n", "", "field.missing", "/action", (4, 1));
    assert_fault("<id>urn:example:ruộng</id>", "", "field.missing", "/readPoint/id", (10, 1));
}

#[test]
fn the_sequence_of_the_xsd_is_judged_and_can_be_left_alone() {
    let text = "<action>OBSERVE</action>\n<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>";
    let turned = "<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>\n<action>OBSERVE</action>";
    assert_fault(text, turned, "xml.order", "/action", (9, 1));
    let loose = document(&EVENT.replace(text, turned));
    assert!(read_loosely(loose.as_bytes(), &Limits::default()).is_ok());
    assert_fault("<action>", "<ex:a/><action>", "xml.order", "/action", (8, 8));
    assert_fault("<epcList>", "<epcList/><epcList>", "xml.repeated", "/epcList", (7, 11));
}

#[test]
fn what_has_no_namespace_must_be_epciss_and_what_is_epciss_has_none() {
    assert_fault("</ObjectEvent>", "<phun/></ObjectEvent>", "xml.element", "/phun", (12, 1));
    assert_fault(
        "<action>OBSERVE</action>",
        "<epcis:action>OBSERVE</epcis:action>",
        "xml.namespace",
        "/action",
        (8, 1),
    );
    assert_fault("<epc>urn", "<epc a=\"1\">urn", "xml.attribute", "/epcList/0", (7, 15));
    assert_fault("<epcList>", "<epcList>phun", "xml.text", "/epcList", (7, 10));
    assert_fault("<action>OBSERVE", "<action><b/>OBSERVE", "xml.element", "/action", (8, 9));
    let place = (4, 1);
    let found = faults(&document(&EVENT.replace("ObjectEvent", "HarvestEvent")));
    assert_eq!((found[0].rule, (found[0].line, found[0].column)), ("event.type", place));
    assert_eq!(faults("<a/>")[0].rule, "document.type");
    assert_eq!(faults("<a:EPCISDocument xmlns:a=\"urn:a\"/>")[0].rule, "document.type");
}

#[test]
fn extensions_keep_namespace_text_and_attributes() {
    let read = read_xml(document(EVENT).as_bytes(), &Limits::default()).unwrap();
    let event = &read.events[0];
    assert_eq!(read.context.uri_of("ex").as_deref(), Some("https://ex.example/"));
    assert_eq!(event.biz_step.as_deref(), Some("shipping"));
    assert_eq!(
        event.extension("ex:liều").unwrap().as_str(),
        r##"{"ex:đơnVị":"kg","#text":"1 < 2"}"##
    );
    assert_eq!(event.read_point.as_ref().unwrap().extensions[0].value.as_str(), "\"3\"");
}

#[test]
fn a_prefix_that_means_two_things_becomes_two_prefixes() {
    let other = EVENT.replace("<ex:liều", "<ex:liều xmlns:ex=\"urn:other:\"");
    let read =
        read_xml(document(&format!("{EVENT}{other}")).as_bytes(), &Limits::default()).unwrap();
    let names = |index: usize| {
        let event: &epcis::Event = &read.events[index];
        event.context.expand(&event.extensions[0].name).unwrap().0
    };
    assert_eq!((names(0).as_str(), names(1).as_str()), ("https://ex.example/", "urn:other:"));
}

#[test]
fn either_format_is_known_by_its_first_character() {
    let limits = Limits::default();
    let bare = EVENT.replace("<ObjectEvent>", "\n <ObjectEvent xmlns:ex=\"urn:x:\">");
    assert_eq!(read(bare.as_bytes(), &limits).unwrap().kind, DocumentKind::Events);
    assert_eq!(read(b" {", &limits).unwrap_err()[0].rule, "json.syntax");
    assert_eq!(read(b"", &limits).unwrap_err()[0].rule, "json.syntax");
    assert_eq!(read(b"\xFF\xFE<\0a\0", &limits).unwrap_err()[0].rule, "xml.encoding");
}

#[test]
fn a_quantity_event_is_an_observed_object_event() {
    let text = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.1" creationDate="2026-03-02T00:00:00Z">
<EPCISBody><EventList><QuantityEvent><eventTime>2026-03-01T08:00:00+07:00</eventTime><eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
<epcClass>urn:epc:idpat:sgtin:893123456.0789.*</epcClass><quantity>40</quantity></QuantityEvent></EventList></EPCISBody></epcis:EPCISDocument>"#;
    let document = read_xml(text.as_bytes(), &Limits::default()).unwrap();
    let event = &document.events[0];
    assert_eq!(event.action, Some(epcis::Action::Observe));
    assert_eq!(
        event.quantity_list,
        [epcis::Quantity::pieces("urn:epc:idpat:sgtin:893123456.0789.*", 40)]
    );
}

#[test]
fn xml_that_is_none_is_refused_where_it_stands() {
    for text in [
        "<a",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "x<a/>",
        "<a/>x",
        "<a b/>",
        "<a b=1/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a>&</a>",
        "<a>& b;</a>",
        "<a>&#0;</a>",
        "<a>]]></a>",
        "<1/>",
        "<a:/>",
        "<a><!--</a>",
        "<a><![CDATA[</a>",
        "</a>",
        "<a>\u{1}</a>",
        "<?xml?><?xml?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a b='1\"/>",
        "< a/>",
        "<a b==''/>",
    ] {
        let found = faults(text);
        assert_eq!((found.len(), found[0].rule), (1, "xml.syntax"), "{text}: {found:?}");
        assert!(found[0].line == 1 && found[0].column >= 1);
    }
    assert_eq!(faults("<p:a/>")[0].rule, "xml.prefix");
    assert_eq!(faults("<a xmlns:p=''/>")[0].rule, "xml.prefix");
    assert_eq!(faults("<a b='1' b='2'/>")[0].rule, "xml.duplicate-attribute");
    assert_eq!(
        faults("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>")[0].rule,
        "xml.duplicate-attribute"
    );
    assert_eq!(faults("<a xmlns:p='u' xmlns:p='v'/>")[0].rule, "xml.duplicate-attribute");
    assert_eq!(faults("<?xml version='1.0' encoding='ISO-8859-1'?><a/>")[0].rule, "xml.encoding");
    assert_eq!(read_xml(b"<a>\xFF</a>", &Limits::default()).unwrap_err()[0].rule, "xml.encoding");
}

#[test]
fn nothing_outside_the_document_is_looked_at_and_nothing_grows() {
    let external = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
    assert_eq!(faults(external)[0].rule, "xml.dtd");
    assert_eq!(faults("<!DOCTYPE a SYSTEM 'http://a.example/a.dtd'><a/>")[0].rule, "xml.dtd");
    assert_eq!(
        faults("<!DOCTYPE a PUBLIC '-//A' 'http://a.example/a.dtd'><a/>")[0].rule,
        "xml.dtd"
    );
    let mut bomb = String::from("<!DOCTYPE a [<!ENTITY l0 \"lol\">");
    for level in 1..20 {
        let ten = format!("&l{};", level - 1).repeat(10);
        let _ = write!(bomb, "<!ENTITY l{level} \"{ten}\">");
    }
    bomb += "]><a>&l19;</a>";
    assert_eq!(faults(&bomb)[0].rule, "xml.dtd");
    assert_eq!(faults("<a>&nbsp;</a>")[0].rule, "xml.entity");
    assert_eq!(faults("<a b='&x;'/>")[0].rule, "xml.entity");
    // A name alone declares nothing; GS1's own examples have it.
    assert_eq!(faults("<!DOCTYPE project><a/>")[0].rule, "document.type");
}

fn many(one: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    (0..90_000).for_each(|n| out.push_str(&one(n)));
    out
}

#[test]
fn large_and_deep_input_ends_quickly() {
    // All of it takes three seconds in a debug build; a square of any of these sizes would take hours, and the runner
    // ends a test after five minutes.
    let declared = many(|n| format!(" xmlns:p{n}='urn:{n}'"));
    let attributes = many(|n| format!(" a{n}=''"));
    for (text, rule) in [
        ("<a>".repeat(1_000_000), "limit.depth"),
        (format!("<a>{}</a>", "<b/>".repeat(200_000)), "limit.list"),
        (format!("<a>{}</a>", "x".repeat(1 << 20)), "limit.string"),
        (format!("<a>{}</a>", "&amp;".repeat(1 << 18)), "limit.string"),
        (format!("<a b='{}'/>", "x".repeat(1 << 20)), "limit.string"),
        (format!("<{}/>", "x".repeat(1 << 20)), "limit.string"),
        (format!("<a>{}</a>", " ".repeat(11 << 20)), "limit.bytes"),
        (format!("<a>{}</a>", " ".repeat(2 << 20)), "document.type"),
        (format!("<a{declared}>{}</a>", "<p7:b/>".repeat(9_000)), "document.type"),
        (format!("<a{attributes}/>"), "document.type"),
        (format!("<a{}/>", " b=''".repeat(90_000)), "xml.duplicate-attribute"),
        (format!("<a>{}", "<!--".repeat(1 << 18)), "xml.syntax"),
        (format!("<a>{}", "&".repeat(1 << 20)), "xml.syntax"),
        (format!("<a>{}", "<![CDATA[".repeat(1 << 17)), "xml.syntax"),
        (
            document(&format!(
                "<ObjectEvent>{}</ObjectEvent>",
                "<ex:a>&#65;</ex:a>".repeat(30_000)
            )),
            "field.missing",
        ),
        (document(&"<extension>".repeat(300)), "limit.depth"),
        (document(&"<ObjectEvent/>".repeat(20_000)), "field.missing"),
    ] {
        assert_eq!(faults(&text)[0].rule, rule, "{}", &text[..40]);
    }
}

#[test]
fn events_are_counted() {
    let limits = Limits { events: 2, ..Limits::default() };
    let found = read_xml(document(&EVENT.repeat(3)).as_bytes(), &limits).unwrap_err();
    assert_eq!((found[0].rule, &*found[0].path), ("limit.events", "/epcisBody/eventList/2"));
}

proptest! {
    #[test]
    fn any_text_like_xml_ends_in_a_document_or_in_faults(text in "[<>/a-c:=\"' &;#x!\\[\\]?-]{0,40}") {
        let _ = read_xml(text.as_bytes(), &Limits::default());
    }

    #[test]
    fn a_document_with_one_byte_changed_never_panics(at in 0..2_000_usize, byte in any::<u8>()) {
        let mut bytes = document(EVENT).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read_xml(&bytes, &Limits::default());
    }

    #[test]
    fn a_document_cut_short_says_where(cut in 1..900_usize) {
        let text = document(EVENT);
        prop_assume!(cut < text.len() && text.is_char_boundary(cut));
        let found = read_xml(&text.as_bytes()[..cut], &Limits::default()).unwrap_err();
        prop_assert_eq!(found[0].rule, "xml.syntax");
    }
}

/// Found by fuzzing: the second mark was skipped, and places were counted without it.
#[test]
fn a_second_mark_of_the_byte_order_is_no_xml() {
    for text in ["\u{feff}\u{feff}*", "\u{feff}\u{feff}<a/>", "\u{feff}\u{feff}?>"] {
        let faults = read_xml(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(faults[0].rule, "xml.syntax", "{text:?}: {faults:?}");
        assert!(read_loosely(text.as_bytes(), &Limits::default()).is_err(), "{text:?}");
    }
}
