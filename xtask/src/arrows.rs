//! The arrows of ARCHITECTURE.md: which room may know which. Read from `cargo tree`, so that a
//! dependency in the wrong direction fails the build and not a review.

use crate::shell::{Done, output};

/// Each room with the rooms of ours that it may know.
const ROOMS: [(&str, &[&str]); 11] = [
    ("gs1", &[]),
    ("epcis", &["gs1"]),
    ("stamp", &["gs1"]),
    ("sheet", &["gs1", "stamp"]),
    ("vietnam", &["gs1"]),
    ("profile", &["gs1", "epcis"]),
    ("trace", &["gs1", "epcis"]),
    ("store", &[]),
    ("sample", &["gs1", "stamp", "vietnam"]),
    (
        "server",
        &["gs1", "epcis", "stamp", "sheet", "vietnam", "profile", "trace", "store", "sample"],
    ),
    (
        "nguon",
        &[
            "gs1", "epcis", "stamp", "sheet", "vietnam", "profile", "trace", "store", "sample",
            "server",
        ],
    ),
];

/// Crates that a room without I/O must not reach, and the rooms that are held to it.
const NO_IO: [&str; 8] =
    ["gs1", "epcis", "stamp", "sheet", "vietnam", "profile", "trace", "sample"];
const IO: [&str; 4] = ["tokio", "axum", "rusqlite", "tokio-postgres"];

pub(crate) fn check() -> Done {
    for (room, may) in ROOMS {
        let tree = output(
            "cargo",
            &[
                "tree",
                "--package",
                room,
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ],
        )?;
        let known: Vec<&str> =
            tree.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
        for (other, _) in ROOMS {
            if other != room && known.contains(&other) && !may.contains(&other) {
                return Err(format!("`{room}` must not know `{other}` (ARCHITECTURE.md, Rooms)"));
            }
        }
        if NO_IO.contains(&room)
            && let Some(crate_name) = IO.iter().find(|name| known.contains(name))
        {
            return Err(format!("`{room}` does no I/O and must not depend on `{crate_name}`"));
        }
    }
    Ok(())
}
