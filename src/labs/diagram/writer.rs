//! The drawing as a file: SVG.

use plotters::style::RGBColor;

use super::{Layout, NodePlot, name, width_px};
use crate::labs::highlight::{Neuron, Part};
use crate::labs::parameters::Parameters;
use crate::plot::Theme;

fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The network as an SVG picture of its own: edges with their weights, nodes with their plots. A weight below 0 is dashed,
/// and one of 0 dotted.
pub fn to_svg(layout: &Layout, parameters: &Parameters, plots: &[Vec<NodePlot>], theme: &Theme) -> String {
    let (width, height) = layout.size;
    let [paper, ink, blue, orange] = [theme.paper, theme.ink, theme.function, theme.kink].map(hex);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" text-anchor=\"middle\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n"
    );
    let mut put = |line: std::fmt::Arguments| {
        svg += &line.to_string();
        svg.push('\n');
    };
    for edge in &layout.edges {
        let weight = parameters.get(edge.place).unwrap_or_default();
        let (colour, dashes) = match weight.to_f64() {
            0.0 => (&ink, " stroke-dasharray=\"1 4\" opacity=\"0.5\""),
            weight if weight < 0.0 => (&orange, " stroke-dasharray=\"6 4\""),
            _ => (&blue, ""),
        };
        let thick = width_px(weight.to_f64()) * edge.thinness;
        put(format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{thick:.2}\"{dashes}/>",
            edge.path()
        ));
        if let Some((x, y)) = edge.label {
            let text = weight.to_string().replace('-', "−");
            put(format_args!(
                "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{ink}\" stroke=\"{paper}\" stroke-width=\"4\" \
                 paint-order=\"stroke\">{text}</text>",
                y + 4.0
            ));
        }
    }
    for node in &layout.nodes {
        let ((x, y), half) = (node.at, node.half);
        let plot = match node.part {
            Part::Neuron(Neuron { layer, row }) => plots.get(layer).and_then(|rows| rows.get(row)),
            Part::Output => plots.last().and_then(|rows| rows.first()),
            _ => None,
        };
        let Some(plot) = plot else {
            put(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{half:.1}\" fill=\"{paper}\" stroke=\"{ink}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{ink}\" font-style=\"italic\">{}</text>",
                y + 4.0,
                name(node.part, parameters.inputs())
            ));
            continue;
        };
        let (corner, side) = ((x - half, y - half), 2.0 * half);
        let (line, filled) = plot.paths(corner, side);
        let opacity = if plot.is_dead { 0.35 } else { 1.0 };
        put(format_args!(
            "<g opacity=\"{opacity}\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" rx=\"4\" \
             fill=\"{paper}\" stroke=\"{ink}\"/><path d=\"{filled}\" fill=\"{blue}\" opacity=\"0.15\"/>\
             <path d=\"{line}\" fill=\"none\" stroke=\"{blue}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/></g>",
            corner.0, corner.1
        ));
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::super::plots;
    use super::*;
    use crate::labs::function::network::NetworkLab;
    use crate::piecewise::Pieces;

    #[test]
    fn the_file_has_every_edge_and_node() {
        let lab = NetworkLab::default();
        let plots = plots(&lab, Some(&Pieces::of(&lab.net())));
        let svg = to_svg(&Layout::new(1, &lab.hidden(), 700.0), lab.parameters(), &plots, &Theme::LIGHT);
        assert_eq!(svg.matches("<circle").count(), 1);
        assert_eq!(svg.matches("<g ").count(), 4);
        // Two weights are below 0: one of each matrix.
        assert_eq!(svg.matches("stroke-dasharray=\"6 4\"").count(), 2);
        assert_eq!(svg.matches("<path").count(), 6 + 2 * 4);
        assert!(svg.contains(">−2</text>") && svg.ends_with("</svg>\n"));
    }
}
