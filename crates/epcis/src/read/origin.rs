//! Where a text comes from, so that each fault stands at its line and column of what people see.

use crate::fault::{Place, position};

/// Where a JSON text comes from: itself, an XML document that it was translated from, or either with parts cut out.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'t> {
    /// What people see and count lines in.
    pub(crate) bytes: &'t [u8],
    /// Offsets of the JSON text, ascending, and those of `bytes` that they come from.
    pub(crate) map: Option<&'t [(u32, u32)]>,
    /// Where `bytes` are not one piece of the input, or not its beginning.
    pub(crate) cuts: &'t [Cut],
}

/// From `offset` on, the bytes are those that stand at `place` of the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) offset: usize,
    pub(crate) place: Place,
}

impl<'t> Origin<'t> {
    pub(crate) fn whole(bytes: &'t [u8]) -> Self {
        Self { bytes, map: None, cuts: &[] }
    }

    /// The place of an offset of the JSON text.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let Some(map) = self.map else { return self.place(offset) };
        let after = map.partition_point(|(json, _)| *json as usize <= offset);
        let from = after.checked_sub(1).map_or(0, |index| map[index].1);
        self.place(from as usize)
    }

    /// The place of an offset of `bytes`.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let after = self.cuts.partition_point(|cut| cut.offset <= offset);
        let Some(cut) = after.checked_sub(1).map(|index| self.cuts[index]) else {
            return position(self.bytes, offset);
        };
        let mut place = cut.place;
        let end = offset.min(self.bytes.len());
        place.pass(self.bytes.get(cut.offset..end).unwrap_or_default());
        (place.line, place.column)
    }
}
