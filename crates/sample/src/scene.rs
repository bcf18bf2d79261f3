//! What a picture shows; drawing is `picture`'s.

/// Subjects of the drawn pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    /// Terraced rice fields before mountains.
    RiceField,
    /// A bag of rice with a bowl.
    RiceBag,
    /// Tea rows on a hill.
    TeaHill,
    /// A pack of tea with a cup.
    TeaPack,
    /// A branch of coffee cherries.
    CoffeeCherries,
    /// A bag of coffee with beans.
    CoffeeBag,
    /// Hives at the edge of a forest.
    Hives,
    /// A jar of honey.
    HoneyJar,
    /// A pig on a hillside.
    Pig,
    /// Pork on a tray.
    MeatTray,
    /// Sausages on a board.
    Sausages,
    /// Macadamia nuts in a bowl.
    Macadamia,
    /// Leafy vegetables in a basket.
    Greens,
    /// Round vegetables in a basket.
    Tomatoes,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::RiceField,
        Self::RiceBag,
        Self::TeaHill,
        Self::TeaPack,
        Self::CoffeeCherries,
        Self::CoffeeBag,
        Self::Hives,
        Self::HoneyJar,
        Self::Pig,
        Self::MeatTray,
        Self::Sausages,
        Self::Macadamia,
        Self::Greens,
        Self::Tomatoes,
    ];
}

/// What to draw: the same value draws the same picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureSpec {
    /// Subject.
    pub scene: Scene,
    /// Varies colours and arrangement.
    pub seed: u64,
}
