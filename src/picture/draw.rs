//! Lines, boxes and letters on a canvas.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform};

use super::Row;

const FONT: &[u8] = include_bytes!("DejaVuSans.ttf");

const WIDTH: f32 = 1200.0;
const MARGIN: f32 = 48.0;
/// Where the bars begin, how wide a level is, where the words begin.
const BARS: f32 = 420.0;
const LEVEL: f32 = 110.0;
const WORDS: f32 = BARS + 4.0 * LEVEL + 36.0;
const TOP: f32 = 168.0;
const ROW: f32 = 62.0;
const BAR: f32 = 16.0;

const INK: (u8, u8, u8) = (0x1b, 0x1f, 0x2a);
const SOFT: (u8, u8, u8) = (0x5b, 0x63, 0x73);
const RULE: (u8, u8, u8) = (0xd5, 0xd9, 0xe0);
const PROVED: (u8, u8, u8) = (0x1f, 0x4e, 0x8c);
const WANTED: (u8, u8, u8) = (0xb3, 0x4a, 0x00);

pub fn png(title: &str, date: &str, rows: &[Row]) -> Option<Vec<u8>> {
    let height = TOP + ROW * rows.len() as f32 + 96.0;
    let mut canvas = Canvas::new(WIDTH, height)?;
    canvas.text(MARGIN, 66.0, 34.0, INK, title);
    canvas.text(MARGIN, 104.0, 20.0, SOFT, date);
    for level in 0..=4u8 {
        let x = BARS + f32::from(level) * LEVEL;
        canvas.line((x, TOP - 14.0), (x, TOP + ROW * rows.len() as f32 - 10.0), RULE, 1.0);
        let label = level.to_string();
        let width = canvas.width(18.0, &label);
        canvas.text(x - width / 2.0, TOP - 22.0, 18.0, SOFT, &label);
    }
    for (row, place) in rows.iter().zip(0u8..) {
        let y = TOP + ROW * f32::from(place);
        draw_row(&mut canvas, row, y);
    }
    legend(&mut canvas, TOP + ROW * rows.len() as f32 + 40.0);
    canvas.0.encode_png().ok()
}

fn draw_row(canvas: &mut Canvas, row: &Row, y: f32) {
    let length = |level: u8| f32::from(level.min(4)) * LEVEL;
    let size = if canvas.width(24.0, &row.title) > BARS - MARGIN - 20.0 { 19.0 } else { 24.0 };
    canvas.text(MARGIN, y + 26.0, size, INK, &row.title);
    proved_bar(canvas, BARS, y + 2.0, length(row.proven));
    own_bar(canvas, BARS, y + 4.0 + BAR, length(row.own.unwrap_or(0)));
    wanted_mark(canvas, BARS + length(row.wanted), y - 2.0);
    let own = row.own.map_or("not rated".to_owned(), |level| format!("you say {level}"));
    let proven = if row.proven == 0 { "nothing proved".to_owned() } else { format!("{} proved", row.proven) };
    canvas.text(WORDS, y + 14.0, 18.0, INK, &format!("{} wanted, {own},", row.wanted));
    canvas.text(WORDS, y + 36.0, 18.0, INK, &proven);
}

/// Solid.
fn proved_bar(canvas: &mut Canvas, x: f32, y: f32, length: f32) {
    if length > 0.0 {
        canvas.fill(x, y, length, BAR, PROVED);
    }
}

/// An outline.
fn own_bar(canvas: &mut Canvas, x: f32, y: f32, length: f32) {
    if length > 0.0 {
        canvas.frame(x + 1.0, y + 1.0, length - 2.0, BAR - 2.0, PROVED);
    }
}

/// A dashed upright line with a foot.
fn wanted_mark(canvas: &mut Canvas, x: f32, y: f32) {
    canvas.dashes((x, y), (x, y + 2.0 * BAR + 10.0), WANTED, 4.0);
    canvas.line((x - 7.0, y + 2.0 * BAR + 10.0), (x + 7.0, y + 2.0 * BAR + 10.0), WANTED, 4.0);
}

