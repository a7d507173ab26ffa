//! What a network does at one point, in f64: for a pointer to be told.

/// At a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The neurons that are on, layer by layer, from 0.
    pub on: Vec<Vec<usize>>,
    /// The outputs, one a class.
    pub outputs: Vec<f64>,
    /// The outputs' affine maps in the region around the point: a·x₁ + b·x₂ + c.
    pub maps: Vec<[f64; 3]>,
}

impl Look {
    /// At x₁ and x₂, of a network of these hidden widths and so many outputs: `weights` are layer by layer W by rows,
    /// then b. `None` if they are not as many as that takes.
    pub fn new(hidden: &[usize], outputs: usize, weights: &[f32], [x1, x2]: [f64; 2]) -> Option<Self> {
        let value = |[a, b, c]: [f64; 3]| a * x1 + b * x2 + c;
        let mut maps = vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        let mut rest = weights;
        let mut on = Vec::new();
        for (layer, &width) in hidden.iter().chain([&outputs]).enumerate() {
            let (matrix, after) = rest.split_at_checked(width * maps.len())?;
            let (bias, after) = after.split_at_checked(width)?;
            rest = after;
            let row = |(row, bias): (&[f32], &f32)| {
                let add = |sum: [f64; 3], (map, weight): (&[f64; 3], &f32)| {
                    [0, 1, 2].map(|index| sum[index] + f64::from(*weight) * map[index])
                };
                maps.iter().zip(row).fold([0.0, 0.0, f64::from(*bias)], add)
            };
            let mut next: Vec<[f64; 3]> = matrix.chunks(maps.len()).zip(bias).map(row).collect();
            if layer < hidden.len() {
                let is_on = |map: &[f64; 3]| value(*map) > 0.0;
                on.push((0..width).filter(|&neuron| is_on(&next[neuron])).collect());
                next.iter_mut().filter(|map| !is_on(map)).for_each(|map| *map = [0.0; 3]);
            }
            maps = next;
        }
        rest.is_empty().then(|| Self { on, outputs: maps.iter().map(|map| value(*map)).collect(), maps })
    }

    /// The class of the largest output, the first of several.
    pub fn class(&self) -> usize {
        let better = |best: usize, class: usize| if self.outputs[class] > self.outputs[best] { class } else { best };
        (0..self.outputs.len()).reduce(better).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_those_of_the_affine_map_of_the_neurons_that_are_on() {
        // relu(x₁ + 1), relu(−x₂); then 2·h₁ − h₂ + 0.5 and h₂.
        let weights = [1.0, 0.0, 0.0, -1.0, 1.0, 0.0, 2.0, -1.0, 0.0, 1.0, 0.5, 0.0];
        let look = Look::new(&[2], 2, &weights, [1.0, 3.0]).expect("fits");
        assert_eq!((look.on.clone(), look.outputs.clone()), (vec![vec![0]], vec![4.5, 0.0]));
        assert_eq!((look.maps.clone(), look.class()), (vec![[2.0, 0.0, 2.5], [0.0, 0.0, 0.0]], 0));
        let look = Look::new(&[2], 2, &weights, [-2.0, -3.0]).expect("fits");
        assert_eq!((look.on.clone(), look.outputs.clone(), look.class()), (vec![vec![1]], vec![-2.5, 3.0], 1));
        assert_eq!(Look::new(&[2], 2, &weights[1..], [0.0, 0.0]), None);
        assert_eq!(Look::new(&[3], 2, &weights, [0.0, 0.0]), None);
    }
}
