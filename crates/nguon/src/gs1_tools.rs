//! `nguon gs1`: links and readable text from any element string or link.

use clap::Subcommand;
use gs1::Lang;
use serde_json::json;

use crate::Ended;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// The Digital Link of an element string.
    Link {
        /// Scheme and host of the link.
        #[arg(long, default_value = "https://id.gs1.org")]
        stem: String,
        value: String,
    },
    /// The readable text of an element string or link.
    Hri { value: String },
}

pub(crate) fn run(command: &Command) -> Ended {
    let (value, read) = match command {
        Command::Link { value, .. } | Command::Hri { value } => (value, read(value)),
    };
    let link = match read {
        Ok(link) => link,
        Err(error) => {
            crate::print(&json!({
                "input": value, "ok": false, "error": error.name, "ai": error.ai, "message": error.message(Lang::En),
            }));
            return Ended::Invalid;
        }
    };
    crate::print(&match command {
        Command::Link { stem, .. } => json!({"link": link.with_stem(stem)}),
        Command::Hri { .. } => json!({"hri": gs1::element::hri(&link)}),
    });
    Ended::Done
}

fn read(value: &str) -> Result<gs1::Link, gs1::ReadError> {
    if value.contains("://") {
        return gs1::Link::parse(value);
    }
    gs1::element::to_link(&gs1::element::read(value)?)
}
