//! Lines over two shares.

use std::io;

use crate::render::html::block::percent;
use crate::render::html::escape::Escaped;
use crate::render::html::{Page, tone_class};
use crate::report::chart::Curve;
use crate::report::document::Tone;

impl Page<'_> {
    pub(super) fn curve(&mut self, curve: &Curve, number: usize) -> io::Result<()> {
        writeln!(self.out, "<p class=axis aria-hidden=true>↑ {}</p>", Escaped(&curve.up))?;
        writeln!(self.out, "<svg class=\"plot curve\" role=img aria-labelledby=\"c{number} d{number}\">")?;
        self.field()?;
        if curve.diagonal.is_some() {
            writeln!(self.out, "<line class={} y1=100% x2=100% />", tone_class(Tone::Muted))?;
        }
        for trace in &curve.traces {
            let class = tone_class(trace.tone);
            // Places in percent are beyond a path, so that each step is a line of its own.
            for pair in trace.points.windows(2) {
                let [(left, low), (right, high)] = [pair[0], pair[1]];
                write!(
                    self.out,
                    "<line class={class} x1={}% y1={}% x2={}% y2={}% />",
                    percent(left),
                    percent(100.0 - low),
                    percent(right),
                    percent(100.0 - high),
                )?;
            }
            writeln!(self.out)?;
        }
        writeln!(self.out, "</svg>\n<p class=\"axis across\" aria-hidden=true>{} →</p>", Escaped(&curve.across))?;
        let stroke = |tone: Tone| format!("<line class={} x2=14 y1=7 y2=7 />", tone_class(tone));
        let traces = curve.traces.iter().map(|trace| (stroke(trace.tone), trace.label.as_str()));
        self.key(traces.chain(curve.diagonal.iter().map(|label| (stroke(Tone::Muted), label.as_str()))))
    }
}
