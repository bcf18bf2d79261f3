//! Against other encoders: the same modules where the choices are the same, and never a larger
//! version where they are ours.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use stamp::qr::{Level, Options, encode, encode_with};

use crate::links::{LEVELS, links, mixtures, numbers};
use crate::messages::count;

fn qrcodegen_level(level: Level) -> QrCodeEcc {
    match level {
        Level::L => QrCodeEcc::Low,
        Level::M => QrCodeEcc::Medium,
        Level::Q => QrCodeEcc::Quartile,
        Level::H => QrCodeEcc::High,
    }
}

/// All 160 forms, each with one of the masks, every mask many times: function patterns, block
/// tables, error correction, interleaving, placement, format and version information.
#[test]
fn every_version_level_and_mask_has_the_modules_of_an_independent_encoder() {
    let mut number = numbers();
    for version in 1..=40 {
        for (turn, level) in LEVELS.into_iter().enumerate() {
            // Bytes that only the byte mode holds, so that both encoders write one segment.
            let length = 7 + number(20) as usize * usize::from(version) / 20;
            let data: Vec<u8> = (0..length).map(|_| b'a' + number(26) as u8).collect();
            let mask = (usize::from(version) + turn) as u8 % 8;
            let options = Options {
                raise_level: false,
                mask: Some(mask),
                min_version: version,
                ..Options::new(level)
            };
            let ours = encode_with(&data, options).expect("short enough");
            let theirs = QrCode::encode_segments_advanced(
                &[QrSegment::make_bytes(&data)],
                qrcodegen_level(level),
                Version::new(version),
                Version::MAX,
                Some(Mask::new(mask)),
                false,
            )
            .expect("short enough");
            assert_eq!(ours.version(), version);
            assert_eq!(ours.size() as i32, theirs.size());
            for y in 0..ours.size() {
                for x in 0..ours.size() {
                    let (x32, y32) = (x as i32, y as i32);
                    assert!(
                        ours.get(x, y) == theirs.get_module(x32, y32),
                        "version {version} {level:?} mask {mask}: module {x},{y}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_full_symbol_holds_what_the_standard_says() {
    // ISO/IEC 18004:2015, Table 7: characters of versions 1-H, 7-Q, 40-L by mode.
    for (level, version, digits, capitals, bytes) in
        [(Level::H, 1, 17, 10, 7), (Level::Q, 7, 207, 125, 86), (Level::L, 40, 7089, 4296, 2953)]
    {
        for (text, count) in [("1", digits), ("A", capitals), ("a", bytes)] {
            let full = encode(text.repeat(count), level).expect("full");
            assert_eq!(full.version(), version, "{text} x {count}");
            let over = encode(text.repeat(count + 1), level);
            assert!(over.is_err() || over.is_ok_and(|symbol| symbol.version() == version + 1));
        }
    }
    assert!(encode("1".repeat(7090), Level::L).is_err());
    assert!(encode("a".repeat(1 << 20), Level::L).is_err());
}

#[test]
fn no_other_encoder_makes_a_smaller_symbol() {
    let mut smaller = 0;
    let count = count(150);
    for text in links(count).iter().chain(&mixtures(count)) {
        for level in LEVELS {
            let ours = encode(text, level).expect("short enough").version();
            let codegen = QrCode::encode_text(text, qrcodegen_level(level)).expect("short enough");
            let ecl = match level {
                Level::L => fast_qr::ECL::L,
                Level::M => fast_qr::ECL::M,
                Level::Q => fast_qr::ECL::Q,
                Level::H => fast_qr::ECL::H,
            };
            let fast = fast_qr::QRBuilder::new(text.as_str()).ecl(ecl).build().expect("fits");
            let ec = match level {
                Level::L => qrcode::EcLevel::L,
                Level::M => qrcode::EcLevel::M,
                Level::Q => qrcode::EcLevel::Q,
                Level::H => qrcode::EcLevel::H,
            };
            let code = qrcode::QrCode::with_error_correction_level(text, ec).expect("fits");
            let theirs =
                [(codegen.size() as usize - 17) / 4, (fast.size - 17) / 4, (code.width() - 17) / 4];
            for version in theirs {
                assert!(usize::from(ours) <= version, "{text} {level:?}: {ours} > {version}");
                smaller += usize::from(usize::from(ours) < version);
            }
        }
    }
    assert!(smaller > 100, "optimal segments ought to pay: {smaller}");
}

/// Other encoders leave readers to guess the character set; asked for the same, ours is no larger.
#[test]
fn no_other_encoder_makes_a_smaller_symbol_of_unannounced_vietnamese() {
    let text = "Cà phê Mường Ảng, thu hoạch ngày 26/07/2026 tại xã Ẳng Nưa (minh hoạ) ".repeat(3);
    for length in (1..text.chars().count()).step_by(7) {
        let text: String = text.chars().take(length).collect();
        for level in LEVELS {
            let plain = Options { announce_utf8: false, ..Options::new(level) };
            let ours = encode_with(&text, plain).expect("short enough").size();
            let theirs = QrCode::encode_text(&text, qrcodegen_level(level)).expect("short enough");
            assert!(ours as i32 <= theirs.size(), "{text}");
            let announced = encode(&text, level).expect("short enough");
            assert!(announced.size() <= ours + 4, "12 bits are a version at most");
        }
    }
}

#[test]
fn a_raised_level_never_costs_a_version() {
    let mut raised = 0;
    for text in links(100) {
        let best = encode(&text, Level::L).expect("short enough");
        let plain = Options { raise_level: false, ..Options::new(Level::L) };
        let plain = encode_with(&text, plain).expect("short enough");
        assert_eq!(best.version(), plain.version());
        assert_eq!(plain.level(), Level::L);
        raised += usize::from(best.level() > Level::L);
    }
    assert!(raised > 20, "{raised}");
}
