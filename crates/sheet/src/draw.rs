//! The PDF itself: pages, symbols as paths, text as glyphs, marks and footer.

use krilla::geom::{PathBuilder, Point, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};
use stamp::Lang;
use stamp::qr::{MIN_MODULE_MM, QUIET_ZONE, Symbol, encode};

use crate::face::{Face, MM_A_POINT};
use crate::layout::Pages;
use crate::text::Typesetter;
use crate::{LEVEL, Printed, Sheet, SheetError, StampFace, Warning};

/// Size of type in the footer, in points.
const FOOTER_SIZE: f64 = 8.0;
/// Width of cut marks, in millimetres.
const HAIRLINE: f64 = 0.1;

pub(crate) fn document(order: &Sheet, font: &[u8]) -> Result<Printed, SheetError> {
    if order.stamps.is_empty() {
        return Err(SheetError::Empty);
    }
    let pages = Pages::of(order.layout)?;
    let count = order.stamps.len().div_ceil(pages.stamps_a_page());
    let mut drawing = Drawing {
        order,
        pages,
        count,
        type_setter: Typesetter::new(font)?,
        module_mm: f64::INFINITY,
        small: 0,
        cut: None,
        missing: None,
    };
    let mut document = Document::new_with(SerializeSettings {
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new().title(order.title.join(" – ")).language(order.lang.tag().to_owned()),
    );
    for (index, stamps) in order.stamps.chunks(pages.stamps_a_page()).enumerate() {
        let (width, height) = (points(pages.width), points(pages.height));
        let settings = PageSettings::from_wh(width, height)
            .ok_or(SheetError::Size { width_mm: pages.width, height_mm: pages.height })?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        drawing.page(&mut surface, index, stamps)?;
        surface.finish();
        page.finish();
    }
    let bytes = document.finish().map_err(|error| SheetError::Pdf(format!("{error:?}")))?;
    Ok(Printed { bytes, pages: count, module_mm: drawing.module_mm, warnings: drawing.warnings() })
}

fn points(mm: f64) -> f32 {
    (mm / MM_A_POINT) as f32
}

struct Drawing<'a> {
    order: &'a Sheet,
    pages: Pages,
    /// Number of pages.
    count: usize,
    type_setter: Typesetter<'a>,
    /// Narrowest modules so far.
    module_mm: f64,
    small: usize,
    /// First stamp with text cut, and their number.
    cut: Option<(usize, usize)>,
    /// First character without a glyph, and the stamps that miss one.
    missing: Option<(char, usize)>,
}

impl Drawing<'_> {
    fn page(
        &mut self,
        surface: &mut Surface<'_>,
        page: usize,
        stamps: &[StampFace],
    ) -> Result<(), SheetError> {
        surface.set_fill(Some(Fill::default()));
        for (place, stamp) in stamps.iter().enumerate() {
            let number = page * self.pages.stamps_a_page() + place;
            self.stamp(surface, number, place, stamp)?;
        }
        self.footer(surface, page);
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { width: points(HAIRLINE), ..Stroke::default() }));
        for [from, to] in self.pages.marks(stamps.len()) {
            let mut path = PathBuilder::new();
            path.move_to(points(from.0), points(from.1));
            path.line_to(points(to.0), points(to.1));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        surface.set_stroke(None);
        Ok(())
    }

    fn stamp(
        &mut self,
        surface: &mut Surface<'_>,
        number: usize,
        place: usize,
        stamp: &StampFace,
    ) -> Result<(), SheetError> {
        let symbol = encode(&stamp.link, LEVEL)
            .map_err(|source| SheetError::Link { stamp: number, source })?;
        let lines: Vec<_> = stamp.lines.iter().map(|line| self.type_setter.line(line)).collect();
        let face = Face::of(self.pages.area(place), &symbol, &lines);
        draw_symbol(surface, &symbol, &face);
        for piece in &face.text {
            surface.draw_glyphs(
                Point::from_xy(points(piece.at.0), points(piece.at.1)),
                &piece.line.glyphs[piece.glyphs.clone()],
                self.type_setter.font.clone(),
                &piece.line.text,
                face.size as f32,
                false,
            );
        }
        self.module_mm = self.module_mm.min(face.module_mm);
        self.small += usize::from(face.module_mm < MIN_MODULE_MM - 1e-9);
        if face.cut {
            self.cut = Some(self.cut.map_or((number, 1), |(first, count)| (first, count + 1)));
        }
        if let Some(character) = lines.iter().find_map(|line| line.missing) {
            let (first, count) = self.missing.unwrap_or((character, 0));
            self.missing = Some((first, count + 1));
        }
        Ok(())
    }

    fn footer(&mut self, surface: &mut Surface<'_>, page: usize) {
        let Some(area) = self.pages.footer else { return };
        let word = match self.order.lang {
            Lang::Vi => "Trang",
            Lang::En => "Page",
        };
        let right = format!("{} – {word} {}/{}", self.order.date, page + 1, self.count);
        let right = self.type_setter.line(&right);
        let em = FOOTER_SIZE * MM_A_POINT;
        let width = right.width(0..right.glyphs.len()) * em;
        let left = self.type_setter.line(&self.order.title.join(" – "));
        let room = (area.width - width) / em - 1.0;
        let base = points(area.y + area.height);
        let font = &self.type_setter.font;
        // Only as much of the title as the line holds; the whole of it is the document's title.
        if let Some(part) = left.wrapped(room).0.into_iter().next() {
            let at = Point::from_xy(points(area.x), base);
            let glyphs = &left.glyphs[part];
            surface.draw_glyphs(at, glyphs, font.clone(), &left.text, FOOTER_SIZE as f32, false);
        }
        let at = Point::from_xy(points(area.x + area.width - width), base);
        let glyphs = &right.glyphs;
        surface.draw_glyphs(at, glyphs, font.clone(), &right.text, FOOTER_SIZE as f32, false);
    }

    fn warnings(&self) -> Vec<Warning> {
        let small = (self.small > 0)
            .then_some(Warning::SmallModule { module_mm: self.module_mm, stamps: self.small });
        let cut = self.cut.map(|(first, stamps)| Warning::TextCut { first, stamps });
        let missing =
            self.missing.map(|(character, stamps)| Warning::MissingGlyph { character, stamps });
        [small, cut, missing].into_iter().flatten().collect()
    }
}

/// One path in whole modules under a scale, which keeps the file small and the edges exact.
fn draw_symbol(surface: &mut Surface<'_>, symbol: &Symbol, face: &Face) {
    let module = face.module_mm;
    let quiet = QUIET_ZONE as f64 * module;
    let scale = points(module);
    let (x, y) = (points(face.symbol.0 + quiet), points(face.symbol.1 + quiet));
    let mut path = PathBuilder::new();
    for outline in symbol.outlines() {
        for (index, &(x, y)) in outline.iter().enumerate() {
            let (x, y) = (x as f32, y as f32);
            if index == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        path.close();
    }
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x, y));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.pop();
}
