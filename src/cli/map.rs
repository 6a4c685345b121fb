//! `csm map`: a first mapping of columns, proposed from the files themselves.

use std::collections::HashSet;
use std::path::Path;

use super::args::MapArgs;
use super::input::open;
use super::output::{self, Words};
use super::{Failure, models};
use crate::config::mapping::header_key;
use crate::config::mapping::propose::{Certainty, ColumnProposal, Proposal, TableProposal, propose, to_toml};
use crate::intake::{self, Sampled, Source};
use crate::render::Clean;

pub fn run(args: &MapArgs) -> Result<(), Failure> {
    let to_stdout = args.output == Path::new("-");
    let target = args.output.as_path();
    let shown = Clean(&target.display().to_string()).to_string();
    if !to_stdout && !args.force && std::fs::symlink_metadata(target).is_ok() {
        return Err(Failure::Usage(format!("{shown} is there already, nothing was written; --force writes over it")));
    }
    if let Some(file) = args.files.iter().find(|file| output::is_same_file(file, target)) {
        let file = Clean(&file.display().to_string()).to_string();
        return Err(Failure::Usage(format!("{file} is one of the files that are read, and would be written over")));
    }
    let models = models::load(&args.model)?;
    let mut samples = Vec::new();
    let mut problems = 0;
    for (index, path) in args.files.iter().enumerate() {
        let name = path.display().to_string();
        let source = Source {
            format: args.format.input_format,
            encoding: args.format.encoding.as_deref(),
            sheet: args.format.sheet.as_deref(),
            ..Source::new(&name, open(path)?)
        };
        match intake::sample(source, index + 1, args.format.max_unpacked)? {
            Ok(Sampled::Table(sample)) => samples.push(sample),
            Ok(Sampled::Json) => {
                Words::new(args.quiet).say(format_args!(
                    "csm: {} is JSON, whose keys are paths already: it needs no mapping",
                    Clean(&name)
                ));
            }
            Err(problem) => {
                Words::tell(format_args!("error: {problem}"));
                problems += 1;
            }
        }
    }
    if problems > 0 || samples.is_empty() {
        return Err(Failure::Input("no mapping was written".to_owned()));
    }
    let proposal = propose(&samples, &models.schema, &models.segments);
    let text = to_toml(&proposal);
    let file = if to_stdout { None } else { Some(target) };
    output::write(file, |out| out.write_all(text.as_bytes()))?;
    if to_stdout || args.quiet {
        return Ok(());
    }
    output::write(None, |out| {
        writeln!(out, "wrote {shown}")?;
        for (table, file) in proposal.tables.iter().zip(&samples) {
            let name = Clean(&file.name).to_string();
            writeln!(out, "  {name}: {}", columns(table))?;
            if let Some(figures) = figures(table) {
                writeln!(out, "    {figures}")?;
            }
            if !table.has_id {
                writeln!(
                    out,
                    "    no column was found for customer_id: name it under [sources.{}.columns]",
                    table.source.name
                )?;
            }
        }
        writeln!(out, "{}", next_steps(&proposal, args))
    })
}

/// What becomes of the columns of a table: each is counted once.
fn columns(table: &TableProposal) -> String {
    let is_in_force = |column: &&ColumnProposal| column.certainty.is_in_force();
    let in_force = table.columns.iter().filter(is_in_force).map(|column| &column.header);
    let attributes = table.attributes.iter().map(|(header, _)| header);
    let read: HashSet<String> = in_force.chain(attributes).map(|header| header_key(header)).collect();
    let looked_at = |in_force: bool| {
        let wanted = table.aggregates.iter().filter(move |other| other.certainty.is_in_force() == in_force);
        wanted.flat_map(|other| other.aggregate.columns()).map(header_key)
    };
    let computed: HashSet<String> = looked_at(true).filter(|header| !read.contains(header)).collect();
    let others = table.columns.iter().map(|column| header_key(&column.header)).chain(looked_at(false));
    let left: HashSet<String> = others.filter(|header| !read.contains(header) && !computed.contains(header)).collect();
    let unused = table.unused.len();
    let mut parts = Vec::new();
    if !read.is_empty() {
        let attributes = table.attributes.iter().map(|_| &Certainty::Sure);
        let certainties = certainties(table.columns.iter().map(|column| &column.certainty).chain(attributes));
        parts.push(format!("{} read ({})", read.len(), certainties.join(", ")));
    }
    for (count, what) in
        [(computed.len(), "computed with"), (left.len(), as_comments(left.len())), (unused, "not used")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let all = read.len() + computed.len() + left.len() + unused;
    format!("{all} {}: {}", if all == 1 { "column" } else { "columns" }, parts.join(", "))
}

/// What is computed from the rows of an id; nothing where nothing is.
fn figures(table: &TableProposal) -> Option<String> {
    let mut parts = certainties(table.aggregates.iter().map(|other| &other.certainty));
    let all = table.aggregates.len();
    let left = table.aggregates.iter().filter(|other| !other.certainty.is_in_force()).count();
    if left > 0 {
        parts.push(format!("{left} {}", as_comments(left)));
    }
    let figures = if all == 1 { "figure" } else { "figures" };
    (all > 0).then(|| format!("{all} {figures} computed from rows: {}", parts.join(", ")))
}

fn as_comments(count: usize) -> &'static str {
    if count == 1 { "left as a comment" } else { "left as comments" }
}

/// How firmly what is in force is proposed.
fn certainties<'c>(certainties: impl Iterator<Item = &'c Certainty>) -> Vec<String> {
    let (mut sure, mut unsure) = (0, 0);
    for certainty in certainties {
        match certainty {
            Certainty::Sure => sure += 1,
            Certainty::Unsure(_) => unsure += 1,
            Certainty::Doubtful(_) => {}
        }
    }
    let parts = [(sure, "sure"), (unsure, "to be checked")].into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, what)| format!("{count} {what}")).collect()
}

/// What nothing feeds, and what to do with the mapping.
fn next_steps(proposal: &Proposal, args: &MapArgs) -> String {
    let files: Vec<String> = args.files.iter().map(|path| Clean(&path.display().to_string()).to_string()).collect();
    let option = if args.output == Path::new("mapping.toml") {
        String::new()
    } else {
        format!(" --mapping {}", Clean(&args.output.display().to_string()))
    };
    let unfed = match proposal.unfed.len() {
        0 => "Every metric of the model is fed.".to_owned(),
        1 => "1 metric is fed by nothing; the end of the file names it.".to_owned(),
        count => format!("{count} metrics are fed by nothing; the end of the file lists them."),
    };
    format!("{unfed}\nRead the file, then: csm validate {}{option}", files.join(" "))
}
