//! Convex faces of the plane, relatively open, cut by lines in exact arithmetic.
//!
//! Points are homogeneous with integer coordinates: (x, y, w) with w > 0 is the point (x/w, y/w), and (x, y, 0)
//! is the direction (x, y), a point at infinity. A face is the set of positive combinations of its vertices, so
//! segments, rays, bounded and unbounded cells are one thing. All faces here lie in a closed quadrant, so each has
//! at least one vertex that is a point.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{Rational, to_f64};

/// A point of the plane, or a direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vertex {
    x: BigInt,
    y: BigInt,
    /// Never negative; 0 for a direction.
    w: BigInt,
}

/// `a·x + b·y + c`, up to a positive factor that the owner knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affine {
    /// Of x.
    pub a: BigInt,
    /// Of y.
    pub b: BigInt,
    /// Constant.
    pub c: BigInt,
}

/// A relatively open convex set, given by its vertices: one for a point, two for a segment or ray, three or more,
/// in order round the border, for a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    vertices: Vec<Vertex>,
}

/// The parts of a face where an affine function is negative, zero and positive. A part may be empty.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where it is below 0.
    pub negative: Option<Face>,
    /// Where it is 0.
    pub zero: Option<Face>,
    /// Where it is above 0.
    pub positive: Option<Face>,
}

impl Vertex {
    /// The point (x, y).
    pub fn point(x: i64, y: i64) -> Self {
        Self { x: x.into(), y: y.into(), w: BigInt::one() }
    }

    /// The direction (x, y).
    pub fn direction(x: i64, y: i64) -> Self {
        Self { x: x.into(), y: y.into(), w: BigInt::zero() }
    }

    /// Whether it is a direction.
    pub fn is_direction(&self) -> bool {
        self.w.is_zero()
    }

    /// Coordinates for drawing: of the point, or of the direction, scaled to length 1.
    pub fn to_f64(&self) -> (f64, f64) {
        if self.is_direction() {
            let (x, y) = (self.x.to_f64().unwrap_or(0.0), self.y.to_f64().unwrap_or(0.0));
            let length = x.hypot(y);
            if length.is_finite() && length > 0.0 { (x / length, y / length) } else { (0.0, 0.0) }
        } else {
            let coordinate = |value: &BigInt| to_f64(&Rational::new(value.clone(), self.w.clone()));
            (coordinate(&self.x), coordinate(&self.y))
        }
    }

    /// The positive combination `p·self + q·other`, in lowest terms.
    fn combine(&self, p: &BigInt, other: &Self, q: &BigInt) -> Self {
        let sum = |a: &BigInt, b: &BigInt| a * p + b * q;
        Self { x: sum(&self.x, &other.x), y: sum(&self.y, &other.y), w: sum(&self.w, &other.w) }.reduced()
    }

    fn reduced(mut self) -> Self {
        let common = self.x.gcd(&self.y).gcd(&self.w);
        if common > BigInt::one() {
            self.x /= &common;
            self.y /= &common;
            self.w /= &common;
        }
        self
    }
}

impl Affine {
    /// The constant 0.
    pub fn zero() -> Self {
        Self { a: BigInt::zero(), b: BigInt::zero(), c: BigInt::zero() }
    }

    /// Its value at a vertex, times w: for a direction, the rate of change along it.
    pub fn at(&self, vertex: &Vertex) -> BigInt {
        &self.a * &vertex.x + &self.b * &vertex.y + &self.c * &vertex.w
    }
}

impl Face {
    /// The face that these vertices span, in order round the border.
    pub fn new(vertices: Vec<Vertex>) -> Self {
        Self { vertices }
    }

    /// Its vertices: points and directions.
    pub fn vertices(&self) -> &[Vertex] {
        &self.vertices
    }

    /// 0 for a point, 1 for a segment or ray, 2 for a cell.
    pub fn dimension(&self) -> usize {
        self.vertices.len().min(3) - 1
    }

    /// A point of the face, inside it.
    pub fn inner_point(&self) -> [Rational; 2] {
        // Points with equal weights, directions as they are: any positive combination will do.
        let common = self.vertices.iter().filter(|v| !v.is_direction()).fold(BigInt::one(), |lcm, v| lcm.lcm(&v.w));
        let (mut x, mut y, mut w) = (BigInt::zero(), BigInt::zero(), BigInt::zero());
        for vertex in &self.vertices {
            let factor = if vertex.is_direction() { common.clone() } else { &common / &vertex.w };
            x += &vertex.x * &factor;
            y += &vertex.y * &factor;
            w += &vertex.w * &factor;
        }
        [Rational::new(x, w.clone()), Rational::new(y, w)]
    }

    /// Cuts the face along an affine function's zeros.
    pub fn split(self, by: &Affine) -> Parts {
        let values: Vec<BigInt> = self.vertices.iter().map(|vertex| by.at(vertex)).collect();
        let (has_negative, has_positive) =
            (values.iter().any(BigInt::is_negative), values.iter().any(BigInt::is_positive));
        match (has_negative, has_positive) {
            (false, false) => Parts { negative: None, zero: Some(self), positive: None },
            // Of one sign at the vertices, and not 0 at all of them: of that sign all over the open face.
            (true, false) => Parts { negative: Some(self), zero: None, positive: None },
            (false, true) => Parts { negative: None, zero: None, positive: Some(self) },
            (true, true) => self.cut(&values),
        }
    }

    fn cut(self, values: &[BigInt]) -> Parts {
        let (mut negative, mut zero, mut positive) = (Vec::new(), Vec::new(), Vec::new());
        let count = self.vertices.len();
        for (index, vertex) in self.vertices.iter().enumerate() {
            let value = &values[index];
            if value.is_zero() {
                negative.push(vertex.clone());
                zero.push(vertex.clone());
                positive.push(vertex.clone());
            } else if value.is_negative() {
                negative.push(vertex.clone());
            } else {
                positive.push(vertex.clone());
            }
            // A segment has one edge, a cell as many as vertices.
            let next = (index + 1) % count;
            let is_edge = count > 2 || index == 0;
            let crosses =
                value.is_negative() && values[next].is_positive() || value.is_positive() && values[next].is_negative();
            if is_edge && crosses {
                let between = vertex.combine(&values[next].abs(), &self.vertices[next], &value.abs());
                negative.push(between.clone());
                zero.push(between.clone());
                positive.push(between);
            }
        }
        let face = |vertices: Vec<Vertex>| (!vertices.is_empty()).then_some(Self { vertices });
        Parts { negative: face(negative), zero: face(zero), positive: face(positive) }
    }

    /// The border as points for drawing; directions are followed for `far`.
    pub fn outline(&self, far: f64) -> Vec<(f64, f64)> {
        let count = self.vertices.len();
        let mut outline = Vec::new();
        for (index, vertex) in self.vertices.iter().enumerate() {
            let (x, y) = vertex.to_f64();
            if !vertex.is_direction() {
                outline.push((x, y));
                continue;
            }
            let neighbours =
                if count == 2 { vec![1 - index] } else { vec![(index + count - 1) % count, (index + 1) % count] };
            for neighbour in neighbours {
                let neighbour = &self.vertices[neighbour];
                if !neighbour.is_direction() {
                    let (from_x, from_y) = neighbour.to_f64();
                    outline.push((from_x + far * x, from_y + far * y));
                }
            }
        }
        outline
    }
}
