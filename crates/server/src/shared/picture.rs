//! Pictures at the door: believed only after decoding within limits, and written anew, so that
//! GPS position, device data and anything hidden behind the pixels never reach a reader.

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
};
use sha2::{Digest, Sha256};
use store::{Tx, params, sql};

use super::Fail;
use super::form::{Form, Upload};
use crate::app::App;

/// Longest edge kept, in pixels.
const EDGE: u32 = 1600;
/// Longest edge of the small form that lists and the scan page use.
const THUMB: u32 = 480;
/// Most pixels decoded: a bomb of a few kilobytes may claim billions.
const MOST_EDGE: u32 = 12_000;
const MOST_MEMORY: u64 = 192 * 1024 * 1024;

/// A picture fit to be shown to anyone.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub full: Vec<u8>,
    pub thumb: Vec<u8>,
    pub sha256: String,
}

/// Decodes, turns upright, shrinks and writes anew as JPEG. `None` if it is not a picture we take.
pub async fn clean(bytes: Vec<u8>) -> Result<Option<Picture>, Fail> {
    tokio::task::spawn_blocking(move || decode(&bytes)).await.map_err(Fail::internal)
}

fn decode(bytes: &[u8]) -> Option<Picture> {
    let mut reader = ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_EDGE);
    limits.max_image_height = Some(MOST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let upright = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(upright);
    let image = shrunk(image, EDGE);
    let full = written(&image, 82)?;
    let thumb = written(&shrunk(image.clone(), THUMB), 74)?;
    let sha256 =
        Sha256::digest(&full).iter().fold(String::new(), |out, byte| format!("{out}{byte:02x}"));
    Some(Picture { width: image.width(), height: image.height(), full, thumb, sha256 })
}

fn shrunk(image: DynamicImage, edge: u32) -> DynamicImage {
    if image.width().max(image.height()) <= edge { image } else { image.thumbnail(edge, edge) }
}

fn written(image: &DynamicImage, quality: u8) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(&image.to_rgb8()).ok()?;
    Some(out)
}

/// Takes the pictures sent under a name; notes a fault for each that is none.
pub async fn take(form: &mut Form, name: &str, most: usize) -> Result<Vec<Picture>, Fail> {
    let uploads: Vec<Upload> = form.files(name);
    if uploads.len() > most {
        let vi = format!("Nhiều nhất {most} ảnh mỗi lần gửi.");
        let en = format!("At most {most} pictures at a time.");
        form.fault(name, &vi, &en);
        return Ok(Vec::new());
    }
    let mut pictures = Vec::new();
    for upload in uploads {
        if let Some(picture) = clean(upload.bytes).await? {
            pictures.push(picture);
        } else {
            let vi = format!("“{}” không phải ảnh JPEG, PNG hoặc WebP đọc được.", upload.name);
            let en = format!("“{}” is not a readable JPEG, PNG or WebP picture.", upload.name);
            form.fault(name, &vi, &en);
        }
    }
    Ok(pictures)
}

/// What a picture belongs to.
#[derive(Clone, Copy)]
pub struct Subject {
    pub organisation: i64,
    /// `product`, `event`.
    pub kind: &'static str,
    pub id: i64,
}

/// Writes a picture into the register and returns its id (its address is `/pictures/{id}`).
pub async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    subject: Subject,
    ordinal: i64,
    picture: Picture,
) -> Result<i64, Fail> {
    let id = app.id();
    tx.execute(
        sql!(
            "INSERT INTO picture (id, organisation, subject_kind, subject, ordinal, width, height, sha256, full_image,
               thumbnail, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        &params![
            id,
            subject.organisation,
            subject.kind,
            subject.id,
            ordinal,
            i64::from(picture.width),
            i64::from(picture.height),
            picture.sha256,
            picture.full,
            picture.thumb,
            actor,
            app.now()
        ],
    )
    .await?;
    Ok(id)
}

/// The ids of a subject's pictures, in order.
pub async fn of_subject(app: &App, kind: &str, subject: i64) -> Result<Vec<i64>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT id FROM picture WHERE subject_kind = $1 AND subject = $2 ORDER BY ordinal, id"),
            &params![kind, subject],
        )
        .await?;
    rows.iter().map(|row| row.get(0).map_err(Fail::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(decode(b"<svg onload=alert(1)>").is_none());
        assert!(decode(b"\x89PNG\r\n\x1a\nnot really").is_none());
        assert!(decode(&[]).is_none());
    }

    #[test]
    fn a_bomb_that_claims_many_pixels_is_refused() {
        // A PNG header of 60,000 × 60,000 pixels, without the pixels.
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend(13u32.to_be_bytes());
        let mut header = b"IHDR".to_vec();
        header.extend(60_000u32.to_be_bytes());
        header.extend(60_000u32.to_be_bytes());
        header.extend([8, 2, 0, 0, 0]);
        png.extend(&header);
        png.extend(crc(&header).to_be_bytes());
        assert!(decode(&png).is_none());
    }

    #[test]
    fn position_and_device_data_do_not_survive() {
        let image = image::RgbImage::from_pixel(40, 30, image::Rgb([90, 120, 60]));
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&image).unwrap();
        let mut tagged = jpeg[..2].to_vec();
        let exif = b"Exif\0\0GPSLatitude 21.3856 Xiaomi";
        tagged.extend([0xFF, 0xE1]);
        tagged.extend((exif.len() as u16 + 2).to_be_bytes());
        tagged.extend(exif);
        tagged.extend(&jpeg[2..]);
        let picture = decode(&tagged).expect("a tagged JPEG is a picture");
        for bytes in [&picture.full, &picture.thumb] {
            assert!(!bytes.windows(4).any(|window| window == b"Exif" || window == b"Xiao"));
        }
        assert_eq!((picture.width, picture.height), (40, 30));
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        !crc
    }
}
