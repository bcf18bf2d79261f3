//! Data Matrix and QR with FNC1 against other encoders: never larger. Another crate's decoder reads
//! all sizes of Data Matrix too, with nothing to install.

use datamatrix::{DataMatrix, DataMatrixBuilder, SymbolList};
use qrcode::types::{EcLevel, Version};
use stamp::carrier::Symbology;
use stamp::datamatrix::{Shape, Symbol, encode, encode_gs1};
use stamp::qr;

use crate::links::LEVELS;
use crate::messages::{draw, messages};

fn area(symbol: &Symbol) -> usize {
    symbol.rows() * symbol.columns()
}

/// Area of the other encoder's symbol; macros, which stand for certain heads of a message, are off.
fn their_area(data: &[u8], gs1: bool, sizes: SymbolList) -> Option<usize> {
    let builder = DataMatrixBuilder::new().with_symbol_list(sizes).with_macros(false);
    let symbol = builder.with_fnc1_start(gs1).encode(data).ok()?;
    let bitmap = symbol.bitmap();
    Some(bitmap.width() * bitmap.height())
}

/// Messages with bytes outside ASCII, no UTF-8.
fn mixed_bytes(count: usize) -> Vec<Vec<u8>> {
    let mut draw = draw();
    (0..count)
        .map(|_| {
            let mut message = vec![0xff];
            for _ in 0..=draw.below(3) {
                let length = draw.below(12);
                message.extend((0..length).map(|_| 128 + draw.below(128) as u8));
                let length = draw.below(9);
                message.extend(draw.word(b"09AZaz.", length).bytes());
            }
            message
        })
        .collect()
}

#[test]
fn no_other_encoder_makes_a_smaller_data_matrix() {
    let texts = messages(Symbology::DataMatrix, 250).into_iter().map(|(_, text)| text.into_bytes());
    let elements = messages(Symbology::Gs1DataMatrix, 250).into_iter();
    let all = texts
        .map(|text| (text, false))
        .chain(elements.map(|(_, raw)| (raw.into_bytes(), true)))
        .chain(mixed_bytes(150).into_iter().map(|bytes| (bytes, false)));
    let mut smaller = 0;
    for (data, gs1) in all {
        for (shape, sizes) in [
            (Shape::Square, SymbolList::default().enforce_square()),
            (Shape::Rectangle, SymbolList::default().enforce_rectangular()),
        ] {
            let ours = if gs1 { encode_gs1(&data, shape) } else { encode(&data, shape) };
            let theirs = their_area(&data, gs1, sizes);
            let shown = String::from_utf8_lossy(&data);
            match (ours, theirs) {
                (Ok(ours), Some(theirs)) => {
                    assert!(area(&ours) <= theirs, "{shown:?}: {} > {theirs}", area(&ours));
                    smaller += usize::from(area(&ours) < theirs);
                }
                (Err(_), theirs) => assert_eq!(theirs, None, "{shown:?} fits"),
                (Ok(_), None) => smaller += 1,
            }
        }
    }
    assert!(smaller > 50, "optimal schemes ought to pay: {smaller}");
}

/// What the other crate reads from the modules.
fn read(symbol: &Symbol) -> Vec<u8> {
    let matrix = symbol.matrix();
    let modules: Vec<bool> = (0..matrix.height())
        .flat_map(|y| (0..matrix.width()).map(move |x| (x, y)))
        .map(|(x, y)| matrix.get(x, y))
        .collect();
    DataMatrix::decode(&modules, matrix.width()).expect("readable")
}

/// Every way to change schemes and to end, by many short messages in tight symbols.
#[test]
fn another_decoder_reads_every_choice_of_schemes() {
    let texts =
        messages(Symbology::DataMatrix, 3000).into_iter().map(|(_, text)| text.into_bytes());
    for message in texts.chain(mixed_bytes(3000)) {
        for length in [message.len(), message.len() / 2 + 1, message.len().min(9)] {
            let part = &message[..length.min(message.len())];
            let symbol = encode(part, Shape::Any).expect("short");
            assert_eq!(read(&symbol), part, "{:?}", String::from_utf8_lossy(part));
        }
    }
}

#[test]
fn another_decoder_reads_every_size_of_data_matrix() {
    let mut draw = draw();
    let mut sizes = std::collections::BTreeSet::new();
    for shape in [Shape::Square, Shape::Rectangle] {
        let mut length = 1;
        loop {
            let message = draw.word(b"0123456789ABCab*", length);
            let Ok(symbol) = encode(&message, shape) else { break };
            assert_eq!(String::from_utf8(read(&symbol)).expect("ASCII"), message);
            sizes.insert((symbol.rows(), symbol.columns()));
            length += length / 12 + 1;
        }
    }
    assert_eq!(sizes.len(), 30, "{sizes:?}");
}

/// The other encoder knows FNC1 in front, but not that `%` is doubled, so messages have none.
#[test]
fn no_other_encoder_makes_a_smaller_qr_code_with_fnc1() {
    let mut smaller = 0;
    for (_, raw) in messages(Symbology::Gs1Qr, 200) {
        let raw = raw.replace('%', "/");
        for level in LEVELS {
            let ours = qr::encode_gs1(&raw, qr::Options::new(level)).expect("short").version();
            let ec = match level {
                qr::Level::L => EcLevel::L,
                qr::Level::M => EcLevel::M,
                qr::Level::Q => EcLevel::Q,
                qr::Level::H => EcLevel::H,
            };
            let fits = |version: i16| {
                let mut bits = qrcode::bits::Bits::new(Version::Normal(version));
                bits.push_fnc1_first_position().is_ok()
                    && bits.push_optimal_data(raw.as_bytes()).is_ok()
                    && bits.push_terminator(ec).is_ok()
            };
            let theirs = (1..=40).find(|&version| fits(version)).expect("short");
            assert!(i16::from(ours) <= theirs, "{raw} {level:?}: {ours} > {theirs}");
            smaller += usize::from(i16::from(ours) < theirs);
        }
    }
    assert!(smaller > 10, "FNC1 as a percent sign ought to pay: {smaller}");
}
