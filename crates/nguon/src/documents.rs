//! Documents of any size at the command line: read piece by piece, twice where one reading is not enough. Standard input
//! and pipes, which come only once, are kept for the second reading; beyond a size in a file that has no name.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use epcis::stream::{Head, Part, Stream};
use epcis::{Event, Fault, Limits};
use serde_json::{Value, json};

/// So much is read at a time.
const PIECE: usize = 256 << 10;
/// What is kept of standard input in memory.
const KEPT: u64 = 16 << 20;

/// An input that can be read from its beginning again and again.
#[derive(Debug)]
pub(crate) struct Input {
    /// As it was given on the command line.
    pub(crate) name: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    Memory(Vec<u8>),
    Unnamed(File),
}

impl Input {
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        let name = file.display().to_string();
        if file.as_os_str() == "-" {
            let source = keep(std::io::stdin().lock()).context("reading standard input")?;
            return Ok(Self { name, source });
        }
        let reading = || format!("reading {name}");
        let opened = File::open(file).with_context(reading)?;
        let source = if opened.metadata().with_context(reading)?.is_file() {
            Source::File(file.to_owned())
        } else {
            keep(opened).with_context(reading)?
        };
        Ok(Self { name, source })
    }

    /// Calls `with` on piece after piece.
    fn pieces(&self, with: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let reading = || format!("reading {}", self.name);
        match &self.source {
            Source::File(path) => pieces(File::open(path).with_context(reading)?, reading, with),
            Source::Memory(bytes) => pieces(&bytes[..], reading, with),
            Source::Unnamed(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0)).with_context(reading)?;
                pieces(file, reading, with)
            }
        }
    }
}

fn pieces(
    mut from: impl Read,
    reading: impl Fn() -> String,
    mut with: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(len) => with(&piece[..len])?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(&reading),
        }
    }
}

fn keep(mut from: impl Read) -> std::io::Result<Source> {
    let mut bytes = Vec::new();
    from.by_ref().take(KEPT).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < KEPT {
        return Ok(Source::Memory(bytes));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    std::io::copy(&mut from, &mut file)?;
    Ok(Source::Unnamed(file))
}

/// How documents are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    limits: Limits,
    strict: bool,
}

impl Way {
    /// By the letter.
    pub(crate) fn judging() -> Self {
        Self { limits: open(Limits::default()), strict: true }
    }

    /// As the door of the API takes them.
    pub(crate) fn capturing() -> Self {
        Self { limits: open(Limits::for_capture()), strict: true }
    }

    /// For working with what others wrote.
    pub(crate) fn loosely() -> Self {
        Self { limits: open(Limits::default()), strict: false }
    }

    fn stream(self, stream: Stream) -> Stream {
        if self.strict { stream } else { stream.loosely() }
    }
}

/// A file of one's own may have any number of events.
fn open(limits: Limits) -> Limits {
    Limits { events: usize::MAX, ..limits }
}

/// What a document turned out to be.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) events: usize,
    /// In the order of the text, at most a hundred.
    pub(crate) faults: Vec<Fault>,
    /// How many there were.
    pub(crate) all_faults: usize,
    pub(crate) warnings: Vec<Fault>,
}

impl Report {
    pub(crate) fn is_valid(&self) -> bool {
        self.all_faults == 0
    }

    /// How many faults are not told one by one.
    pub(crate) fn more(&self) -> usize {
        self.all_faults - self.faults.len()
    }

    /// Tells the faults to people.
    pub(crate) fn tell(&self, name: &str) {
        for fault in &self.faults {
            let Fault { rule, path, line, column, .. } = fault;
            eprintln!("{name}:{line}:{column}: {rule} {path}: {fault}");
        }
        if self.more() > 0 {
            eprintln!("{name}: {} more", self.more());
        }
    }

    /// `{"file","ok":false,"errors":[…]}`.
    pub(crate) fn refusal(&self, name: &str) -> Value {
        let mut line = json!({"file": name, "ok": false, "errors": faults(&self.faults)});
        if self.more() > 0 {
            line["more"] = self.more().into();
        }
        line
    }
}

/// What stands around the events: the first reading.
pub(crate) fn head(input: &Input, way: Way) -> anyhow::Result<Head> {
    let mut stream = way.stream(Stream::head_only(&way.limits));
    input.pieces(|piece| {
        stream.push(piece);
        Ok(())
    })?;
    Ok(stream.into_head())
}

/// The events, one by one with their numbers: the second reading.
pub(crate) fn events(
    input: &Input,
    way: Way,
    head: Head,
    mut with: impl FnMut(usize, Event) -> anyhow::Result<()>,
) -> anyhow::Result<Report> {
    let mut stream = way.stream(Stream::with_head(&way.limits, head));
    let mut report = Report::default();
    let mut take = |stream: &mut Stream| {
        while let Some(part) = stream.next() {
            match part {
                Part::Event(index, event) => with(index, *event)?,
                Part::Fault(fault) => report.faults.push(fault),
                Part::Warning(warning) => report.warnings.push(warning),
            }
        }
        anyhow::Ok(())
    };
    input.pieces(|piece| {
        stream.push(piece);
        take(&mut stream)
    })?;
    stream.finish();
    take(&mut stream)?;
    report.events = stream.events();
    report.all_faults = stream.faults();
    report.faults.sort_by_key(|fault| (fault.line, fault.column));
    Ok(report)
}

pub(crate) fn faults(found: &[Fault]) -> Value {
    found
        .iter()
        .map(|fault| {
            json!({"rule": fault.rule, "path": fault.path, "line": fault.line, "column": fault.column,
                "message": fault.message(gs1::Lang::En)})
        })
        .collect()
}
