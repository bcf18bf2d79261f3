//! Draws every scene into a folder: `cargo run -p sample --example draw -- <folder>`.

fn main() -> std::io::Result<()> {
    let folder =
        std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    for scene in sample::Scene::ALL {
        for seed in [1, 2] {
            let jpeg = sample::picture(sample::PictureSpec { scene, seed });
            std::fs::write(folder.join(format!("{scene:?}-{seed}.jpg")), jpeg)?;
        }
    }
    Ok(())
}
