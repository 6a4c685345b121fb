//! Where results go, and how they look.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::cli::Failure;
use crate::render::Clean;
use crate::render::csv::Guard;

/// How results are written, beside their format, and where to.
#[derive(Debug, Args)]
pub struct OutputArgs {
    #[command(flatten)]
    pub guard: GuardArgs,

    #[command(flatten)]
    pub target: TargetArgs,
}

impl OutputArgs {
    /// The format that is asked for, else the one of the file's ending, else text.
    pub fn format(&self, asked_for: Option<Format>, allowed: &[Format]) -> Result<Format, Failure> {
        let format = Format::chosen(asked_for, &self.target, allowed)?;
        if format == Format::Xlsx && self.target.output.is_none() && io::stdout().is_terminal() {
            return Err(Failure::Usage(
                "a workbook is nothing for a terminal: -o FILE.xlsx writes it to a file".into(),
            ));
        }
        Ok(format)
    }
}

/// Whether texts in CSV are kept from being formulas.
#[derive(Debug, Args)]
pub struct GuardArgs {
    /// Write texts to CSV as they are that a spreadsheet would take for formulas
    #[arg(long, help_heading = "Output")]
    no_csv_guard: bool,
}

impl GuardArgs {
    /// How texts are guarded.
    pub fn guard(&self) -> Guard {
        if self.no_csv_guard { Guard::Off } else { Guard::On }
    }
}

/// Where output goes, and how it looks.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Write to this file instead of standard output; whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// When to use colour; auto looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: When,

    /// Say nothing but errors on standard error
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A document.
    Document(DocumentFormat),
    /// Records for programs.
    Json,
    /// Records for programs, a line each.
    Ndjson,
    /// A table.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFormat {
    /// For a terminal.
    Text,
    /// To be pasted or edited.
    Markdown,
    /// For a browser.
    Html,
}

impl Format {
    const TEXT: Self = Self::Document(DocumentFormat::Text);
    const MARKDOWN: Self = Self::Document(DocumentFormat::Markdown);
    const HTML: Self = Self::Document(DocumentFormat::Html);
    /// All of them.
    const ALL: &[Self] = Self::SURVEYS;
    /// Those of the accounts of a portfolio.
    pub const SURVEYS: &[Self] =
        &[Self::TEXT, Self::Json, Self::Ndjson, Self::MARKDOWN, Self::HTML, Self::Csv, Self::Xlsx];
    /// Those of a portfolio as a whole.
    pub const REPORTS: &[Self] = &[Self::TEXT, Self::Json, Self::MARKDOWN, Self::HTML, Self::Csv, Self::Xlsx];
    /// Those of what there is to say of one account.
    pub const EXPLANATIONS: &[Self] = &[Self::TEXT, Self::Json, Self::MARKDOWN, Self::HTML];
    /// Those of a history.
    pub const TRENDS: &[Self] = &[Self::TEXT, Self::Json, Self::MARKDOWN, Self::HTML, Self::Csv];
    /// Those of what became of a portfolio.
    pub const DIFFERENCES: &[Self] = &[Self::TEXT, Self::Json, Self::MARKDOWN, Self::HTML, Self::Csv];
    /// Those of what is wrong with data.
    pub const VALIDATIONS: &[Self] = &[Self::TEXT, Self::Json, Self::MARKDOWN, Self::Csv];

