//! `nguon gs1`: identifiers on the command line, one JSON object a line. Everything is decided in the
//! library; here arguments are read and answers printed. The names and fields are a contract with
//! users' scripts.

use std::io::BufRead;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use gs1::compress::{Compression, compress, decompress};
use gs1::dictionary::{Check, Dictionary, highlight};
use gs1::epc::{self, EpcError, tag};
use gs1::message::{Message, Options, Syntax};
use gs1::prefix::PrefixLengths;
use gs1::{Lang, Link, ReadError, element};
use serde_json::{Value, json};

use crate::Ended;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Read an element string, a link or scan data.
    Read {
        #[command(flatten)]
        reading: ReadArgs,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// Try one rule of the dictionary on values.
    Lint {
        /// The name of the rule, such as csum.
        #[arg(required_unless_present = "batch")]
        linter: Option<String>,
        values: Vec<String>,
        /// Read {"linter","input"} objects from stdin, one a line.
        #[arg(long)]
        batch: bool,
    },
    /// The readable text of an element string, a link or scan data.
    Hri {
        #[command(flatten)]
        inputs: Inputs,
    },
    /// The Digital Link of an element string.
    Link {
        /// Scheme and host of the link.
        #[arg(long, default_value = "https://id.gs1.org")]
        stem: String,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// Compress a link.
    Compress {
        /// Do without the codes for AIs that often stand together.
        #[arg(long)]
        no_optimisations: bool,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// Decompress a link.
    Decompress {
        /// Taken, for symmetry; reading needs no choice.
        #[arg(long)]
        no_optimisations: bool,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// EPC URN to link and element string, or a link to its URN.
    Epc {
        /// Digits of the company prefix, where no rule knows them.
        #[arg(long)]
        gcp_length: Option<usize>,
        /// More rules for that length: lines of leading digits and length.
        #[arg(long, value_name = "FILE")]
        gcp_lengths: Option<PathBuf>,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// EPC tags: a URN or link to the bits of a tag, and back.
    #[group(required = true, multiple = false)]
    Tag {
        /// A tag URI, an EPC URN or a link.
        #[arg(long, value_name = "URN")]
        encode: Option<String>,
        /// The EPC memory of a tag in hexadecimal.
        #[arg(long, value_name = "HEX")]
        decode: Option<String>,
    },
    /// What a dictionary file changes against the built-in one.
    Dictionary { file: PathBuf },
}

#[derive(Args, Debug)]
pub(crate) struct Inputs {
    /// The input; `-` reads lines from stdin.
    #[arg(required_unless_present = "batch", allow_hyphen_values = true)]
    values: Vec<String>,
    /// Read one input a line from stdin; a line in double quotes is a JSON string.
    #[arg(long)]
    batch: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ReadArgs {
    /// How the input is written.
    #[arg(long, value_enum, default_value_t = SyntaxArg::Auto)]
    syntax: SyntaxArg,
    /// Accept AIs that the dictionary does not know.
    #[arg(long)]
    permit_unknown_ais: bool,
    /// Accept a GTIN of 8, 12 or 13 digits in a link.
    #[arg(long)]
    permit_zero_suppressed_gtin: bool,
    /// Complete numbers without their check digit.
    #[arg(long)]
    add_check_digit: bool,
    /// Accept /gtin/, /lot/ and the other names that links had until 1.2.
    #[arg(long)]
    permit_convenience_alphas: bool,
    /// Leave out which AIs belong together.
    #[arg(long)]
    no_relations: bool,
    /// A GS1 Syntax Dictionary file to read by, in place of the built-in one.
    #[arg(long, value_name = "FILE")]
    dictionary: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SyntaxArg {
    Auto,
    Bracketed,
    Raw,
    Link,
    Scan,
}

pub(crate) fn run(command: &Command) -> Ended {
    match answer(command) {
        Ok(ended) => ended,
        Err(error) => {
            eprintln!("nguon: {error:#}");
            std::process::exit(2)
        }
    }
}

fn answer(command: &Command) -> anyhow::Result<Ended> {
    match command {
        Command::Read { reading, inputs } => {
            let own = reading.dictionary.as_ref().map(load).transpose()?;
            let options = reading.options(own.as_ref().unwrap_or(Dictionary::built_in()));
            inputs.each(|input| read(input, &options))
        }
        Command::Lint { linter, values, batch } => lint(linter.as_deref(), values, *batch),
        Command::Hri { inputs } => inputs
            .each(|input| told(input, message(input).map(|message| json!({"hri": message.hri()})))),
        Command::Link { stem, inputs } => inputs.each(|input| {
            let link = message(input).and_then(|message| message.link_on(stem));
            told(input, link.map(|link| json!({"link": link})))
        }),
        Command::Compress { no_optimisations, inputs } => {
            let how = Compression { optimise: !no_optimisations, ..Compression::default() };
            inputs.each(|input| {
                let link = Link::parse(input).map(|link| compress(&link, how));
                told(input, link.map(|link| json!({"input": input, "ok": true, "link": link})))
            })
        }
        Command::Decompress { inputs, .. } => inputs.each(|input| match decompress(input) {
            Ok(link) => (json!({"input": input, "ok": true, "link": link.address()}), true),
            Err(error) => (refused(input, error.name(), &error.message(Lang::En)), false),
        }),
        Command::Epc { gcp_length, gcp_lengths, inputs } => {
            let lengths = prefix_lengths(gcp_lengths.as_ref())?;
            let length_of = |digits: &str| gcp_length.or_else(|| lengths.of(digits));
            inputs.each(|input| match epc(input, length_of) {
                Ok(answer) => (answer, true),
                Err(error) => (refused(input, error.name(), &error.message(Lang::En)), false),
            })
        }
        Command::Tag { encode, decode } => Ok(run_tag(encode.as_deref(), decode.as_deref())),
        Command::Dictionary { file } => {
            let newer = load(file)?;
            for change in Dictionary::built_in().changes(&newer) {
                crate::print(&json!({"change": change.to_string()}));
            }
            for warning in newer.warnings() {
                eprintln!("nguon: ({}) asks for the unknown rule {}", warning.ai, warning.linter);
            }
            Ok(Ended::Done)
        }
    }
}

impl Inputs {
    /// Answers every input on a line; an input is not valid where the answer says so.
    fn each(&self, answer: impl Fn(&str) -> (Value, bool)) -> anyhow::Result<Ended> {
        let mut all = true;
        let mut one = |input: &str| {
            let (line, ok) = answer(input);
            crate::print(&line);
            all &= ok;
        };
        let stdin = self.batch || self.values.as_slice() == ["-"];
        if stdin {
            for line in std::io::stdin().lock().lines() {
                one(&unquoted(line?));
            }
        } else {
            self.values.iter().for_each(|input| one(input));
        }
        Ok(if all { Ended::Done } else { Ended::Invalid })
    }
}

/// A JSON string as what it means, any other line as it is.
fn unquoted(line: String) -> String {
    if line.starts_with('"') { serde_json::from_str(&line).unwrap_or(line) } else { line }
}

fn load(file: &PathBuf) -> anyhow::Result<Dictionary> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Dictionary::parse(&text).with_context(|| file.display().to_string())
}

fn prefix_lengths(file: Option<&PathBuf>) -> anyhow::Result<PrefixLengths> {
    let mut lengths = PrefixLengths::built_in();
    if let Some(file) = file {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        lengths.load(&text).with_context(|| file.display().to_string())?;
    }
    Ok(lengths)
}

impl ReadArgs {
    fn options<'d>(&self, dictionary: &'d Dictionary) -> Options<'d> {
        Options {
            syntax: match self.syntax {
                SyntaxArg::Auto => Syntax::Auto,
                SyntaxArg::Bracketed => Syntax::Bracketed,
                SyntaxArg::Raw => Syntax::Raw,
                SyntaxArg::Link => Syntax::Link,
                SyntaxArg::Scan => Syntax::Scan,
            },
            permit_unknown_ais: self.permit_unknown_ais,
            permit_zero_suppressed_gtin: self.permit_zero_suppressed_gtin,
            add_check_digit: self.add_check_digit,
            permit_convenience_alphas: self.permit_convenience_alphas,
            relations: !self.no_relations,
            dictionary,
        }
    }
}

fn read(input: &str, options: &Options<'_>) -> (Value, bool) {
    let message = match Message::read(input, options) {
        Ok(message) => message,
        Err(error) => return (failed(input, &error), false),
    };
    let link = message.canonical_link();
    let element = |element: &gs1::message::Element<'_>| json!({"ai": element.ai.as_str(), "value": element.value});
    let mut answer = json!({
        "input": input,
        "ok": true,
        "ai_data": message.ai_data(),
        "canonical_dl": link.as_ref().and_then(|link| link.as_ref().ok()),
        "raw": message.raw(),
        "elements": message.elements().iter().map(element).collect::<Vec<_>>(),
    });
    if let Some(Err(error)) = link {
        answer["dl_error"] = json!(error.name);
    }
    if let Some(gtin) = message.gtin() {
        answer["gtin"] = json!(gtin.as_str());
    }
    (answer, true)
}

/// A message in any syntax; relations are a matter of whole items, not of one link or label.
fn message(input: &str) -> Result<Message<'_>, ReadError> {
    let options = Options {
        relations: false,
        permit_zero_suppressed_gtin: true,
        permit_convenience_alphas: true,
        ..Options::default()
    };
    let message = Message::read(input, &options)?;
    if message.elements().is_empty() {
        return Message::read(input, &Options { syntax: Syntax::Raw, ..options });
    }
    Ok(message)
}

fn told(input: &str, answer: Result<Value, ReadError>) -> (Value, bool) {
    match answer {
        Ok(answer) => (answer, true),
        Err(error) => (failed(input, &error), false),
    }
}

fn failed(input: &str, error: &ReadError) -> Value {
    let mut answer = refused(input, error.name, &error.message(Lang::En));
    answer["message_vi"] = json!(error.message(Lang::Vi));
    let optional = [
        ("linter_error", error.linter_error()),
        ("markup", error.markup()),
        ("ai", error.ai.as_deref()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            answer[name] = json!(value);
        }
    }
    answer
}

fn refused(input: &str, error: &str, message: &str) -> Value {
    json!({"input": input, "ok": false, "error": error, "message": message})
}

fn lint(linter: Option<&str>, values: &[String], batch: bool) -> anyhow::Result<Ended> {
    let mut all = true;
    let mut one = |linter: &str, input: &str| -> anyhow::Result<()> {
        let check =
            Check::by_name(linter).ok_or_else(|| anyhow::anyhow!("no such rule: {linter}"))?;
        let mut answer = json!({"linter": linter, "input": input, "ok": true});
        if let Err((error, at)) = check.run(input) {
            answer["ok"] = json!(false);
            answer["error"] = json!(error.name());
            answer["highlight"] = json!(highlight(input, &at));
            all = false;
        }
        crate::print(&answer);
        Ok(())
    };
    if batch {
        for line in std::io::stdin().lock().lines() {
            let case: Value = serde_json::from_str(&line?)?;
            let text = |name: &str| {
                let text = case[name].as_str();
                text.ok_or_else(|| anyhow::anyhow!("a line lacks \"{name}\""))
            };
            one(text("linter")?, text("input")?)?;
        }
    } else {
        for input in values {
            one(linter.unwrap_or_default(), input)?;
        }
    }
    Ok(if all { Ended::Done } else { Ended::Invalid })
}

fn epc(input: &str, length_of: impl Fn(&str) -> Option<usize>) -> Result<Value, EpcError> {
    let (link, urn, elements) =
        if input.get(..4).is_some_and(|urn| urn.eq_ignore_ascii_case("urn:")) {
            let elements = epc::to_elements(input)?;
            (epc::to_link(input)?, input.to_owned(), element::bracketed(&elements))
        } else {
            let link = Link::parse(input).map_err(EpcError::Link)?;
            let urn = epc::to_urn_by(&link, length_of)?;
            (link.canonical(), urn, element::bracketed(&element::of_link(&link)))
        };
    Ok(json!({"input": input, "ok": true, "link": link, "urn": urn, "element_string": elements}))
}

fn run_tag(encode: Option<&str>, decode: Option<&str>) -> Ended {
    let found = match (encode, decode) {
        (Some(urn), _) => tag::encode(urn),
        (None, hex) => tag::decode(hex.unwrap_or_default()),
    };
    match found {
        Ok(tag) => {
            crate::print(
                &json!({"ok": true, "uri": tag.uri, "tag_uri": tag.tag_uri, "hex": tag.hex}),
            );
            Ended::Done
        }
        Err(error) => {
            let message = error.message(Lang::En);
            crate::print(&json!({"ok": false, "error": error.name(), "message": message}));
            Ended::Invalid
        }
    }
}