fn legend(canvas: &mut Canvas, y: f32) {
    let mut x = MARGIN;
    wanted_mark(canvas, x + 8.0, y - 26.0);
    x = canvas.text(x + 28.0, y, 18.0, INK, "wanted for this rung") + 44.0;
    own_bar(canvas, x, y - 14.0, 48.0);
    x = canvas.text(x + 60.0, y, 18.0, INK, "what you say") + 44.0;
    proved_bar(canvas, x, y - 14.0, 48.0);
    canvas.text(x + 60.0, y, 18.0, INK, "what your cards prove");
}

struct Canvas(Pixmap);

impl Canvas {
    fn new(width: f32, height: f32) -> Option<Self> {
        let mut pixmap = Pixmap::new(width as u32, height as u32)?;
        pixmap.fill(Color::WHITE);
        Some(Self(pixmap))
    }

    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, colour: (u8, u8, u8)) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.0.fill_rect(rect, &paint(colour), Transform::identity(), None);
        }
    }

    fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, colour: (u8, u8, u8)) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.stroke(&PathBuilder::from_rect(rect), colour, Stroke { width: 3.0, ..Stroke::default() });
        }
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), colour: (u8, u8, u8), width: f32) {
        if let Some(path) = straight(from, to) {
            self.stroke(&path, colour, Stroke { width, ..Stroke::default() });
        }
    }

    fn dashes(&mut self, from: (f32, f32), to: (f32, f32), colour: (u8, u8, u8), width: f32) {
        if let Some(path) = straight(from, to) {
            let dash = StrokeDash::new(vec![7.0, 4.0], 0.0);
            self.stroke(&path, colour, Stroke { width, dash, ..Stroke::default() });
        }
    }

    fn stroke(&mut self, path: &Path, colour: (u8, u8, u8), stroke: Stroke) {
        self.0.stroke_path(path, &paint(colour), &stroke, Transform::identity(), None);
    }

    /// Writes a line, its letters standing on `y`, and says where it ends.
    fn text(&mut self, x: f32, y: f32, size: f32, colour: (u8, u8, u8), words: &str) -> f32 {
        let mut at = x;
        each_letter(size, words, |outline, advance| {
            if let Some(path) = outline {
                let place = Transform::from_row(1.0, 0.0, 0.0, -1.0, at, y);
                self.0.fill_path(&path, &paint(colour), FillRule::Winding, place, None);
            }
            at += advance;
        });
        at
    }

    fn width(&self, size: f32, words: &str) -> f32 {
        let mut width = 0.0;
        each_letter(size, words, |_, advance| width += advance);
        width
    }
}

/// Each letter's outline and how far it moves the pen. What the font lacks is its box for it.
fn each_letter(size: f32, words: &str, mut each: impl FnMut(Option<Path>, f32)) {
    let Ok(font) = FontRef::new(FONT) else { return };
    let size = Size::new(size);
    let metrics = font.glyph_metrics(size, LocationRef::default());
    let (letters, outlines) = (font.charmap(), font.outline_glyphs());
    for letter in words.chars() {
        let glyph = letters.map(letter).unwrap_or_default();
        let mut pen = Pen(PathBuilder::new());
        let path = outlines.get(glyph).and_then(|outline| {
            outline.draw(DrawSettings::unhinted(size, LocationRef::default()), &mut pen).ok()?;
            pen.0.finish()
        });
        each(path, metrics.advance_width(glyph).unwrap_or_default());
    }
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }
    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, cy0, cx1, cy1, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}

fn straight(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(from.0, from.1);
    builder.line_to(to.0, to.1);
    builder.finish()
}

fn paint(colour: (u8, u8, u8)) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(colour.0, colour.1, colour.2, 255);
    paint.anti_alias = true;
    paint
}
