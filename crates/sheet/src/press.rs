//! Makes the faces of an order's stamps, one after another, and notes what whoever prints must know.

use stamp::carrier::{Options, Symbology, encode_with};

use crate::face::Face;
use crate::layout::Area;
use crate::text::Typesetter;
use crate::{LEVEL, SheetError, StampFace, Warning};

pub(crate) struct Press<'a> {
    pub(crate) type_setter: Typesetter<'a>,
    /// Narrowest modules so far.
    pub(crate) module_mm: f64,
    /// By symbology, the narrowest modules that are too narrow, and the stamps that have them.
    small: Vec<(Symbology, f64, usize)>,
    /// Likewise for bars that are too low.
    low: Vec<(Symbology, f64, usize)>,
    /// First stamp with text cut, and their number.
    cut: Option<(usize, usize)>,
    /// First character without a glyph, and the stamps that miss one.
    missing: Option<(char, usize)>,
}

impl<'a> Press<'a> {
    pub(crate) fn new(font: &'a [u8]) -> Result<Self, SheetError> {
        Ok(Self {
            type_setter: Typesetter::new(font)?,
            module_mm: f64::INFINITY,
            small: Vec::new(),
            low: Vec::new(),
            cut: None,
            missing: None,
        })
    }

    /// The face of the stamp with this number, which counts from 0.
    pub(crate) fn face(
        &mut self,
        number: usize,
        area: Area,
        stamp: &StampFace,
    ) -> Result<Face, SheetError> {
        let options = Options { level: LEVEL, ..Options::default() };
        let carrier = encode_with(stamp.symbology, &stamp.data, options)
            .map_err(|source| SheetError::Symbol { stamp: number, source })?;
        let lines: Vec<_> = stamp.lines.iter().map(|line| self.type_setter.line(line)).collect();
        let face = Face::of(area, &carrier, &lines, &mut self.type_setter);
        let module_mm = face.drawing.x_mm();
        self.module_mm = self.module_mm.min(module_mm);
        if module_mm < stamp.symbology.x_dimension().least - 1e-9 {
            note(&mut self.small, stamp.symbology, module_mm);
        }
        let asked = stamp.symbology.bar_mm(module_mm);
        if let (Some(bar_mm), Some(asked)) = (face.bar_mm, asked)
            && bar_mm < asked - 1e-9
        {
            note(&mut self.low, stamp.symbology, bar_mm);
        }
        if face.cut {
            self.cut = Some(self.cut.map_or((number, 1), |(first, count)| (first, count + 1)));
        }
        if let Some(character) = lines.iter().find_map(|line| line.missing) {
            let (first, count) = self.missing.unwrap_or((character, 0));
            self.missing = Some((first, count + 1));
        }
        Ok(face)
    }

    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let small = self.small.iter().map(|&(symbology, module_mm, stamps)| Warning::SmallModule {
            symbology,
            module_mm,
            stamps,
        });
        let low = self.low.iter().map(|&(symbology, bar_mm, stamps)| Warning::LowBars {
            symbology,
            bar_mm,
            stamps,
        });
        let cut = self.cut.map(|(first, stamps)| Warning::TextCut { first, stamps });
        let missing =
            self.missing.map(|(character, stamps)| Warning::MissingGlyph { character, stamps });
        small.chain(low).chain(cut).chain(missing).collect()
    }
}

/// Counts one more, and keeps the least measure.
fn note(notes: &mut Vec<(Symbology, f64, usize)>, symbology: Symbology, mm: f64) {
    match notes.iter_mut().find(|(other, ..)| *other == symbology) {
        Some((_, least, stamps)) => {
            *least = least.min(mm);
            *stamps += 1;
        }
        None => notes.push((symbology, mm, 1)),
    }
}
