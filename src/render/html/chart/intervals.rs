//! Figures with their intervals on one axis, a row each.

use std::io;

use super::{dot, round_step};
use crate::render::html::block::percent;
use crate::render::html::escape::Escaped;
use crate::render::html::{Page, tone_class};
use crate::report::chart::{Axis, AxisUnit, Intervals, Span};
use crate::report::short_number;

impl Page<'_> {
    pub(super) fn intervals(&mut self, intervals: &Intervals) -> io::Result<()> {
        let Intervals { columns, axis, reference, legend, spans } = intervals;
        let reference = reference.as_ref();
        writeln!(self.out, "<div class=scroll><table class=\"bars spans\">")?;
        self.caption()?;
        write!(self.out, "<thead><tr>")?;
        for (position, column) in columns.iter().enumerate() {
            self.column(column)?;
            if position == 0 {
                write!(self.out, "<th scope=col class=w>{}<svg class=ticks aria-hidden=true>", Escaped(&axis.title))?;
                for tick in ticks(axis) {
                    let (x, label) = (percent(place(axis, tick)), written(axis.unit, tick));
                    write!(self.out, "<text x={x}% y=1em>{}</text>", Escaped(&label))?;
                }
                write!(self.out, "</svg>")?;
            }
        }
        writeln!(self.out, "<tbody>")?;
        let mut behind: String =
            ticks(axis).map(|tick| upright("l", &format!("{}%", percent(place(axis, tick))), "100%")).collect();
        if let Some((value, _)) = reference {
            behind += &upright("r", &format!("{}%", percent(place(axis, *value))), "100%");
        }
        for span in spans {
            write!(self.out, "<tr><th scope=row>")?;
            self.value(&span.label)?;
            write!(self.out, "<td class=w>")?;
            self.span(axis, span, &behind)?;
            for (position, figure) in span.figures.iter().enumerate() {
                self.cell(columns.get(position + 1))?;
                write!(self.out, ">")?;
                self.value(figure)?;
            }
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</table></div>")?;
        let tones = legend.iter().map(|(tone, label)| (dot(*tone), label.as_str()));
        self.key(tones.chain(reference.map(|(_, label)| (upright("r", "7", "14"), label.as_str()))))
    }

    /// A figure as a dot on the line of its interval. The figure stands behind it as text; the interval is told in words.
    fn span(&mut self, axis: &Axis, span: &Span, behind: &str) -> io::Result<()> {
        let class = tone_class(span.tone);
        let x = |value: f64| percent(place(axis, value));
        match span.ends {
            Some((low, high)) => {
                let ends = format!("{} to {}", written(axis.unit, low), written(axis.unit, high));
                write!(self.out, "<svg class=span role=img aria-label=\"{ends}\"><title>{ends}</title>{behind}")?;
                let (low, high) = (x(low), x(high));
                write!(self.out, "<line class={class} x1={low}% x2={high}% y1=50% y2=50% />")?;
            }
            None => write!(self.out, "<svg class=span aria-hidden=true>{behind}")?,
        }
        if let Some(point) = span.point {
            write!(self.out, "<circle class={class} cx={}% cy=50% r=5 />", x(point))?;
        }
        write!(self.out, "</svg>")
    }
}

/// A line from the top down.
fn upright(class: &str, x: &str, height: &str) -> String {
    format!("<line class={class} x1={x} x2={x} y2={height} />")
}

/// Where a value stands, in percent of the axis.
fn place(axis: &Axis, value: f64) -> f64 {
    (value - axis.from) / (axis.to - axis.from) * 100.0
}

/// The values that are written below an axis: round ones, at most six.
fn ticks(axis: &Axis) -> impl Iterator<Item = f64> + use<> {
    let (from, to) = (axis.from, axis.to);
    let step = round_step((to - from) / 5.0);
    let first = (from / step - 1e-9).ceil();
    (0..6).map(move |tick| (first + f64::from(tick)) * step).take_while(move |tick| *tick <= to + step * 1e-9)
}

fn written(unit: AxisUnit, value: f64) -> String {
    match unit {
        AxisUnit::Share => format!("{} %", short_number((value * 1000.0).round() / 10.0)),
        AxisUnit::Number => short_number(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64, unit: AxisUnit) -> Axis {
        Axis { title: String::new(), from, to, unit }
    }

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        for (from, to, unit, expected) in [
            (0.0, 1.0, AxisUnit::Share, "0 %, 20 %, 40 %, 60 %, 80 %, 100 %"),
            (0.0, 0.05, AxisUnit::Share, "0 %, 1 %, 2 %, 3 %, 4 %, 5 %"),
            (0.0, 0.65, AxisUnit::Share, "0 %, 20 %, 40 %, 60 %"),
            (0.4, 0.6, AxisUnit::Number, "0.4, 0.45, 0.5, 0.55, 0.6"),
            (0.3, 0.9, AxisUnit::Number, "0.4, 0.6, 0.8"),
            (0.0, 1.0, AxisUnit::Number, "0, 0.2, 0.4, 0.6, 0.8, 1"),
        ] {
            let axis = axis(from, to, unit);
            let found: Vec<String> = ticks(&axis).map(|tick| written(unit, tick)).collect();
            assert_eq!(found.join(", "), expected, "{from} to {to}");
        }
    }

    #[test]
    fn places_are_in_percent_of_the_axis() {
        let axis = axis(0.4, 0.8, AxisUnit::Number);
        for (value, expected) in [(0.4, "0"), (0.5, "25"), (0.8, "100"), (0.9, "100"), (0.1, "0")] {
            assert_eq!(percent(place(&axis, value)), expected, "{value}");
        }
    }
}
