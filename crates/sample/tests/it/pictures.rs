//! Drawn pictures.

use std::collections::HashSet;

use sample::{PictureSpec, Scene, picture};

use crate::province;

#[test]
fn every_scene_is_a_light_jpeg_of_the_promised_size() {
    for (seed, scene) in (0..).zip(Scene::ALL) {
        let jpeg = picture(PictureSpec { scene, seed });
        assert!(jpeg.len() < 60_000, "{scene:?}: {}", jpeg.len());
        assert!(jpeg.len() > 6_000, "{scene:?} is more than an empty sheet");
        let image = image::load_from_memory(&jpeg).expect("a JPEG").to_rgb8();
        assert_eq!(image.dimensions(), (960, 720));
        let colours: HashSet<_> = image.pixels().map(|pixel| pixel.0.map(|v| v / 16)).collect();
        assert!(colours.len() > 40, "{scene:?}");
    }
}

#[test]
fn a_spec_draws_one_picture_and_another_seed_another() {
    let spec = PictureSpec { scene: Scene::Tomatoes, seed: 5 };
    assert_eq!(picture(spec), picture(spec));
    assert_ne!(picture(spec), picture(PictureSpec { seed: 6, ..spec }));
}

#[test]
fn a_province_uses_every_scene() {
    let province = province(1);
    let products = province.products.iter().flat_map(|one| &one.pictures);
    let steps =
        province.lots.iter().flat_map(|lot| &lot.steps).filter_map(|step| step.picture.as_ref());
    let scenes: HashSet<_> = products.chain(steps).map(|spec| spec.scene).collect();
    assert_eq!(scenes.len(), Scene::ALL.len());
}
