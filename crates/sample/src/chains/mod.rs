//! The chains of one copy, from field or barn to stall. Each file tells one kind; amounts, waiting days and order of time
//! hold as they would in the field, and the crate's tests replay them.

mod garden;
mod pork;
mod recall;
mod rice;
mod tea_coffee;

use crate::world::World;

pub(crate) fn add(world: &mut World<'_>) {
    rice::add(world);
    tea_coffee::add(world);
    garden::add(world);
    pork::add(world);
}
