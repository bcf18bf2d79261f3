//! The scan page.

/// Scans waiting to be written behind their answers.
#[derive(Default)]
pub struct ScanQueue;

/// Published records by lot.
#[derive(Default)]
pub struct LotCache;
