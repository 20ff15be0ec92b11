//! The treemap as SVG. It is drawn twice, for wide and for narrow screens, so that its words have the same size on both and
//! nothing has to be computed where it is read.

use super::heat::{class, words};
use super::html::{fitting, fitting_end, last, text};
use super::parts::{Part, Piece, name, said};
use super::treemap::{Rect, squarify};
use crate::model::Model;
use crate::query::text::{number, plural};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// One of the two drawings. Lengths are pixels where the drawing is as wide as it was made for.
pub(super) struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    /// Most files that have a cell of their own.
    files: usize,
}

pub(super) const WIDE: Frame = Frame { class: "wide", width: 1200.0, height: 640.0, files: 2500 };
pub(super) const TALL: Frame = Frame { class: "tall", width: 358.0, height: 620.0, files: 1000 };

/// The smallest area of a file's own cell; what is smaller is gathered.
const SMALLEST: f64 = 40.0;
/// Height of the strip with a component's name.
const STRIP: f64 = 20.0;
/// From this size on a component shows its files.
const ROOM_FOR_FILES: (f64, f64) = (36.0, 44.0);
/// Sizes of the words in the strips and in the cells.
const STRIP_WORDS: f64 = 12.0;
/// How much wider than others bold words are.
const BOLD: f64 = 1.12;
const CELL_WORDS: f64 = 11.0;
/// From the edge of a cell to its words.
const PAD: f64 = 5.0;

/// The zone of each file: its place on the page, and what is said of it.
pub(super) type Zoned = FxHashMap<u32, (usize, String)>;

struct Drawing<'a> {
    model: &'a Model,
    zoned: &'a Zoned,
    /// Fewest lines of a file with a cell of its own.
    fewest: u32,
    out: String,
}

