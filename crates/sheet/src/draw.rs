//! The PDF itself: pages, symbols as paths, text as glyphs, marks and footer.

use krilla::geom::{PathBuilder, Point, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};
use stamp::Lang;
use stamp::carrier::Quiet;

use crate::face::{Face, MM_A_POINT};
use crate::layout::Pages;
use crate::press::Press;
use crate::{Printed, Sheet, SheetError, StampFace};

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
    let mut drawing = Drawing { order, pages, count, press: Press::new(font)? };
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
    let press = drawing.press;
    let warnings = press.warnings();
    Ok(Printed { bytes, pages: count, module_mm: press.module_mm, warnings })
}

fn points(mm: f64) -> f32 {
    (mm / MM_A_POINT) as f32
}

struct Drawing<'a> {
    order: &'a Sheet,
    pages: Pages,
    /// Number of pages.
    count: usize,
    press: Press<'a>,
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
        let face = self.press.face(number, self.pages.area(place), stamp)?;
        draw_symbol(surface, &face, stamp.symbology.quiet_zone());
        for piece in &face.text {
            surface.draw_glyphs(
                Point::from_xy(points(piece.at.0), points(piece.at.1)),
                &piece.line.glyphs[piece.glyphs.clone()],
                self.press.type_setter.font.clone(),
                &piece.line.text,
                piece.size as f32,
                false,
            );
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
        let setter = &mut self.press.type_setter;
        let right = setter.line(&right);
        let em = FOOTER_SIZE * MM_A_POINT;
        let width = right.width(0..right.glyphs.len()) * em;
        let left = setter.line(&self.order.title.join(" – "));
        let room = (area.width - width) / em - 1.0;
        let base = points(area.y + area.height);
        let font = &setter.font;
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
}

/// One path in modules under a scale, which keeps the file small and the edges exact. It starts at the
/// quiet zone's inner corner, so that corners of matrix symbols are small whole numbers.
fn draw_symbol(surface: &mut Surface<'_>, face: &Face, quiet: Quiet) {
    let module = face.drawing.x_mm();
    let (left, rows) = (f64::from(quiet.left), f64::from(quiet.rows));
    let scale = points(module);
    let (x, y) = (points(face.symbol.0 + left * module), points(face.symbol.1 + rows * module));
    let mut path = PathBuilder::new();
    for outline in face.drawing.outlines() {
        for (index, &(x, y)) in outline.iter().enumerate() {
            let (x, y) = ((x - left) as f32, (y - rows) as f32);
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
