//! Charts as inline SVG. Places are in percent of the plot and sizes in pixels, so that a chart takes any width and its text stays
//! readable.

mod curve;
mod intervals;

use std::io;

use chrono::{Datelike, Months, NaiveDate};

use super::block::{percent, short};
use super::escape::Escaped;
use super::{Page, tone_class};
use crate::render::figures;
use crate::report::chart::{Chart, Figure, Legend, Map, Mark, Profile, Timeline, Whole};
use crate::report::document::Tone;
use crate::report::signed;

/// More points than this on a map are drawn small and light.
const CROWD: usize = 500;
/// From so many marks on, a time line sums them by week.
const CROWDED: usize = 60;
/// More intervals than this have the whole width, so that the page is not the longer on one side only.
const LONG: usize = 5;

impl Page<'_> {
    pub(super) fn chart(&mut self, chart: &Chart) -> io::Result<()> {
        let (level, number) = (self.level(), self.number());
        let is_wide = match &chart.figure {
            Figure::Profiles(_) => true,
            Figure::Intervals(intervals) => intervals.spans.len() > LONG,
            _ => false,
        };
        let wide = if is_wide { " class=wide" } else { "" };
        write!(self.out, "<figure{wide}>\n<figcaption><h{level} id=c{number}>{}</h{level}>", Escaped(&chart.title))?;
        write!(self.out, "<p id=d{number}>")?;
        self.line(&chart.summary)?;
        writeln!(self.out, "</p></figcaption>")?;
        chart.title.clone_into(&mut self.heading);
        match &chart.figure {
            Figure::Shares(wholes) => self.shares(wholes)?,
            Figure::Map(map) => self.map(map, number)?,
            Figure::Timeline(timeline) => self.timeline(timeline, number)?,
            Figure::Profiles(profiles) => self.profiles(profiles)?,
            Figure::Bars(bars) => self.bars(bars)?,
            Figure::Curve(curve) => self.curve(curve, number)?,
            Figure::Intervals(intervals) => self.intervals(intervals)?,
        }
        writeln!(self.out, "</figure>")
    }

    /// A row of parts per whole, and all figures in a table below: the picture needs no words of its own.
    fn shares(&mut self, wholes: &[Whole]) -> io::Result<()> {
        /// A part narrower than this share has no room for its figure.
        const ROOM: f64 = 0.09;
        writeln!(self.out, "<div class=shares aria-hidden=true>")?;
        for whole in wholes {
            write!(self.out, "<span>{}</span><svg class=stack>", Escaped(&whole.label))?;
            let mut before = 0.0;
            for part in &whole.parts {
                let (x, width) = (percent(before * 100.0), percent(part.share * 100.0));
                write!(self.out, "<rect class={} x={x}% width={width}% height=100% />", tone_class(part.tone))?;
                if part.share >= ROOM {
                    let middle = percent((before + part.share / 2.0) * 100.0);
                    write!(self.out, "<text class={} x={middle}% y=50% dy=.35em>", tone_class(part.tone))?;
                    write!(self.out, "{:.0} %</text>", part.share * 100.0)?;
                }
                before += part.share;
            }
            writeln!(self.out, "</svg>")?;
        }
        writeln!(self.out, "</div>\n<div class=scroll><table class=key>")?;
        writeln!(self.out, "<caption>{}</caption>\n<thead><tr><td>", Escaped(&self.heading))?;
        for whole in wholes {
            write!(self.out, "<th scope=col class=n colspan=2>{}", Escaped(&whole.label))?;
        }
        writeln!(self.out, "<tbody>")?;
        let parts = wholes.first().map_or(&[][..], |whole| &whole.parts);
        for (position, part) in parts.iter().enumerate() {
            write!(self.out, "<tr><th scope=row><i class={}></i>{}", tone_class(part.tone), Escaped(&part.label))?;
            for part in wholes.iter().filter_map(|whole| whole.parts.get(position)) {
                write!(self.out, "<td class=n>")?;
                self.value(&part.value)?;
                write!(self.out, "<td class=\"n m\">{:.1} %", part.share * 100.0)?;
            }
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</table></div>")
    }

    fn map(&mut self, map: &Map, number: usize) -> io::Result<()> {
        writeln!(self.out, "<p class=axis aria-hidden=true>↑ {}</p>", Escaped(&map.up))?;
        let crowd = if map.points.len() > CROWD { " crowd" } else { "" };
        writeln!(self.out, "<svg class=\"plot map{crowd}\" role=img aria-labelledby=\"c{number} d{number}\">")?;
        self.field()?;
        let largest = map.points.iter().map(|point| point.size).fold(0.0, f64::max);
        let (least, most) = match map.points.len() {
            ..=100 => (4.0, 18.0),
            101..=CROWD => (3.0, 12.0),
            _ => (2.0, 9.0),
        };
        // The small ones are drawn over the large ones.
        let mut order: Vec<usize> = (0..map.points.len()).collect();
        order.sort_by(|a, b| map.points[*b].size.total_cmp(&map.points[*a].size));
        for point in order.into_iter().map(|position| &map.points[position]) {
            let size = if largest > 0.0 { (point.size.max(0.0) / largest).sqrt() } else { 0.0 };
            write!(
                self.out,
                "<circle class={} cx={}% cy={}% r={}><title>{}</title></circle>",
                tone_class(point.tone),
                percent(point.across),
                percent(100.0 - point.up),
                short(least + (most - least) * size),
                Escaped(&self.plain(&point.about)),
            )?;
        }
        // The names of the corners stay readable over the points.
        for (corner, place) in map.corners.iter().zip([
            "class=h x=0 y=0 dx=10 dy=20",
            "class=\"e h\" x=100% y=0 dx=-10 dy=20",
            "class=h x=0 y=100% dx=10 dy=-10",
            "class=\"e h\" x=100% y=100% dx=-10 dy=-10",
        ]) {
            if !corner.is_empty() {
                writeln!(self.out, "<text {place}>{}</text>", Escaped(corner))?;
            }
        }
        writeln!(self.out, "</svg>\n<p class=\"axis across\" aria-hidden=true>{} →</p>", Escaped(&map.across))?;
        self.legend(&map.legend)
    }

    /// A square field with lines for each quarter of 100, from left to right and from bottom to top.
    fn field(&mut self) -> io::Result<()> {
        writeln!(self.out, "<rect class=field width=100% height=100% />")?;
        for at in [0, 25, 50, 75, 100] {
            write!(self.out, "<line class=l x1={at}% x2={at}% y2=100% /><line class=l y1={at}% y2={at}% x2=100% />")?;
            write!(self.out, "<text class=e x=-8 y={}% dy=.35em>{at}</text>", 100 - at)?;
            writeln!(self.out, "<text class=x x={at}% y=100% dy=18>{at}</text>")?;
        }
        Ok(())
    }

    /// What the tones stand for. Each has a mark that differs in its filling too.
    fn legend(&mut self, legend: &Legend) -> io::Result<()> {
        self.key(legend.iter().map(|(tone, label)| (dot(*tone), label.as_str())))
    }

    /// Marks, each 14 pixels wide and high, and what they stand for.
    fn key<'l>(&mut self, marks: impl Iterator<Item = (String, &'l str)>) -> io::Result<()> {
        writeln!(self.out, "<ul class=legend>")?;
        for (mark, label) in marks {
            writeln!(self.out, "<li><svg aria-hidden=true>{mark}</svg>{}</li>", Escaped(label))?;
        }
        writeln!(self.out, "</ul>")
    }

    fn timeline(&mut self, timeline: &Timeline, number: usize) -> io::Result<()> {
        let days = (timeline.to - timeline.from).num_days().max(1) as f64;
        let place = |day: NaiveDate| (day - timeline.from).num_days() as f64 / days * 100.0;
        let weeks = if timeline.marks.len() > CROWDED { Some(by_week(timeline)) } else { None };
        let highest = match &weeks {
            Some(weeks) => weeks.iter().map(|week| week.iter().sum()).fold(0.0, f64::max),
            None => timeline.marks.iter().map(|mark| mark.amount).fold(0.0, f64::max),
        };
        let step = round_step(highest / 4.0);
        let top = (highest / step).ceil().max(1.0) * step;
        let height = |amount: f64| amount / top * 100.0;
        let what = if weeks.is_some() { "by week" } else { "by account" };
        writeln!(self.out, "<p class=axis aria-hidden=true>↑ ARR, {what}</p>")?;
        writeln!(self.out, "<svg class=\"plot line\" role=img aria-labelledby=\"c{number} d{number}\">")?;
        let mut at = 0.0;
        while at <= top {
            let y = percent(100.0 - height(at));
            write!(self.out, "<line class=l y1={y}% y2={y}% x2=100% />")?;
            let label = figures::short_money(at, &self.currency);
            writeln!(self.out, "<text class=e x=-8 y={y}% dy=.35em>{}</text>", Escaped(&label))?;
            at += step;
        }
        for month in months(timeline.from, timeline.to) {
            let x = percent(place(month));
            let name = month.format(if month.month() == 1 { "%b %Y" } else { "%b" });
            write!(self.out, "<line class=l x1={x}% x2={x}% y1=100% y2=100% transform=translate(0,5) />")?;
            writeln!(
                self.out,
                "<line class=l x1={x}% x2={x}% y2=100% /><text class=x x={x}% y=100% dy=18>{name}</text>"
            )?;
        }
        match weeks {
            Some(weeks) => self.columns(timeline, &weeks, height, days)?,
            None => {
                for mark in &timeline.marks {
                    self.stalk(mark, place(mark.day), 100.0 - height(mark.amount))?;
                }
            }
        }
        writeln!(self.out, "</svg>")?;
        self.legend(&timeline.legend)
    }

    fn stalk(&mut self, mark: &Mark, x: f64, y: f64) -> io::Result<()> {
        let (class, x, y) = (tone_class(mark.tone), percent(x), percent(y));
        write!(self.out, "<line class={class} x1={x}% x2={x}% y1={y}% y2=100% />")?;
        let about = self.plain(&mark.about);
        writeln!(self.out, "<circle class={class} cx={x}% cy={y}% r=6><title>{}</title></circle>", Escaped(&about))
    }

    fn columns(
        &mut self,
        timeline: &Timeline,
        weeks: &[Vec<f64>],
        height: impl Fn(f64) -> f64,
        days: f64,
    ) -> io::Result<()> {
        let width = 7.0 / days * 100.0;
        for (week, amounts) in (0_u32..).zip(weeks) {
            let mut below = 0.0;
            let x = percent(f64::from(week) * width + width * 0.12);
            for ((tone, label), amount) in timeline.legend.iter().zip(amounts).filter(|(_, amount)| **amount > 0.0) {
                let (class, tall) = (tone_class(*tone), height(*amount));
                let y = percent(100.0 - below - tall);
                let (width, tall_text) = (percent(width * 0.76), percent(tall));
                write!(self.out, "<rect class={class} x={x}% y={y}% width={width}% height={tall_text}%><title>")?;
                let start = timeline.from + chrono::Days::new(u64::from(week) * 7);
                let amount = figures::money(*amount, &self.currency);
                writeln!(self.out, "{start}, {}: {}</title></rect>", Escaped(label), Escaped(&amount))?;
                below += tall;
            }
        }
        Ok(())
    }

    /// A row per thing, a score per part with a bar and, across it, the mark.
    fn profiles(&mut self, profiles: &[Profile]) -> io::Result<()> {
        writeln!(self.out, "<div class=scroll><table class=profiles>")?;
        writeln!(self.out, "<caption>{}</caption>\n<thead><tr><td>", Escaped(&self.heading))?;
        for (part, _) in profiles.first().map_or(&[][..], |profile| &profile.gauges) {
            write!(self.out, "<th scope=col>{}", Escaped(part))?;
        }
        writeln!(self.out, "<tbody>")?;
        for profile in profiles {
            write!(self.out, "<tr><th scope=row>{}", Escaped(&profile.label))?;
            for (_, gauge) in &profile.gauges {
                write!(self.out, "<td>")?;
                let Some(score) = gauge.score else { continue };
                write!(self.out, "{score:.1} ")?;
                let share = percent(score);
                write!(self.out, "<svg class=bar aria-hidden=true><rect class=t width=100% height=100% rx=3 />")?;
                write!(self.out, "<rect class=p width={share}% height=100% rx=3 />")?;
                if let Some(mark) = gauge.mark {
                    write!(self.out, "<rect class=mark x={}% y=-3 width=2 height=14 />", percent(mark))?;
                    write!(self.out, "</svg> <small>{}</small>", signed(score - mark))?;
                } else {
                    write!(self.out, "</svg>")?;
                }
            }
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</table></div>")
    }
}

