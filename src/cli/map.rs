//! `csm map`: a first mapping of columns, proposed from the files themselves.

use std::path::Path;

use super::args::MapArgs;
use super::input::open;
use super::output::{self, Words};
use super::{Failure, models};
use crate::config::mapping::propose::{Certainty, Proposal, propose, to_toml};
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
                Words::tell(format_args!(
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
    if to_stdout {
        return Ok(());
    }
    output::write(None, |out| {
        writeln!(out, "wrote {shown}")?;
        for (table, file) in proposal.tables.iter().zip(&samples) {
            let certainties = || {
                let columns = table.columns.iter().map(|column| &column.certainty);
                columns.chain(table.aggregates.iter().map(|aggregate| &aggregate.certainty))
            };
            let count = |wanted: fn(&Certainty) -> bool| certainties().filter(|certainty| wanted(certainty)).count();
            let sure = count(|certainty| *certainty == Certainty::Sure);
            let unsure = count(|certainty| matches!(certainty, Certainty::Unsure(_)));
            let doubtful = count(|certainty| matches!(certainty, Certainty::Doubtful(_)));
            let name = Clean(&file.name).to_string();
            write!(out, "  {name}: {} columns: {sure} sure", file.columns.len())?;
            if unsure > 0 {
                write!(out, ", {unsure} to be checked")?;
            }
            if doubtful > 0 {
                write!(out, ", {doubtful} doubtful and left as comments")?;
            }
            writeln!(out, ", {} not used", table.unused.len())?;
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
