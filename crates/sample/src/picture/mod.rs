//! Drawn pictures: calm, flat illustrations from a scene and a seed, so that a demonstration needs no photograph of anyone's
//! goods. [`canvas`] paints shapes given as distances, the other files compose them.

#![expect(
    clippy::many_single_char_names,
    reason = "coordinates, canvas and draws are short everywhere here"
)]

mod canvas;
mod harvest;
mod land;
mod pack;
mod shape;

use crate::rng::Draw;
use crate::scene::{PictureSpec, Scene};
use canvas::Canvas;

/// Draws a picture of 960 × 720 pixels as JPEG, below 60 kB, without metadata.
///
/// The same spec gives the same bytes.
pub fn picture(spec: PictureSpec) -> Vec<u8> {
    let mut draw = Draw::new(spec.seed, spec.scene as u64);
    let mut canvas = Canvas::new();
    let (c, d) = (&mut canvas, &mut draw);
    match spec.scene {
        Scene::RiceField => land::rice_field(c, d),
        Scene::TeaHill => land::tea_hill(c, d),
        Scene::Hives => land::hives(c, d),
        Scene::Pig => land::pig(c, d),
        Scene::RiceBag => pack::rice_bag(c, d),
        Scene::TeaPack => pack::tea_pack(c, d),
        Scene::CoffeeBag => pack::coffee_bag(c, d),
        Scene::HoneyJar => pack::honey_jar(c, d),
        Scene::MeatTray => harvest::meat_tray(c, d),
        Scene::Sausages => harvest::sausages(c, d),
        Scene::CoffeeCherries => harvest::coffee_cherries(c, d),
        Scene::Macadamia => harvest::macadamia(c, d),
        Scene::Greens => harvest::greens(c, d),
        Scene::Tomatoes => harvest::tomatoes(c, d),
    }
    canvas.jpeg()
}