/// The mark of a tone.
fn dot(tone: Tone) -> String {
    format!("<circle class={} cx=7 cy=7 r=5 />", tone_class(tone))
}

/// The sums of a time line, from its first day, by week and by tone in the order of the legend.
fn by_week(timeline: &Timeline) -> Vec<Vec<f64>> {
    let week = |day: NaiveDate| usize::try_from((day - timeline.from).num_days() / 7).unwrap_or(0);
    let tone = |tone: Tone| timeline.legend.iter().position(|(other, _)| *other == tone);
    let mut weeks = vec![vec![0.0; timeline.legend.len()]; week(timeline.to) + 1];
    for mark in &timeline.marks {
        if let Some((sums, tone)) = weeks.get_mut(week(mark.day)).zip(tone(mark.tone)) {
            sums[tone] += mark.amount;
        }
    }
    weeks
}

/// The first days of the months within a span; of a long one, of every second, third, … month.
fn months(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    const MOST: i64 = 8;
    let apart = u32::try_from((to - from).num_days() / (31 * MOST)).unwrap_or(0) + 1;
    let first =
        from.with_day(1).filter(|day| *day == from).or_else(|| from.with_day(1)?.checked_add_months(Months::new(1)));
    let next = move |month: &NaiveDate| month.checked_add_months(Months::new(apart));
    std::iter::successors(first, next).take_while(move |month| *month <= to)
}

/// The next step upwards that people count in: 1, 2 or 5 and zeros.
fn round_step(least: f64) -> f64 {
    let power = if least > 0.0 { 10_f64.powf(least.log10().floor()) } else { 1.0 };
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= least).unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, step) in [(0.0, 1.0), (0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (2.4, 5.0), (51_000.0, 100_000.0)] {
            assert!((round_step(least) - step).abs() < 1e-9, "{least}: {}", round_step(least));
        }
    }

    #[test]
    fn months_are_within_the_span() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        for (from, to, expected) in [
            ("2026-06-30", "2026-08-31", &["2026-07-01", "2026-08-01"] as &[&str]),
            ("2026-07-01", "2026-07-02", &["2026-07-01"]),
            ("2026-07-02", "2026-07-31", &[]),
            ("2026-12-15", "2027-01-01", &["2027-01-01"]),
        ] {
            let found: Vec<String> = months(day(from), day(to)).map(|month| month.to_string()).collect();
            assert_eq!(found, expected, "{from} to {to}");
        }
    }
}