    /// Its name, the endings of its files, and what it is for. The command line knows it by its endings too.
    const fn known_as(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Self::Document(DocumentFormat::Text) => ("text", &["txt"], "For people"),
            Self::Document(DocumentFormat::Markdown) => {
                ("markdown", &["md", "markdown"], "For people who paste or edit it: GitHub-flavoured")
            }
            Self::Document(DocumentFormat::Html) => ("html", &["html", "htm"], "A page for a browser, in one file"),
            Self::Json => ("json", &["json"], "For programs"),
            Self::Ndjson => (
                "ndjson",
                &["ndjson", "jsonl"],
                "For programs that read line by line: a record per account, in input order",
            ),
            Self::Csv => ("csv", &["csv"], "A flat table, for spreadsheets and pipelines"),
            Self::Xlsx => ("xlsx", &["xlsx"], "A workbook, for Excel and its like"),
        }
    }

    /// Its name.
    fn name(self) -> &'static str {
        self.known_as().0
    }

    /// The format that is called so, or whose files end so.
    fn called(word: &str) -> Option<Self> {
        let is_called = |format: &Self| {
            let (name, endings, _) = format.known_as();
            endings.iter().chain([&name]).any(|known| known.eq_ignore_ascii_case(word))
        };
        Self::ALL.iter().copied().find(is_called)
    }

    /// Reads the name of one of these formats.
    pub fn parser(allowed: &'static [Self]) -> impl TypedValueParser<Value = Self> {
        let values = allowed.iter().map(|format| {
            let (name, endings, use_) = format.known_as();
            PossibleValue::new(name).aliases(endings).help(use_)
        });
        PossibleValuesParser::new(values.collect::<Vec<_>>())
            .try_map(|word| Self::called(&word).ok_or("there is no such format"))
    }

    /// The error of a command that does not write this format, which [`chosen`](Self::chosen) lets nobody come to.
    pub fn refused(self) -> io::Error {
        io::Error::new(io::ErrorKind::Unsupported, format!("this command does not write {}", self.name()))
    }

    /// The format that is asked for, else the one of the file's ending, else text.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the ending is that of a format that is not among those allowed, or of another program.
    pub fn chosen(asked_for: Option<Self>, target: &TargetArgs, allowed: &[Self]) -> Result<Self, Failure> {
        if let Some(format) = asked_for {
            return Ok(format);
        }
        let file = target.output.as_deref();
        let ending = file.and_then(Path::extension).and_then(|ending| ending.to_str());
        let format = match ending {
            Some(ending) => Self::called(ending).map_or_else(|| Self::other(file, ending), Ok)?,
            None => Self::TEXT,
        };
        if allowed.contains(&format) {
            return Ok(format);
        }
        let names: Vec<&str> = allowed.iter().map(|format| format.name()).collect();
        Err(Failure::Usage(format!(
            "{} ends like {}, which this command does not write; --format chooses one of {}",
            Clean(&file.unwrap_or(Path::new("-")).display().to_string()),
            format.name(),
            names.join(", ")
        )))
    }

    /// Text for an ending that is no format's, unless the program that opens such files would find them broken.
    fn other(file: Option<&Path>, ending: &str) -> Result<Self, Failure> {
        const OF_PROGRAMS: [&str; 12] =
            ["pdf", "doc", "docx", "odt", "rtf", "xls", "xlsm", "xlsb", "ods", "ppt", "pptx", "odp"];
        let Some(ending) = OF_PROGRAMS.iter().find(|known| known.eq_ignore_ascii_case(ending)) else {
            return Ok(Self::TEXT);
        };
        let file = Clean(&file.unwrap_or(Path::new("-")).display().to_string()).to_string();
        let instead = match *ending {
            "pdf" => "`csm report --pdf FILE` prints the briefing, and any browser a page that ends in .html",
            "xls" | "xlsm" | "xlsb" | "ods" => "a workbook ends in .xlsx",
            _ => ".md and .html are read by programs that write such files; --format text writes text all the same",
        };
        Err(Failure::Usage(format!("{file} ends like {ending}, which csm does not write with -o: {instead}")))
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format that is chosen for a file, where health is reported.
    fn chosen(asked_for: Option<Format>, file: Option<&str>, allowed: &[Format]) -> Result<Format, String> {
        let target = TargetArgs { output: file.map(PathBuf::from), color: When::Auto, quiet: false };
        Format::chosen(asked_for, &target, allowed).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_word_names_one_format() {
        for format in Format::ALL {
            let (name, endings, _) = format.known_as();
            for word in endings.iter().chain([&name]) {
                assert_eq!(Format::called(word), Some(*format), "{word}");
            }
        }
    }

    #[test]
    fn the_ending_of_a_file_decides_unless_told_otherwise() {
        for (file, format) in [
            (None, Format::TEXT),
            (Some("a.txt"), Format::TEXT),
            (Some("a.json"), Format::Json),
            (Some("in.json/a"), Format::TEXT),
            (Some("a.b.JSON"), Format::Json),
            (Some("a.ndjson"), Format::Ndjson),
            (Some("a.jsonl"), Format::Ndjson),
            (Some("a.html"), Format::HTML),
            (Some("a.Htm"), Format::HTML),
            (Some(".json"), Format::TEXT),
            (Some("a.log"), Format::TEXT),
            (Some("a."), Format::TEXT),
            (Some("json"), Format::TEXT),
            (Some("/dev/null"), Format::TEXT),
        ] {
            assert_eq!(chosen(None, file, Format::SURVEYS), Ok(format), "{file:?}");
            assert_eq!(chosen(Some(Format::Json), file, Format::SURVEYS), Ok(Format::Json), "{file:?}");
        }
        let refused = chosen(None, Some("a.jsonl"), Format::REPORTS).expect_err("no record per account");
        assert!(refused.starts_with("a.jsonl ends like ndjson, which this command does not write; "), "{refused}");
        let refused = chosen(None, Some("a.csv"), Format::EXPLANATIONS).expect_err("no table");
        assert!(refused.starts_with("a.csv ends like csv, which this command does not write; "), "{refused}");
        assert_eq!(chosen(None, Some("a.csv"), Format::VALIDATIONS), Ok(Format::Csv));
        for (file, told) in [("a.pdf", "--pdf"), ("a.XLS", ".xlsx"), ("a.docx", ".md")] {
            let refused = chosen(None, Some(file), Format::REPORTS).expect_err(file);
            assert!(refused.starts_with(&format!("{file} ends like ")) && refused.contains(told), "{refused}");
            assert_eq!(chosen(Some(Format::TEXT), Some(file), Format::REPORTS), Ok(Format::TEXT));
        }
    }
}
