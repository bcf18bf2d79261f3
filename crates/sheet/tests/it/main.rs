//! Sheets rendered by poppler (`pdftoppm`, `pdftotext`) and read back by ZXing (`zxingcpp` of Python),
//! zbar (`zbarimg`) and libdmtx (`dmtxread`). Where a tool or the font is missing, a test says so and
//! passes, unless `NGUON_DECODERS=1` is set. `NGUON_PYTHON` names the Python that has `zxingcpp`.

mod carriers;
mod order;
mod paper;
mod tools;
