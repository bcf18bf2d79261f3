//! QR codes (ISO/IEC 18004:2015), model 2, versions 1 to 40. Our own encoder because it cuts the
//! message into segments optimally, which makes the symbol of a link often one version smaller, and
//! because sheets of a million stamps want it fast. Drawing on paper is `sheet`'s.

mod draw;
mod line;
mod mask;
mod reed_solomon;
mod render;
mod segment;
mod table;

use crate::Matrix;
use segment::{BANDS, Kind, MAX_CHARACTERS, Segments};
use table::{Layout, MAX_VERSION};

/// Light modules that must stay free around a symbol (ISO/IEC 18004:2015, 6.3.8).
pub const QUIET_ZONE: usize = 4;

/// Smallest width of a module, in millimetres, that this system prints without a warning: the least
/// X-dimension of a symbol with a link that is read at a point of sale (GS1 General Specifications
/// 5.12.3.1, addendum 2 of table 1; where the figure comes from is told at
/// [`x_dimension`](crate::carrier::Symbology::x_dimension)).
pub const MIN_MODULE_MM: f64 = 0.396;

/// How much damage a symbol survives: about 7, 15, 25 and 30 per cent of its codewords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    L,
    M,
    Q,
    H,
}

const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

/// The message fits no symbol at this level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not fit a QR code of level {level:?}")]
pub struct TooLong {
    pub bytes: usize,
    pub level: Level,
}

/// Choices beyond the message and the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// At least this level.
    pub level: Level,
    /// Raise the level as far as the version, chosen for `level`, has room.
    pub raise_level: bool,
    /// One of the masks 0 to 7 (the lowest three bits count); none chooses the best.
    pub mask: Option<u8>,
    /// Smallest version to use, 1 to 40; values outside are taken as the nearest.
    pub min_version: u8,
    /// Announce text outside ASCII as UTF-8 (ECI 26). It costs 12 bits, but without it readers guess,
    /// and some guess Vietnamese wrong. Links are ASCII and not concerned.
    pub announce_utf8: bool,
}

impl Options {
    /// The smallest symbol, the best mask, the level raised where that is free.
    pub fn new(level: Level) -> Self {
        Self { level, raise_level: true, mask: None, min_version: 1, announce_utf8: true }
    }
}

/// A finished symbol: a square of dark and light modules, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    version: u8,
    level: Level,
    mask: u8,
    matrix: Matrix,
}

/// Encodes `data` in the smallest symbol that has at least `level`.
///
/// Text outside ASCII is announced as UTF-8 (ECI 26), which costs 12 bits; bytes that are not UTF-8
/// are written as they are.
///
/// ```
/// use stamp::qr::{Level, encode};
///
/// let symbol = encode("HTTPS://NGUON.EXAMPLE/T/T7K3M9Q2XW", Level::M)?;
/// assert_eq!((symbol.version(), symbol.size()), (2, 25));
/// # Ok::<(), stamp::qr::TooLong>(())
/// ```
pub fn encode(data: impl AsRef<[u8]>, level: Level) -> Result<Symbol, TooLong> {
    encode_with(data, Options::new(level))
}

/// Encodes `data` with explicit choices; see [`encode`].
pub fn encode_with(data: impl AsRef<[u8]>, options: Options) -> Result<Symbol, TooLong> {
    build(data.as_ref(), options, Kind::Text { announced: options.announce_utf8 })
}

/// Encodes element strings as readers transmit them, ASCII 29 after values of free length: FNC1 is
/// put in the first position and in the place of each ASCII 29 (7.4.8; General Specifications 5.7).
/// Readers say `]Q3`. Nothing is checked.
///
/// ```
/// use stamp::qr::{Level, Options, encode_gs1};
///
/// let options = Options::new(Level::M);
/// let symbol = encode_gs1("0108931234567897\u{1d}10SC-0726", options)?;
/// assert_eq!(symbol.version(), 2);
/// # Ok::<(), stamp::qr::TooLong>(())
/// ```
pub fn encode_gs1(raw: impl AsRef<[u8]>, options: Options) -> Result<Symbol, TooLong> {
    build(raw.as_ref(), options, Kind::Elements)
}

fn build(data: &[u8], options: Options, kind: Kind) -> Result<Symbol, TooLong> {
    let too_long = TooLong { bytes: data.len(), level: options.level };
    if data.len() > MAX_CHARACTERS {
        return Err(too_long);
    }
    let lowest = options.min_version.clamp(1, MAX_VERSION);
    let (version, segments) = BANDS
        .into_iter()
        .filter(|band| band.last >= lowest)
        .find_map(|band| {
            let segments = Segments::best(data, band, kind);
            let mut versions = band.first.max(lowest)..=band.last;
            let version = versions.find(|&version| fits(&segments, version, options.level))?;
            Some((version, segments))
        })
        .ok_or(too_long)?;
    let level = if options.raise_level {
        let better = LEVELS.into_iter().rev().take_while(|&level| level > options.level);
        better.into_iter().find(|&level| fits(&segments, version, level)).unwrap_or(options.level)
    } else {
        options.level
    };
    let layout = Layout::of(version, level);
    let codewords = interleave(&segments.codewords(data, layout.data()), layout);
    let (rows, mask) = draw::draw(version, level, &codewords, options.mask.map(|mask| mask & 7));
    Ok(Symbol { version, level, mask, matrix: Matrix::of_rows(rows.len(), rows) })
}

fn fits(segments: &Segments, version: u8, level: Level) -> bool {
    segments.bits() <= Layout::of(version, level).data() * 8
}

/// Adds the error correction of each block and takes codewords from the blocks in turn (7.6).
fn interleave(data: &[u8], layout: Layout) -> Vec<u8> {
    let mut out = vec![0; layout.total];
    let shortest = layout.block_data(0);
    let shorter = (0..layout.blocks).take_while(|&b| layout.block_data(b) == shortest).count();
    let mut rest = data;
    for block in 0..layout.blocks {
        let (part, after) = rest.split_at(layout.block_data(block));
        rest = after;
        for (place, &byte) in part.iter().enumerate() {
            let missing = if place == shortest { shorter } else { 0 };
            out[place * layout.blocks + block - missing] = byte;
        }
        let ecc = reed_solomon::remainder(part, layout.ecc);
        for (place, &byte) in ecc[..layout.ecc].iter().enumerate() {
            out[data.len() + place * layout.blocks + block] = byte;
        }
    }
    out
}

impl Symbol {
    /// Version, 1 to 40.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Level of error correction, at least the one asked for.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Mask, 0 to 7.
    pub fn mask(&self) -> u8 {
        self.mask
    }

    /// Modules a side, without the quiet zone: 21 to 177.
    pub fn size(&self) -> usize {
        self.matrix.height()
    }

    /// Whether the module in column `x` of row `y` is dark; light outside the symbol.
    pub fn get(&self, x: usize, y: usize) -> bool {
        self.matrix.get(x, y)
    }

    /// The modules.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// Width of a module, in millimetres, when symbol and quiet zone fill a square of `side_mm`.
    pub fn module_mm(&self, side_mm: f64) -> f64 {
        side_mm / (self.size() + 2 * QUIET_ZONE) as f64
    }

    /// Side of symbol and quiet zone, in millimetres, with modules of `module_mm`.
    pub fn side_mm(&self, module_mm: f64) -> f64 {
        module_mm * (self.size() + 2 * QUIET_ZONE) as f64
    }
}
