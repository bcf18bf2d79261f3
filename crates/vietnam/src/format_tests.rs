use jiff::civil;
use proptest::prelude::*;

use super::*;

fn read(text: &str, lang: Lang) -> String {
    parse_number(text, lang).map_or_else(|fault| format!("{fault:?}"), |n| n.to_string())
}

#[test]
fn numbers_are_written_with_the_signs_of_the_language() {
    let value = Decimal::new(-12_345_678, 2);
    assert_eq!(number(value, Lang::Vi), "-123.456,78");
    assert_eq!(number(value, Lang::En), "-123,456.78");
    assert_eq!(number(Decimal::new(999, 0), Lang::Vi), "999");
    assert_eq!(number(Decimal::new(1000, 0), Lang::Vi), "1.000");
    assert_eq!(number(Decimal::new(150, 2), Lang::Vi), "1,50");
    assert_eq!(number(Decimal::new(5, 1), Lang::Vi), "0,5");
}

#[test]
fn every_vietnamese_way_of_typing_a_number_is_read() {
    for (text, value) in [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,25", "1234567.25"),
        ("1,234", "1.234"),
        ("0.234", "0.234"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("5,", "5"),
        ("1.2345", "1.2345"),
        ("1234.567", "1234.567"),
        ("-1.000", "-1000"),
        ("\u{2212}3", "-3"),
        ("007", "7"),
    ] {
        assert_eq!(read(text, Lang::Vi), value, "{text}");
    }
}

#[test]
fn a_dot_before_three_digits_is_thousands_in_vietnamese_and_a_fraction_in_english() {
    assert_eq!(read("1.234", Lang::Vi), "1234");
    assert_eq!(read("1.234", Lang::En), "1.234");
    assert_eq!(read("1,234", Lang::En), "1234");
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["", " "] {
        assert_eq!(read(text, Lang::Vi), "Empty");
    }
    for text in [
        "-",
        ",",
        ".",
        "1.23.456",
        "1,2,3",
        "12a",
        "1e5",
        "--1",
        "1.2345,6",
        "1234.567,8",
        "١٢",
        "1,234.567,8",
        "NaN",
    ] {
        assert_eq!(read(text, Lang::Vi), "Number", "{text}");
    }
    assert_eq!(read(&"9".repeat(28), Lang::Vi), "9".repeat(28));
    assert_eq!(read(&"9".repeat(29), Lang::Vi), "TooManyDigits");
}

#[test]
fn dates_are_written_day_first_and_in_english_with_the_month_in_letters() {
    let at = civil::date(2026, 10, 2).at(9, 4, 59, 0);
    assert_eq!(date_time(at, Lang::Vi), "02/10/2026 09:04");
    assert_eq!(date_time(at, Lang::En), "2 Oct 2026 09:04");
}

#[test]
fn dates_are_read_day_first_or_in_iso_order() {
    for text in [
        "2/10/2026",
        "02/10/2026",
        "02-10-2026",
        "2.10.2026",
        "02102026",
        "2026-10-02",
        " 02 / 10 / 2026 ",
    ] {
        assert_eq!(parse_date(text), Ok(civil::date(2026, 10, 2)), "{text}");
    }
    assert_eq!(parse_date("31/02/2026"), Err(FormatFault::NoSuchDay));
    assert_eq!(parse_date("10/13/2026"), Err(FormatFault::NoSuchDay));
    assert_eq!(parse_date(""), Err(FormatFault::Empty));
    for text in ["2/10/26", "hôm qua", "2/10", "1/2/3/2026", "+1/02/2026", "2026/10"] {
        assert_eq!(parse_date(text), Err(FormatFault::Date), "{text}");
    }
}

#[test]
fn a_time_may_follow_a_date() {
    let want = civil::date(2026, 10, 2).at(9, 14, 0, 0);
    for text in ["02/10/2026 09:14", "2026-10-02T09:14", "2026-10-02T09:14:00", "2/10/2026 9h14"] {
        assert_eq!(parse_date_time(text), Ok(want), "{text}");
    }
    assert_eq!(parse_date_time("02/10/2026"), Ok(civil::date(2026, 10, 2).at(0, 0, 0, 0)));
    for text in ["02/10/2026 24:00", "02/10/2026 9", "02/10/2026 09:60", "02/10/2026 +9:00"] {
        assert_eq!(parse_date_time(text), Err(FormatFault::Time), "{text}");
    }
}

#[test]
fn midnight_in_viet_nam_is_seventeen_hours_utc_of_the_day_before() {
    let midnight = civil::date(2026, 11, 22).at(0, 0, 0, 0);
    let micros = instant(midnight).unwrap();
    assert_eq!(Timestamp::from_microsecond(micros).unwrap().to_string(), "2026-11-21T17:00:00Z");
    assert_eq!(local(micros), Some(midnight));
    assert_eq!(date_of(micros, Lang::Vi), "22/11/2026");
    assert_eq!(date_time_of(i64::MAX, Lang::Vi), "");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(mantissa in -999_999_999_999i64..=999_999_999_999, scale in 0u32..=6, vi in any::<bool>()) {
        let lang = if vi { Lang::Vi } else { Lang::En };
        let value = Decimal::new(mantissa, scale);
        prop_assert_eq!(parse_number(&number(value, lang), lang), Ok(value));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,24}|[0-9.,/: T-]{0,24}") {
        let _ = parse_number(&text, Lang::Vi);
        let _ = parse_number(&text, Lang::En);
        let _ = parse_date_time(&text);
    }
}