/// The drawing of these components.
pub(super) fn drawing(model: &Model, parts: &[Part<'_>], zoned: &Zoned, frame: &Frame) -> String {
    let mut sizes: Vec<u32> = parts.iter().flat_map(|part| &part.pieces).map(|piece| piece.lines).collect();
    sizes.sort_unstable_by_key(|lines| Reverse(*lines));
    let fewest = sizes.get(frame.files).map_or(0, |lines| lines + 1);
    let Frame { class, width, height, .. } = frame;
    let mut drawing = Drawing { model, zoned, fewest, out: String::new() };
    let _ = writeln!(
        drawing.out,
        "<svg class=\"treemap {class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Components by lines of code \
         and heat\">"
    );
    let weights: Vec<f64> = parts.iter().map(|part| part.lines as f64).collect();
    let room = Rect { x: 0.0, y: 0.0, width: *width, height: *height };
    for (part, rect) in parts.iter().zip(squarify(&weights, room)) {
        drawing.part(part, rect.inset(1.5));
    }
    drawing.out.push_str("</svg>\n");
    drawing.out
}

impl Drawing<'_> {
    fn part(&mut self, part: &Part<'_>, rect: Rect) {
        let has_room = rect.width >= ROOM_FOR_FILES.0 && rect.height >= ROOM_FOR_FILES.1;
        let strip = Rect { height: if has_room { STRIP } else { rect.height }, ..rect };
        let title = said(self.model, part);
        self.out.push_str("<g class=\"component\">\n");
        let _ = writeln!(self.out, "<rect class=\"ground\"{}/>", at(rect));
        self.open(&format!("part {}", class(part.heat)), "", &title);
        let _ = write!(self.out, "<rect{}/>", at(strip));
        self.strip_words(part, strip);
        self.out.push_str("</g>\n");
        if has_room {
            self.files(part, rect.below(STRIP));
        }
        self.out.push_str("</g>\n");
    }

    /// The component's name, and its lines where there is room for both.
    fn strip_words(&mut self, part: &Part<'_>, strip: Rect) {
        if strip.height < STRIP_WORDS + 2.0 {
            return;
        }
        let name = name(self.model, part.component);
        let room = strip.width - 2.0 * PAD;
        let Some(shown) = fitting_end(name, STRIP_WORDS * BOLD, room) else { return };
        let (x, y) = (strip.x + PAD, strip.y + STRIP_WORDS + 2.0);
        let lines = number(part.lines);
        let with_lines =
            fitting(&format!("{shown}  {lines}"), STRIP_WORDS * BOLD, room).filter(|it| it.ends_with(&*lines));
        let beside = if with_lines.is_some() && shown == name {
            format!("<tspan class=\"lines\" dx=\"7\">{lines}</tspan>")
        } else {
            String::new()
        };
        let _ = write!(self.out, "<text x=\"{x:.1}\" y=\"{y:.1}\">{}{beside}</text>", text(&shown));
    }

    fn files(&mut self, part: &Part<'_>, room: Rect) {
        let scale = room.area() / part.lines.max(1) as f64;
        let is_large = |piece: &&Piece| piece.lines >= self.fewest && f64::from(piece.lines) * scale >= SMALLEST;
        let large = part.pieces.iter().take_while(is_large).count();
        // One file less is no gain.
        let shown = if large + 1 >= part.pieces.len() { part.pieces.len() } else { large };
        let (own, rest) = part.pieces.split_at_checked(shown).unwrap_or((&part.pieces, &[]));
        let mut weights: Vec<f64> = own.iter().map(|piece| f64::from(piece.lines)).collect();
        let gathered: u64 = rest.iter().map(|piece| u64::from(piece.lines)).sum();
        weights.extend((gathered > 0).then_some(gathered as f64));
        let placed = squarify(&weights, room);
        for (piece, rect) in own.iter().zip(&placed) {
            self.file(part, piece, rect.inset(0.5));
        }
        if let Some(rect) = placed.get(own.len()) {
            self.rest(rest, gathered, rect.inset(0.5));
        }
    }

    fn file(&mut self, part: &Part<'_>, piece: &Piece, rect: Rect) {
        let path = self.model.path(piece.file);
        let mut title = vec![
            path.to_owned(),
            format!("{} of code in {}", plural(piece.lines.into(), "line"), name(self.model, part.component)),
        ];
        let churn = self.model.history.as_ref().and_then(|history| history.files.get(piece.file as usize));
        let heat = words(piece.heat);
        title.push(match churn.map(|churn| churn.lately) {
            Some((changes, repairs)) => format!(
                "{heat}; {} and {} in the last year",
                plural(changes.into(), "change"),
                if repairs == 1 { "1 fix".to_owned() } else { format!("{} fixes", number(repairs.into())) }
            ),
            None => heat,
        });
        let mut zone = String::new();
        if let Some((place, said)) = self.zoned.get(&piece.file) {
            title.push(said.clone());
            zone = format!(" data-zone=\"{place}\"");
        }
        self.open(&format!("file {}", class(piece.heat)), &zone, &title);
        let _ = write!(self.out, "<rect{}/>", at(rect));
        let name = last(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.cell_words(&[name, stem], rect);
        self.out.push_str("</g>\n");
    }

    fn rest(&mut self, rest: &[Piece], lines: u64, rect: Rect) {
        let label = format!("{} more", number(rest.len() as u64));
        let title = [
            format!("{} more files", number(rest.len() as u64)),
            format!("{} of code in files too small to be drawn one by one", plural(lines, "line")),
        ];
        self.open("rest hx", "", &title);
        let _ = write!(self.out, "<rect{}/>", at(rect));
        self.cell_words(&[&label], rect);
        self.out.push_str("</g>\n");
    }

    fn open(&mut self, class: &str, more: &str, title: &[String]) {
        let title: Vec<String> = title.iter().map(|line| text(line)).collect();
        let _ = write!(self.out, "<g class=\"cell {class}\"{more}><title>{}</title>", title.join("\n"));
    }

    /// The first of some names that fits whole, else the last one cut.
    fn cell_words(&mut self, names: &[&str], rect: Rect) {
        if rect.height < CELL_WORDS + 4.0 {
            return;
        }
        let fitted = |name: &&str| fitting(name, CELL_WORDS, rect.width - 2.0 * PAD);
        let whole = names.iter().find(|name| fitted(name).as_deref() == Some(**name));
        let Some(shown) = whole.or(names.last()).and_then(fitted) else { return };
        let (x, y) = (rect.x + PAD, rect.y + CELL_WORDS + 3.0);
        let _ = write!(self.out, "<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", text(&shown));
    }
}

fn at(rect: Rect) -> String {
    let Rect { x, y, width, height } = rect;
    format!(" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"")
}
