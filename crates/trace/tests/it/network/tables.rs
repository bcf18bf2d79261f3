//! What tables are read, and what is said of those that cannot be meant.

use gs1::Lang;
use trace::network::score::{Tracing, score};
use trace::network::{Date, Faults, Kind, Network, Table};

const STATIONS: &[u8] = b"ID,node,County\n1,Farm,A\n2,\"Mill, old\",B\n";
const DELIVERIES: &[u8] =
    b"ID,from,to,Date Delivery,Amount [kg],Serial\nd1,1,2,2026-3-1,12.5,x\nd2,2,1,,,y\n";

fn faults(stations: &[u8], deliveries: &[u8], relations: &[u8]) -> Faults {
    Network::from_csv(stations, deliveries, relations).unwrap_err()
}

fn one(faults: &Faults) -> (Table, u64, &str, &Kind) {
    assert_eq!(faults.0.len(), 1, "{faults}");
    let fault = &faults.0[0];
    (fault.table, fault.row, &fault.column, &fault.kind)
}

#[test]
fn further_columns_are_kept() {
    let network = Network::from_csv(STATIONS, DELIVERIES, b"ID,Next\n").unwrap();
    assert_eq!(network.station_columns(), ["County"]);
    assert_eq!(network.stations()[1].name, "Mill, old");
    assert_eq!(network.stations()[1].further, ["B"]);
    assert_eq!(network.delivery_columns(), ["Serial"]);
    assert_eq!(network.deliveries()[0].further, ["x"]);
    assert_eq!(network.deliveries()[0].kg.unwrap().to_string(), "12.5");
    assert_eq!(network.deliveries()[1].kg, None);
}

#[test]
fn columns_may_stand_in_any_order_after_a_mark_and_between_semicolons() {
    let network = Network::from_csv(
        b"\xef\xbb\xbfnode;id\nFarm;1\nMill;2\n",
        b"to,from,id\r\n2,1,d1\r\n\r\n",
        b"next,id\n",
    )
    .unwrap();
    assert_eq!(network.stations()[1].id, "2");
    assert_eq!(network.deliveries()[0].to, 1);
}

#[test]
fn an_unknown_station_is_told_with_row_and_column() {
    let found = faults(STATIONS, b"ID,from,to\nd1,1,2\nd2,1,9\n", b"ID,Next\n");
    let unknown = Kind::UnknownStation("9".into());
    assert_eq!(one(&found), (Table::Deliveries, 3, "to", &unknown));
    assert_eq!(
        found.message(Lang::Vi),
        "bảng giao hàng, dòng 3, cột “to”: không có cơ sở nào mang mã “9”"
    );
    assert_eq!(found.to_string(), "deliveries, row 3, column “to”: no station has the id “9”");
}

