//! Lines of text as glyphs with widths, and their wrapping. Shaping is done once for each different
//! line, because the lines of an order mostly repeat.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};

use crate::SheetError;

/// A line as glyphs; lengths are in ems.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// First character without a glyph.
    pub(crate) missing: Option<char>,
}

pub(crate) struct Typesetter<'a> {
    pub(crate) font: Font,
    /// Height of figures and capitals, in ems.
    pub(crate) figures: f64,
    face: Face<'a>,
    lines: HashMap<String, Rc<Line>>,
}

/// Height of figures where a font does not tell, in ems.
const USUAL_FIGURES: f64 = 0.7;
/// Lines kept; above, the memory starts anew, since serial numbers do not repeat.
const KEPT: usize = 1024;

impl<'a> Typesetter<'a> {
    pub(crate) fn new(font: &'a [u8]) -> Result<Self, SheetError> {
        let face = Face::from_slice(font, 0).ok_or(SheetError::Font)?;
        let font = Font::new(font.to_vec().into(), 0).ok_or(SheetError::Font)?;
        let em = f64::from(face.units_per_em());
        let figures = face.capital_height().filter(|height| *height > 0);
        let figures = figures.map_or(USUAL_FIGURES, |height| f64::from(height) / em);
        Ok(Self { font, figures, face, lines: HashMap::new() })
    }

    pub(crate) fn line(&mut self, text: &str) -> Rc<Line> {
        if let Some(line) = self.lines.get(text) {
            return Rc::clone(line);
        }
        if self.lines.len() == KEPT {
            self.lines.clear();
        }
        let line = Rc::new(self.shape(text));
        self.lines.insert(text.to_owned(), Rc::clone(&line));
        line
    }

    fn shape(&self, text: &str) -> Line {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let infos = shaped.glyph_infos();
        let em = self.face.units_per_em() as f32;
        let mut missing = None;
        // From the last glyph back: a cluster ends where the next one starts.
        let (mut end, mut next) = (text.len(), text.len());
        let mut glyphs: Vec<_> = infos
            .iter()
            .zip(shaped.glyph_positions())
            .rev()
            .map(|(info, position)| {
                let start = info.cluster as usize;
                if start != next {
                    (end, next) = (next, start);
                }
                if info.glyph_id == 0 {
                    missing = text[start..].chars().next();
                }
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    position.x_advance as f32 / em,
                    position.x_offset as f32 / em,
                    position.y_offset as f32 / em,
                    position.y_advance as f32 / em,
                    start..end,
                    None,
                )
            })
            .collect();
        glyphs.reverse();
        Line { text, glyphs, missing }
    }
}

impl Line {
    /// Width of some of the glyphs, in ems.
    pub(crate) fn width(&self, glyphs: Range<usize>) -> f64 {
        self.glyphs[glyphs].iter().map(|glyph| f64::from(glyph.x_advance)).sum()
    }

    /// Cuts the line into parts not wider than `room` ems: after a space or before an opening
    /// bracket if there is one, else anywhere. Spaces at a cut are left out. Also tells whether
    /// every word stayed whole.
    pub(crate) fn wrapped(&self, room: f64) -> (Vec<Range<usize>>, bool) {
        let mut parts = Vec::new();
        let mut words_whole = true;
        let mut start = 0;
        while let Some(first) = (start..self.glyphs.len()).find(|&at| !self.is_space(at)) {
            let mut width = 0.0;
            let mut fits = first;
            while fits < self.glyphs.len() {
                width += f64::from(self.glyphs[fits].x_advance);
                if width > room && !self.is_space(fits) {
                    break;
                }
                fits += 1;
            }
            let end = if fits == self.glyphs.len() {
                fits
            } else {
                let cut = (first + 1..=fits)
                    .rev()
                    .find(|&at| self.is_space(at - 1) || self.starts_with(at, '('));
                // At least one glyph a line, however narrow the room.
                words_whole &= cut.is_some();
                cut.unwrap_or(fits.max(first + 1))
            };
            let last = (first..end).rev().find(|&at| !self.is_space(at)).unwrap_or(first);
            parts.push(first..last + 1);
            start = end;
        }
        (parts, words_whole)
    }

    fn is_space(&self, glyph: usize) -> bool {
        self.starts_with(glyph, ' ')
    }

    fn starts_with(&self, glyph: usize, character: char) -> bool {
        self.text[self.glyphs[glyph].text_range.start..].starts_with(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line whose glyphs are all half an em wide.
    fn line(text: &str) -> Line {
        let glyphs = text
            .char_indices()
            .map(|(at, c)| {
                KrillaGlyph::new(GlyphId::new(1), 0.5, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
            })
            .collect();
        Line { text: text.to_owned(), glyphs, missing: None }
    }

    fn wrapped(text: &str, characters: f64) -> Vec<String> {
        let line = line(text);
        let all: Vec<_> = text.chars().collect();
        let (parts, _) = line.wrapped(characters / 2.0);
        parts.into_iter().map(|part| all[part].iter().collect()).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_before_identifiers() {
        assert_eq!(wrapped("Chè Shan Tuyết", 9.0), ["Chè Shan", "Tuyết"]);
        assert_eq!(wrapped("(01)0893(10)L1", 9.0), ["(01)0893", "(10)L1"]);
        assert_eq!(wrapped("ngắn", 9.0), ["ngắn"]);
        assert_eq!(wrapped("  ", 9.0), [""; 0]);
    }

    #[test]
    fn it_is_told_when_a_word_was_cut() {
        assert!(line("Chè Shan Tuyết").wrapped(4.5).1);
        assert!(!line("Chè Shan Tuyết").wrapped(2.0).1);
    }

    #[test]
    fn a_word_wider_than_the_room_is_cut_and_nothing_is_lost() {
        assert_eq!(wrapped("7K3M9Q2XWPA4", 5.0), ["7K3M9", "Q2XWP", "A4"]);
        assert_eq!(wrapped("abc", 0.1), ["a", "b", "c"]);
    }
}
