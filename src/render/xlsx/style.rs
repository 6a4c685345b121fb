//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::document::{Cell, Currency, Tone};

/// The looks of the cells of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Text,
    Score,
    Number,
    Count,
    Money,
    Share,
    Date,
}

impl Style {
    /// All of them, in order.
    pub(super) const ALL: [Self; 7] =
        [Self::Text, Self::Score, Self::Number, Self::Count, Self::Money, Self::Share, Self::Date];

    /// The look of a cell by what it holds.
    pub(super) fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Empty
            | Cell::Text(_)
            | Cell::Toned(..)
            | Cell::Bar(..)
            | Cell::Trend(_)
            | Cell::Sparkline(_)
            | Cell::Profile(_) => Self::Text,
            Cell::Ordered(cell, _) => Self::of(cell),
            Cell::Score(_) => Self::Score,
            Cell::Number(_) | Cell::Points(_) => Self::Number,
            Cell::Count(_) => Self::Count,
            Cell::Money(_) => Self::Money,
            Cell::Share(_) => Self::Share,
            Cell::Date(_) => Self::Date,
        }
    }

    /// The format of such cells.
    pub(super) fn format(self, currency: &Currency) -> Format {
        let format = Format::new().set_align(FormatAlign::Top);
        match self {
            // Away from the figures before it.
            Self::Text => format.set_align(FormatAlign::Left).set_indent(1),
            Self::Score => format.set_num_format("0.0"),
            Self::Number => format.set_num_format("#,##0.##"),
            Self::Count => format.set_num_format("#,##0"),
            Self::Money => format.set_num_format(money(currency)),
            Self::Share => format.set_num_format("0.0%"),
            Self::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Right),
        }
    }
}

/// The number format of amounts: whole units with the currency before them.
fn money(currency: &Currency) -> String {
    let sign = match currency.code.as_deref() {
        None | Some("USD") => "$".to_owned(),
        Some("EUR") => "€".to_owned(),
        Some("GBP") => "£".to_owned(),
        Some(code) => {
            // Quotes and brackets mean something in a number format.
            let letters: String = code.chars().filter(|letter| letter.is_alphanumeric()).take(8).collect();
            format!("{letters} ")
        }
    };
    format!("\"{sign}\"#,##0;-\"{sign}\"#,##0")
}

/// The head row of a table.
pub(super) fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(0x1F_3A_5F))
        .set_align(FormatAlign::VerticalCenter)
        .set_indent(1)
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin)
}

/// A title above a table.
pub(super) fn title() -> Format {
    Format::new().set_bold().set_font_size(16).set_font_color(Color::RGB(0x1F_3A_5F))
}

/// An explanation above a table.
pub(super) fn remark() -> Format {
    Format::new().set_font_color(Color::RGB(0x59_63_70))
}

/// The look of a word by what it means: ground and letters, at least 4.5 : 1 apart; `None` for a word without a look.
pub(super) fn word(tone: Tone) -> Option<Format> {
    let (ground, letters) = match tone {
        Tone::Good => (0xD9_F0_DE, 0x14_53_2D),
        Tone::Caution => (0xFD_F0_C8, 0x6B_46_00),
        Tone::Bad => (0xFB_DC_DC, 0x8A_15_15),
        Tone::Muted => return Some(Format::new().set_font_color(Color::RGB(0x59_63_70))),
        Tone::Plain | Tone::Strong => return None,
    };
    Some(Format::new().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(letters)))
}

/// The colour of a column of a chart.
pub(super) fn column(tone: Tone) -> Color {
    Color::RGB(match tone {
        Tone::Good => 0x2E_9E_5B,
        Tone::Caution => 0xE0_A8_1C,
        Tone::Bad => 0xD1_43_43,
        Tone::Plain | Tone::Strong | Tone::Muted => 0x5B_7D_A8,
    })
}

/// The colour of the bars behind scores, and of those behind amounts.
pub(super) const SCORE_BAR: Color = Color::RGB(0xC9_DD_F3);
pub(super) const MONEY_BAR: Color = Color::RGB(0xD9_D3_EE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_cannot_break_the_format() {
        for (code, format) in [
            (None, "\"$\"#,##0;-\"$\"#,##0"),
            (Some("EUR"), "\"€\"#,##0;-\"€\"#,##0"),
            (Some("SEK"), "\"SEK \"#,##0;-\"SEK \"#,##0"),
            (Some("\";[Red]\"@X"), "\"RedX \"#,##0;-\"RedX \"#,##0"),
        ] {
            assert_eq!(money(&Currency { code: code.map(str::to_owned) }), format);
        }
    }
}
