//! How fast documents are read and hashed, on one core, and documents of any size to show how much memory that takes:
//!
//! - `cargo run --release -p epcis --example document_bench speed [rounds]` – reading and judging against `serde_json`
//!   to a `Value`, the same bytes in turn; hash ids. One JSON object a line and round.
//! - `… make json|json-late|xml|xml-1.2 MEGABYTES >FILE` – an invented document of that size; `json-late` has its
//!   `@context` after the events.
//! - `… read FILE` – reads it piece by piece, judges and hashes every event; `… whole FILE` the same in one piece.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![expect(clippy::unwrap_used, reason = "a bench that fails has failed")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::time::Instant;

use epcis::stream::{Part, Stream};
use epcis::{Document, Format, Limits, Output, Version, hash_id, read_json, write_json};

const LIMITS: fn() -> Limits =
    || Limits { bytes: 512 << 20, events: usize::MAX, list_items: usize::MAX, ..Limits::default() };

/// One event of each kind, as a chain of tea has them; the firm is invented (minh hoạ).
const EVENTS: &str = r#"[
{"type":"ObjectEvent","action":"ADD","eventTime":"2026-03-01T08:00:00+07:00","eventTimeZoneOffset":"+07:00",
 "epcList":["https://id.gs1.org/01/09521234567899/21/NNNNNNN1","https://id.gs1.org/01/09521234567899/21/NNNNNNN2","urn:epc:id:sgtin:952123456.0789.NNNNNNN3"],
 "quantityList":[{"epcClass":"urn:epc:class:lgtin:952123456.0789.LNNNNNNN","quantity":12.5,"uom":"KGM"}],"bizStep":"commissioning","disposition":"active",
 "readPoint":{"id":"urn:epc:id:sgln:952123456.789.0"},"bizLocation":{"id":"https://id.gs1.org/414/9521234567899"},
 "ilmd":{"vn:giống":"Shan Tuyết","cbvmda:lotNumber":"LNNNNNNN"},"vn:đội":"Đội 3"},
{"type":"AggregationEvent","action":"ADD","eventTime":"2026-03-01T09:30:00.250Z","eventTimeZoneOffset":"+07:00","parentID":"urn:epc:id:sscc:952123456.00000001",
 "childEPCs":["https://id.gs1.org/01/09521234567899/21/NNNNNNN1","https://id.gs1.org/01/09521234567899/21/NNNNNNN2"],"bizStep":"packing","readPoint":{"id":"urn:epc:id:sgln:952123456.789.0"}},
{"type":"TransactionEvent","action":"ADD","eventTime":"2026-03-01T10:00:00Z","eventTimeZoneOffset":"+07:00","epcList":["urn:epc:id:sscc:952123456.00000001"],
 "bizTransactionList":[{"type":"desadv","bizTransaction":"urn:vn:giao:NNNNNNN"}],"sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:952123456.789"}],
 "destinationList":[{"type":"location","destination":"https://id.gs1.org/414/9521234567899"}],"bizStep":"shipping","disposition":"in_transit"},
{"type":"TransformationEvent","eventTime":"2026-03-01T07:00:00Z","eventTimeZoneOffset":"+07:00","inputQuantityList":[{"epcClass":"https://id.gs1.org/01/09521234567899/10/LNNNNNNN","quantity":50,"uom":"KGM"}],
 "outputQuantityList":[{"epcClass":"urn:epc:class:lgtin:952123456.0789.MNNNNNNN","quantity":11.75,"uom":"KGM"}],"bizStep":"commissioning","transformationID":"urn:vn:mẻ:NNNNNNN"},
{"type":"AssociationEvent","action":"ADD","eventTime":"2026-03-01T11:00:00Z","eventTimeZoneOffset":"+07:00","parentID":"urn:epc:id:giai:952123456.7","childEPCs":["urn:epc:id:giai:952123456.NNNNNNN"],
 "sensorElementList":[{"sensorMetadata":{"time":"2026-03-01T11:00:00Z","deviceID":"urn:epc:id:giai:952123456.9"},"sensorReport":[{"type":"Temperature","value":21.5,"uom":"CEL"},{"type":"RelativeHumidity","value":68.2,"uom":"A93"}]}],"bizStep":"sensor_reporting"}]"#;

const HEAD: &str = r#""@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"vn":"https://example.org/vn/"}],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-02T00:00:00Z""#;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["speed"] => speed(15),
        ["speed", rounds] => speed(rounds.parse().unwrap()),
        ["make", form, megabytes] => make(form, megabytes.parse().unwrap()),
        ["read", file] => pieces(file),
        ["whole", file] => whole(file),
        _ => println!("speed [ROUNDS] | make FORM MEGABYTES | read FILE | whole FILE"),
    }
}

