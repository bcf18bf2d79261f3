//! Sheets rendered by poppler (`pdftoppm`, `pdftotext`) and read back by zbar (`zbarimg`). Where a
//! tool or the font is missing, a test says so and passes, unless `NGUON_DECODERS=1` is set.

mod order;
mod paper;
mod tools;
