//! The command line as scripts meet it: data on stdout, one JSON object a line, and the exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod crash;
mod epcis;
mod firm;
mod import;
mod trace;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs the program; its exit code and the lines it printed.
fn nguon(args: &[&str]) -> (i32, Vec<Value>) {
    let done = Command::new(env!("CARGO_BIN_EXE_nguon")).args(args).output().unwrap();
    let lines = String::from_utf8(done.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (done.status.code().unwrap(), lines)
}

#[test]
fn a_link_is_made_of_an_element_string_and_a_wrong_check_digit_is_input_that_is_not_valid() {
    let (code, lines) =
        nguon(&["gs1", "link", "--stem", "https://nguon.example", "(01)08931234567897(10)SC-0726"]);
    assert_eq!(
        (code, lines[0]["link"].as_str()),
        (0, Some("https://nguon.example/01/08931234567897/10/SC-0726"))
    );
    let (code, lines) = nguon(&["gs1", "link", "(01)08931234567894"]);
    assert_eq!(
        (code, lines[0]["ok"].as_bool(), lines[0]["ai"].as_str()),
        (1, Some(false), Some("01"))
    );
}

#[test]
fn a_document_with_a_fault_names_its_line_and_the_exit_code_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    let event = |action: &str| {
        format!(
            "{{\n\"type\": \"ObjectEvent\",\n\"action\": \"{action}\",\n\"eventTime\": \"2026-11-20T08:00:00Z\",\n\
             \"eventTimeZoneOffset\": \"+07:00\",\n\"epcList\": [\"urn:epc:id:sgtin:0614141.107346.2017\"]\n}}"
        )
    };
    std::fs::write(&file, event("OBSERVE")).unwrap();
    let path = file.display().to_string();
    let (code, lines) = nguon(&["epcis", "validate", &path]);
    assert_eq!(
        (code, lines[0]["ok"].as_bool(), lines[0]["events"].as_i64()),
        (0, Some(true), Some(1))
    );
    let (_, lines) = nguon(&["epcis", "hash", &path]);
    assert!(lines[0]["hash"].as_str().unwrap().starts_with("ni:///sha-256;"));
    std::fs::write(&file, event("LOOK")).unwrap();
    let (code, lines) = nguon(&["epcis", "validate", &path]);
    assert_eq!((code, lines[0]["errors"][0]["line"].as_i64()), (1, Some(3)), "{lines:?}");
}

#[test]
fn a_fresh_folder_is_migrated_checked_rebuilt_and_takes_one_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    assert_eq!(nguon(&["migrate", "--data", &data]).0, 0);
    let (code, lines) = nguon(&["fsck", "--data", &data]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    assert_eq!(nguon(&["rebuild", "--data", &data]).0, 0);
    let create = [
        "admin",
        "create",
        "--data",
        &data,
        "--login",
        "quantri@minhhoa.example",
        "--name",
        "Minh hoạ",
    ];
    let (code, lines) = nguon(&create);
    assert_eq!(code, 0);
    assert_eq!(lines[0]["password"].as_str().unwrap().len(), 19, "drawn anew, never a default");
    assert_eq!(nguon(&create).0, 1, "the login is taken");
    assert!(Path::new(&data).join("nguon.db").is_file());
}

#[test]
fn a_copy_is_checked_put_back_only_into_an_empty_place_and_holds_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (data, copy) = (at("data"), at("copy.db"));
    let create = |data: &str| {
        let login = "quantri@minhhoa.example";
        nguon(&["admin", "create", "--data", data, "--login", login, "--name", "Minh hoạ"]).0
    };
    assert_eq!(nguon(&["backup", "--data", &data, &copy]).0, 2, "there is nothing to copy");
    assert!(!Path::new(&data).exists(), "and nothing is made");
    assert_eq!(create(&data), 0);
    let (code, lines) = nguon(&["backup", "--data", &data, &copy]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    assert_eq!(nguon(&["backup", "--data", &data, &copy]).0, 2, "nothing is written over");
    assert_eq!(nguon(&["restore", "--data", &data, &copy]).0, 2, "there is a database");
    let other = at("other");
    let (code, lines) = nguon(&["restore", "--data", &other, &copy]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    assert_eq!(create(&other), 1, "the account came back with it");
    std::fs::write(at("text"), "không phải cơ sở dữ liệu".repeat(500)).unwrap();
    let third = at("third");
    assert_eq!(nguon(&["restore", "--data", &third, &at("text")]).0, 2);
    assert!(!Path::new(&third).join("nguon.db").exists());
    assert!(std::fs::read_dir(&third).unwrap().next().is_none(), "nothing is left over");
}

#[test]
fn a_postgresql_database_goes_through_its_own_programs_and_back() {
    use store::testing::Cluster;
    let Some(cluster) = Cluster::for_test(&["fsync=off"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.dump").display().to_string();
    let from = cluster.address();
    // The template of a fresh cluster is an empty database.
    let to = format!("{}/template1", from.strip_suffix("/postgres").unwrap());
    let to = to.as_str();
    let login = "quantri@minhhoa.example";
    let create = |at: &str| {
        nguon(&["admin", "create", "--database", at, "--login", login, "--name", "Minh hoạ"]).0
    };
    assert_eq!(create(from), 0);
    let (code, lines) = nguon(&["backup", "--database", from, &copy]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    let (code, lines) = nguon(&["restore", "--database", to, &copy]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    assert_eq!(create(to), 1, "the account came back with it");
    assert_eq!(nguon(&["restore", "--database", to, &copy]).0, 2, "it is not empty any more");
}

#[test]
fn the_description_of_the_apis_is_printed_as_it_is_served() {
    let (code, lines) = nguon(&["openapi"]);
    assert_eq!((code, lines[0]["openapi"].as_str()), (0, Some("3.1.0")));
    let login = ["admin", "password", "--login", "khongco@minhhoa.example", "--data"];
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    assert_eq!(nguon(&[&login[..], &[data.as_str()]].concat()).0, 1, "nobody has this login");
}

#[test]
fn what_is_not_a_command_is_a_matter_of_usage() {
    assert_eq!(nguon(&["no-such-command"]).0, 2);
    assert_eq!(nguon(&["serve"]).0, 2, "the public address has no default");
}
