//! A document in pieces is the document: same events, same faults, at the same places.

use epcis::stream::{Part, Stream};
use epcis::{Document, Event, Fault, Limits, diff, hash_id, read, read_loosely};

/// What came out of a stream.
#[derive(Debug, Default)]
pub struct Streamed {
    pub events: Vec<Event>,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Fault>,
    pub head: Option<Document>,
    pub all_faults: usize,
}

/// The first four bytes say how the rest is cut and read.
pub(super) fn stream(data: &[u8]) {
    let Some((how, bytes)) = data.split_at_checked(4) else { return };
    let sizes: Vec<usize> = how[..3].iter().map(|size| usize::from(*size) + 1).collect();
    assert_same_in_pieces(bytes, &sizes, true, how[3] & 1 == 0, &Limits::default());
    // In one pass what comes late may be refused; nothing else is asked of it than to end.
    let out = streamed(bytes, &sizes, false, how[3] & 1 == 0, &Limits::default());
    assert!(out.faults.len() <= 100 && out.all_faults >= out.faults.len());
}

fn pieces<'b>(bytes: &'b [u8], sizes: &'b [usize]) -> impl Iterator<Item = &'b [u8]> {
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    std::iter::from_fn(move || {
        let size = (*sizes.next()?).clamp(1, rest.len().max(1));
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

/// Reads in pieces of these sizes, in one pass or in two.
pub fn streamed(
    bytes: &[u8],
    sizes: &[usize],
    twice: bool,
    strict: bool,
    limits: &Limits,
) -> Streamed {
    let kind = |stream: Stream| if strict { stream } else { stream.loosely() };
    let mut stream = if twice {
        let mut heads = kind(Stream::head_only(limits));
        pieces(bytes, sizes).for_each(|piece| heads.push(piece));
        kind(Stream::with_head(limits, heads.into_head()))
    } else {
        kind(Stream::once(limits))
    };
    let mut out = Streamed::default();
    let mut take = |stream: &mut Stream| {
        while let Some(part) = stream.next() {
            match part {
                Part::Event(_, event) => out.events.push(*event),
                Part::Fault(fault) => out.faults.push(fault),
                Part::Warning(warning) => out.warnings.push(warning),
            }
        }
    };
    for piece in pieces(bytes, sizes) {
        stream.push(piece);
        take(&mut stream);
    }
    stream.finish();
    take(&mut stream);
    out.head = stream.head().cloned();
    out.all_faults = stream.faults();
    out
}

type Told = (u32, u32, &'static str, String, String);

fn told(faults: &[Fault]) -> Vec<Told> {
    let one = |f: &Fault| (f.line, f.column, f.rule, f.path.clone(), f.what().to_owned());
    let mut told: Vec<_> = faults.iter().map(one).collect();
    told.sort();
    told
}

/// A text that is no JSON or XML has one fault, which stops reading.
fn is_stop(faults: &[Fault]) -> bool {
    matches!(faults, [only] if only.path.is_empty())
}

/// Compares what was read whole and in pieces.
pub fn assert_same_in_pieces(
    bytes: &[u8],
    sizes: &[usize],
    twice: bool,
    strict: bool,
    limits: &Limits,
) {
    let shown = || String::from_utf8_lossy(bytes);
    let out = streamed(bytes, sizes, twice, strict, limits);
    let whole = if strict { read(bytes, limits) } else { read_loosely(bytes, limits) };
    match whole {
        Ok(whole) => {
            assert_eq!(out.faults, [], "{}", shown());
            assert_eq!(out.events.len(), whole.events.len(), "{}", shown());
            for (ours, theirs) in out.events.iter().zip(&whole.events) {
                assert_eq!(ours.to_json(), theirs.to_json(), "{}", shown());
                assert_eq!(hash_id(ours), hash_id(theirs), "{}", shown());
            }
            let head = out.head.unwrap_or_else(|| panic!("no head: {}", shown()));
            let again = Document { events: out.events, ..head.clone() };
            assert_eq!(diff(&again, &whole), [""; 0], "{}", shown());
            assert_eq!((head.kind, head.id, head.header), (whole.kind, whole.id, whole.header));
            assert_eq!(
                (head.creation_date, head.extensions),
                (whole.creation_date, whole.extensions)
            );
            assert_eq!(
                (head.query_name, head.subscription_id),
                (whole.query_name, whole.subscription_id)
            );
            assert_eq!(told(&out.warnings), told(&whole.warnings), "{}", shown());
        }
        Err(faults) if is_stop(&faults) => {
            // Where several things are wrong, the whole text is first judged as to its characters, then as to its grammar,
            // then as to names that stand twice; pieces are judged as they come, and end no later: read once, maybe at what is no document of ours.
            let last = out.faults.last().unwrap_or_else(|| panic!("{faults:?} {}", shown()));
            let place = |fault: &Fault| (fault.line, fault.column);
            assert!(!twice || last.path.is_empty(), "{last:?} {faults:?} {}", shown());
            assert!(place(last) <= place(&faults[0]), "{last:?} {faults:?} {}", shown());
        }
        Err(faults) => {
            assert_eq!(told(&out.faults), told(&faults), "{}", shown());
            assert!(out.all_faults >= faults.len());
        }
    }
}