#[test]
fn what_cannot_be_meant_is_told_with_row_and_column() {
    let none = b"ID,Next\n".as_slice();
    for (found, row, column, kind) in [
        (faults(b"ID\n1\n2\n1\n", DELIVERIES, none), 4, "ID", Kind::Duplicate("1".into())),
        (faults(b"ID,node\n1,\n2,\n,x\n", DELIVERIES, none), 4, "ID", Kind::Empty),
        (faults(b"node\n1\n", b"ID,from,to\n", none), 1, "ID", Kind::NoColumn),
        (faults(STATIONS, b"ID,from\nd1,1\n", none), 1, "to", Kind::NoColumn),
        (
            faults(STATIONS, b"ID,from,to,Date Delivery\nd1,1,2,2026-02-30\n", none),
            2,
            "Date Delivery",
            Kind::BadDate("2026-02-30".into()),
        ),
        (
            faults(STATIONS, b"ID,from,to,Amount [kg]\nd1,1,2,\"1,5\"\n", none),
            2,
            "Amount [kg]",
            Kind::BadNumber("1,5".into()),
        ),
        (
            faults(STATIONS, b"ID,from,to,Amount [kg]\nd1,1,2,-3\n", none),
            2,
            "Amount [kg]",
            Kind::BadNumber("-3".into()),
        ),
        (faults(STATIONS, b"ID,from,to,from\nd1,1,2,1\n", none), 1, "from", Kind::ColumnTwice),
        (faults(STATIONS, DELIVERIES, b"ID,Next\nd1,d1\n"), 2, "", Kind::SelfRelation("d1".into())),
        (
            faults(STATIONS, b"ID,from,to\na,1,2\nb,1,2\n", b"ID,Next\na,b\n"),
            2,
            "",
            Kind::Apart("a".into(), "b".into()),
        ),
    ] {
        assert_eq!((one(&found).1, one(&found).2, one(&found).3), (row, column, &kind));
        assert_ne!(found.message(Lang::Vi), found.message(Lang::En));
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let found = faults(STATIONS, b"ID,from,to,Date Delivery\nd1,7,8,soon\nd1,1,2,\n", b"ID,Next\n");
    assert_eq!(found.0.len(), 4);
}

#[test]
fn relations_to_deliveries_that_are_not_listed_lead_on_and_are_told() {
    let network = Network::from_csv(
        b"ID\na\nb\nc\n",
        b"ID,from,to\n1,a,b\n3,b,c\n",
        b"ID,Next\n1,2\n2,3\n1,2\n",
    )
    .unwrap();
    assert_eq!(network.unlisted(), ["2"]);
    assert_eq!(network.relations().len(), 2);
    assert_eq!(network.notices().len(), 1);
    let mut tracing = Tracing::default();
    tracing.station("c").weight = 1.0;
    let scores = score(&network, &tracing).unwrap();
    assert!((scores.stations[0].score - 1.0).abs() < 1e-12);
}

#[test]
fn weights_are_of_stations_and_deliveries() {
    let network = Network::from_csv(STATIONS, DELIVERIES, b"ID,Next\n").unwrap();
    let mut tracing = Tracing::default();
    tracing.read_weights(&network, b"id,weight\n1,2\nd2,-0.5\n").unwrap();
    assert_eq!((tracing.station("1").weight, tracing.delivery("d2").weight), (2.0, -0.5));
    tracing.read_cross(&network, b"ID\n2\nd1\n").unwrap();
    tracing.read_kill(&network, b"id,value\n1,false\n2,true\n").unwrap();
    assert!(tracing.delivery("d1").cross_contamination && tracing.station("2").kill_contamination);
    assert!(!tracing.station("1").kill_contamination);
    tracing.read_cross(&network, b"id,cc\n1,True\n2,False\n").unwrap();
    assert!(tracing.station("1").cross_contamination && !tracing.station("2").cross_contamination);
    tracing.read_kill(&network, b"").unwrap();
    tracing.read_weights(&network, b"id,weight\nd1,0.12345678901234\n").unwrap();
    assert!((tracing.delivery("d1").weight - 0.123_456_789_012_34).abs() < 1e-15);
    let wrong = tracing.read_weights(&network, b"id,weight\nx,1\n1,heavy\n").unwrap_err();
    assert_eq!(
        (wrong.0[0].row, &wrong.0[0].kind, wrong.0[1].row, &wrong.0[1].kind),
        (2, &Kind::UnknownId("x".into()), 3, &Kind::BadNumber("heavy".into()))
    );
}

#[test]
fn an_id_of_both_means_the_station_unless_said_otherwise() {
    let network = Network::from_csv(b"ID\n1\n2\n", b"ID,from,to\n1,1,2\n", b"ID,Next\n").unwrap();
    let mut tracing = Tracing::default();
    tracing.read_weights(&network, b"id,weight\n1,2\n").unwrap();
    assert_eq!(tracing.notices.len(), 1);
    tracing.read_weights(&network, b"id,weight,of\n1,5,delivery\n").unwrap();
    assert_eq!((tracing.station("1").weight, tracing.delivery("1").weight), (2.0, 5.0));
    assert_eq!(tracing.notices.len(), 1);
}

#[test]
fn an_unknown_id_in_a_tracing_is_refused() {
    let network = Network::from_csv(STATIONS, DELIVERIES, b"ID,Next\n").unwrap();
    let mut tracing = Tracing::default();
    tracing.station("nowhere").weight = 1.0;
    assert_eq!(score(&network, &tracing).unwrap_err().0.len(), 1);
    let mut tracing = Tracing::default();
    tracing.station("1").weight = f64::NAN;
    assert_eq!(score(&network, &tracing).unwrap_err().0.len(), 1);
}

#[test]
fn dates_are_read_as_far_as_they_go() {
    let read = |text: &str| Date::parse(text).map(|date| date.to_string());
    for (text, wanted) in [
        ("2013-11-09", "2013-11-09"),
        ("2013-9-9", "2013-09-09"),
        ("9.11.2013", "2013-11-09"),
        ("09/11/2013", "2013-11-09"),
        ("2013-11", "2013-11"),
        ("11/2013", "2013-11"),
        ("2013", "2013"),
        ("2013-11-09T10:00:00+07:00", "2013-11-09"),
        ("2013-11-09 10:00", "2013-11-09"),
        ("", ""),
    ] {
        assert_eq!(read(text).as_deref(), Some(wanted), "{text}");
    }
    for text in ["soon", "2013-13", "2013-02-29", "13", "1-1-1", "+201-01-01", "2013-11-09Tsoon"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn what_is_not_known_of_a_date_speaks_for_may() {
    let may = |a: &str, b: &str| Date::parse(a).unwrap().may_precede(Date::parse(b).unwrap());
    for (a, b, wanted) in [
        ("2013-05-02", "2013-05-02", true),
        ("2013-05-03", "2013-05-02", false),
        ("2013-05", "2013-05-01", true),
        ("2013-06", "2013-05-31", false),
        ("2013-06-30", "2013", true),
        ("2014", "2013-12-31", false),
        ("", "2013", true),
        ("2013", "", true),
    ] {
        assert_eq!(may(a, b), wanted, "{a} {b}");
    }
}

#[test]
fn a_network_from_parts_is_the_same_and_as_strict() {
    use trace::network::{Delivery, Station};
    let read = Network::from_csv(b"ID\na\nb\n", b"ID,from,to\n1,a,b\n2,b,a\n", b"ID,Next\n1,2\n");
    let station = |id: &str| Station { id: id.to_owned(), ..Station::default() };
    let delivery =
        |id: &str, from, to| Delivery { id: id.to_owned(), from, to, ..Delivery::default() };
    let stations = vec![station("a"), station("b")];
    let deliveries = vec![delivery("1", 0, 1), delivery("2", 1, 0)];
    let built = Network::new(stations.clone(), deliveries.clone(), &[(0, 1)]);
    assert_eq!(built.unwrap(), read.unwrap());
    let wrong = vec![delivery("1", 0, 2), delivery("1", 1, 0)];
    assert_eq!(Network::new(stations.clone(), wrong, &[]).unwrap_err().0.len(), 2);
    let found = Network::new(stations, deliveries, &[(0, 0), (0, 2), (0, 1)]);
    assert_eq!(found.unwrap_err().0.len(), 2);
}

#[test]
fn no_text_makes_the_readers_panic() {
    use proptest::prelude::*;
    let cell = prop::sample::select(vec![
        "ID",
        "from",
        "to",
        "Next",
        "1",
        "2",
        "",
        "a",
        "é",
        "\"",
        "\n",
        ";",
        ",",
        "-",
        "2026-1-1",
        "T",
        " ",
        "Amount [kg]",
        "Date Delivery",
        "1e30",
        "79228162514264337593543950335",
        "kg",
        "id",
        "weight",
    ]);
    let text = prop::collection::vec(cell, 0..40).prop_map(|parts| parts.concat());
    let with_commas = prop::collection::vec(text.clone(), 3);
    proptest!(ProptestConfig::with_cases(500), |(texts in with_commas, bytes in any::<Vec<u8>>())| {
        let header = format!("ID,from,to,Date Delivery,Amount [kg],Amount\n{}", texts[1]);
        let _ = Network::from_csv(texts[0].as_bytes(), texts[1].as_bytes(), texts[2].as_bytes());
        if let Ok(network) = Network::from_csv(b"ID\n1\n2\na\n", header.as_bytes(), texts[2].as_bytes()) {
            let mut tracing = Tracing::default();
            let _ = tracing.read_weights(&network, texts[0].as_bytes());
            let _ = tracing.read_cross(&network, &bytes);
            let _ = score(&network, &tracing);
            let _ = trace::network::balance::balance(&network, &trace::network::balance::Options::default());
        }
        let _ = trace::network::fcl::read(&bytes);
        let _ = Date::parse(&texts[0]);
    });
}