/// The events of the text above, numbered.
fn numbered(number: u32) -> String {
    let list = EVENTS.replace("NNNNNNN", &format!("{number:07}"));
    list.trim().trim_start_matches('[').trim_end_matches(']').to_owned()
}

fn document(events: usize) -> String {
    let list: Vec<String> = (0..events as u32 / 5).map(numbered).collect();
    format!("{{{HEAD},\"epcisBody\":{{\"eventList\":[{}]}}}}", list.join(","))
}

fn make(form: &str, megabytes: usize) {
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let head = read_json(document(0).as_bytes(), &LIMITS()).unwrap();
    let format = match form {
        "xml" => Format::Xml(Version::V2_0),
        "xml-1.2" => Format::Xml(Version::V1_2),
        _ => Format::Json,
    };
    let sample = read_json(document(5).as_bytes(), &LIMITS()).unwrap();
    let mut output = Output::new(&head, format);
    sample.events.iter().for_each(|event| output.note(event));
    let begin = output.begin(head.creation_date.unwrap()).unwrap();
    let late = form == "json-late";
    let begin = if late { "{\"epcisBody\":{\"eventList\":[".to_owned() } else { begin };
    out.write_all(begin.as_bytes()).unwrap();
    let (mut written, mut number) = (0, 0);
    while written < megabytes << 20 {
        let five = format!("{{{HEAD},\"epcisBody\":{{\"eventList\":[{}]}}}}", numbered(number));
        for event in read_json(five.as_bytes(), &LIMITS()).unwrap().events {
            let text = output.event(&event);
            written += text.len();
            out.write_all(text.as_bytes()).unwrap();
        }
        number += 1;
    }
    let end = output.end();
    let end = if late { format!("]}},{HEAD}}}") } else { end };
    out.write_all(end.as_bytes()).unwrap();
}

fn each_piece(file: &str, mut with: impl FnMut(&[u8])) {
    let (mut file, mut piece) = (File::open(file).unwrap(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut piece).unwrap() {
            0 => return,
            len => with(&piece[..len]),
        }
    }
}

fn pieces(file: &str) {
    let start = Instant::now();
    let limits = Limits { events: usize::MAX, ..Limits::default() };
    let mut heads = Stream::head_only(&limits);
    each_piece(file, |piece| heads.push(piece));
    let first = start.elapsed().as_secs_f64();
    let mut stream = Stream::with_head(&limits, heads.into_head());
    let mut hashes = 0;
    let mut take = |stream: &mut Stream| {
        while let Some(part) = stream.next() {
            if let Part::Event(_, event) = part {
                hashes += usize::from(!hash_id(&event).is_empty());
            }
        }
    };
    each_piece(file, |piece| {
        stream.push(piece);
        take(&mut stream);
    });
    stream.finish();
    take(&mut stream);
    println!(
        r#"{{"events":{},"hashes":{hashes},"faults":{},"seconds_of_first_pass":{first:.2},"seconds":{:.2}}}"#,
        stream.events(),
        stream.faults(),
        start.elapsed().as_secs_f64()
    );
}

fn whole(file: &str) {
    let start = Instant::now();
    let document = epcis::read(&std::fs::read(file).unwrap(), &LIMITS());
    let document = document.unwrap_or_else(|faults| panic!("{:?}", faults[0]));
    let hashes = document.events.iter().filter(|event| !hash_id(event).is_empty()).count();
    println!(r#"{{"events":{hashes},"seconds":{:.2}}}"#, start.elapsed().as_secs_f64());
}

/// Seconds of the processor that this thread has had, which a busy machine does not change; where the system does not
/// tell them, those of the clock since `start`.
fn seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Seconds that `work` takes.
fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    let before = seconds(start);
    work();
    seconds(start) - before
}

fn speed(rounds: usize) {
    let text = document(1_000);
    let read: Document = read_json(text.as_bytes(), &LIMITS()).unwrap();
    let events = read.events.len() as f64;
    let bytes = text.len() as f64;
    for round in 0..rounds {
        let limits = LIMITS();
        let value = time(|| drop(black_box(serde_json::from_str::<serde_json::Value>(&text))));
        let judged = time(|| drop(black_box(read_json(text.as_bytes(), &limits))));
        let hashed = time(|| {
            let document = read_json(text.as_bytes(), &limits).unwrap();
            document.events.iter().for_each(|event| drop(black_box(hash_id(event))));
        });
        let created = read.creation_date.unwrap();
        let written = time(|| drop(black_box(write_json(&read, created))));
        println!(
            r#"{{"round":{round},"value_mb":{:.1},"read_mb":{:.1},"write_mb":{:.1},"ratio":{:.3},"read_and_hash_per_second":{:.0}}}"#,
            bytes / value / 1e6,
            bytes / judged / 1e6,
            bytes / written / 1e6,
            value / judged,
            events / hashed
        );
    }
}
