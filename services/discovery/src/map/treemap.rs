//! Squarified treemaps: rectangles whose areas are given numbers, as near to squares as their order allows (Bruls, Huizing
//! and van Wijk, 2000).

/// A rectangle, in the units of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) fn area(self) -> f64 {
        self.width * self.height
    }

    /// The same without a margin.
    pub(super) fn inset(self, by: f64) -> Self {
        let less = |length: f64| (length - 2.0 * by).max(0.0);
        Self { x: self.x + by, y: self.y + by, width: less(self.width), height: less(self.height) }
    }

    /// What is left below a strip at its top.
    pub(super) fn below(self, strip: f64) -> Self {
        Self { y: self.y + strip, height: (self.height - strip).max(0.0), ..self }
    }
}

/// A rectangle for each weight, in their order, which together fill the room. The largest should come first.
pub(super) fn squarify(weights: &[f64], room: Rect) -> Vec<Rect> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 || room.area() <= 0.0 {
        return vec![Rect { width: 0.0, height: 0.0, ..room }; weights.len()];
    }
    let areas: Vec<f64> = weights.iter().map(|weight| weight / total * room.area()).collect();
    let mut placed = Vec::with_capacity(areas.len());
    let (mut left, mut rest) = (room, &*areas);
    while !rest.is_empty() {
        let (row, after) = rest.split_at(row_length(rest, left.width.min(left.height)));
        left = place(row, left, &mut placed);
        rest = after;
    }
    placed
}

/// How many of the areas stand in the next row along a side: as many as make its worst rectangle better.
fn row_length(areas: &[f64], side: f64) -> usize {
    let (mut sum, mut least, mut most, mut best) = (0.0, f64::MAX, 0.0_f64, f64::MAX);
    for (at, area) in areas.iter().enumerate() {
        (sum, least, most) = (sum + area, least.min(*area), most.max(*area));
        let (thickness, least) = ((sum / side).powi(2), least.max(f64::MIN_POSITIVE));
        let worst = (most / thickness).max(thickness / least);
        if worst > best {
            return at;
        }
        best = worst;
    }
    areas.len()
}

/// Places a row along the shorter side of the room, and returns the room that is left.
fn place(row: &[f64], room: Rect, placed: &mut Vec<Rect>) -> Rect {
    let sum: f64 = row.iter().sum();
    let is_column = room.width >= room.height;
    let side = if is_column { room.height } else { room.width };
    let thickness = if side > 0.0 { sum / side } else { 0.0 };
    let mut along = 0.0;
    for area in row {
        let length = if sum > 0.0 { area / sum * side } else { 0.0 };
        placed.push(if is_column {
            Rect { x: room.x, y: room.y + along, width: thickness, height: length }
        } else {
            Rect { x: room.x + along, y: room.y, width: length, height: thickness }
        });
        along += length;
    }
    if is_column {
        Rect { x: room.x + thickness, width: (room.width - thickness).max(0.0), ..room }
    } else {
        Rect { y: room.y + thickness, height: (room.height - thickness).max(0.0), ..room }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rect, squarify};
    use proptest::prelude::*;

    const ROOM: Rect = Rect { x: 10.0, y: 20.0, width: 600.0, height: 400.0 };

    #[test]
    fn the_example_of_the_paper_comes_out_as_in_the_paper() {
        let room = Rect { x: 0.0, y: 0.0, width: 6.0, height: 4.0 };
        let placed = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], room);
        let sizes: Vec<(f64, f64)> = placed.iter().map(|rect| (rect.width, rect.height)).collect();
        assert_eq!(&sizes[..2], [(3.0, 2.0), (3.0, 2.0)]);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(sizes[2].0, 12.0 / 7.0) && near(sizes[2].1, 7.0 / 3.0), "{sizes:?}");
        assert!(near(sizes[3].0, 9.0 / 7.0) && near(sizes[3].1, 7.0 / 3.0), "{sizes:?}");
    }

    #[test]
    fn without_weight_or_room_nothing_has_an_area() {
        assert!(squarify(&[], ROOM).is_empty());
        assert!(squarify(&[0.0, 0.0], ROOM).iter().all(|rect| rect.area() == 0.0));
        assert!(squarify(&[1.0], ROOM.inset(300.0)).iter().all(|rect| rect.area() == 0.0));
    }

    proptest! {
        #[test]
        fn areas_are_the_weights_and_nothing_overlaps(mut weights in prop::collection::vec(0.5..1e5_f64, 1..60)) {
            weights.sort_by(|a, b| b.total_cmp(a));
            let total: f64 = weights.iter().sum();
            let placed = squarify(&weights, ROOM);
            prop_assert_eq!(placed.len(), weights.len());
            for (at, (rect, weight)) in placed.iter().zip(&weights).enumerate() {
                let share = weight / total;
                prop_assert!((rect.area() / ROOM.area() - share).abs() < 1e-9);
                let (right, bottom) = (ROOM.x + ROOM.width + 1e-6, ROOM.y + ROOM.height + 1e-6);
                prop_assert!(rect.x >= ROOM.x && rect.x + rect.width <= right, "{:?}", rect);
                prop_assert!(rect.y >= ROOM.y && rect.y + rect.height <= bottom, "{:?}", rect);
                for other in &placed[..at] {
                    let wide = (rect.x + rect.width).min(other.x + other.width) - rect.x.max(other.x);
                    let high = (rect.y + rect.height).min(other.y + other.height) - rect.y.max(other.y);
                    prop_assert!(wide < 1e-6 || high < 1e-6, "{:?} {:?}", rect, other);
                }
            }
        }
    }
}
