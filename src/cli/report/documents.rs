//! `csm report --template`: documents per account.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file_name::FileNames;
use super::index::{Index, IndexEntry};
use crate::account::Account;
use crate::analysis::{Assessment, Findings, Onboarding, Order, Scope, Selection, Survey};
use crate::cli::args::{AudienceName, DocumentFormat, Format, ReportArgs};
use crate::cli::input::Input;
use crate::cli::nearest::Nearest;
use crate::cli::output::{self, Words};
use crate::cli::previous::{Previous, check_output};
use crate::cli::progress::bar_of_accounts;
use crate::cli::template::load;
use crate::cli::{Failure, gate, survey};
use crate::intake::UnknownAttribute;
use crate::render::Clean;
use crate::render::template::{AnyTemplate, Template};
use crate::report::Context;
use crate::report::dossier::{ATTRIBUTES, CustomerDossier, InternalDossier, Subject};

/// Writes the documents that a template makes of the accounts.
pub fn run(args: &ReportArgs, template: &str) -> Result<(), Failure> {
    let target = &args.output.target;
    let format = args.output.format(args.format, Format::REPORTS)?;
    if !matches!(format, Format::Document(DocumentFormat::Text | DocumentFormat::Markdown)) {
        let why = "documents from templates are Markdown: leave --format away, and let the name of the file end in .md";
        return Err(Failure::Usage(why.to_owned()));
    }
    let words = Words::new(target.quiet);
    let making = Making::new(args, template)?;
    let place = Place::new(args, &making)?;
    let mut input =
        Input::new(&args.input.sources, &args.input.invalid, target.output.as_deref(), words, args.threads)?;
    check_output(&args.previous, target.output.as_deref())?;
    Previous::read(&mut input, &args.previous, Scope { health: true, ..Scope::default() })?;
    let input = input;
    let mut survey = Survey::new(
        input.assessor(Scope::ALL),
        &input.models.segments,
        survey::population(&args.population),
        Selection::default(),
        Order::Input,
        Onboarding::WithOthers,
    );
    let mut needs = input.needs(survey.assessor());
    needs.attributes.clone_from(&making.attributes);
    needs.review = true;
    let mut wanted = Wanted::new(&args.population.customer);
    let reading = input.read(&needs, &mut |account| {
        wanted.see(account);
        survey.add(account);
    })?;
    let named_by_template = |unknown: &&UnknownAttribute| unknown.position >= ATTRIBUTES.len();
    for unknown in reading.unknown_attributes.iter().filter(named_by_template) {
        let name = Clean(&needs.attributes[unknown.position]);
        let hint = unknown.near.as_ref().map_or_else(String::new, |near| format!("; is it {}?", Clean(near)));
        words.say(format_args!(
            "warning: {}: attributes.{name}: {} has no such field{hint}",
            Clean(template),
            Clean(&input.name)
        ));
    }
    let findings = survey.finish();
    wanted.check(&findings, &input.name)?;
    if findings.listed().is_empty() {
        input.say_where_nothing_is_left(findings.totals());
        return Ok(());
    }
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    let maker = Maker { context, findings: &findings, making: &making };
    match place {
        Place::Stdout => {
            let documents = maker.only("prints one document")?;
            if making.hints {
                words.say(format_args!(
                    "csm: this is the sheet to prepare yourself with; --audience customer prints the document for the customer"
                ));
            }
            output::write(None, |out| documents.iter().try_for_each(|text| out.write_all(text.as_bytes())))?;
        }
        Place::Files { paths } => {
            let documents = maker.only("with -o writes the document of one account")?;
            for (path, text) in paths.iter().zip(&documents) {
                output::write(Some(path), |out| out.write_all(text.as_bytes()))?;
                words.say(format_args!("csm: wrote {}", Clean(&path.display().to_string())));
            }
        }
        Place::Folder { folder } => maker.all(&folder, words)?,
    }
    gate::judge(&args.gate.fail_on, findings.totals())
}

/// What is made of each account: a document for the customer, a sheet for the team, or both.
struct Making {
    customer: Option<Template<CustomerDossier>>,
    internal: Option<Template<InternalDossier>>,
    title: String,
    /// The text fields that are read.
    attributes: Vec<String>,
    /// Whether what is printed is not what the template is named for.
    hints: bool,
}

impl Making {
    fn new(args: &ReportArgs, name: &str) -> Result<Self, Failure> {
        let documents = &args.documents;
        let loaded = load(name)?;
        let title = loaded.title().to_owned();
        let mut attributes: Vec<String> = ATTRIBUTES.map(str::to_owned).to_vec();
        attributes.extend(loaded.attributes().iter().filter(|name| !ATTRIBUTES.contains(&name.as_str())).cloned());
        let printed = documents.out_dir.is_none() && args.output.target.output.is_none();
        let audience = documents.audience.or(printed.then_some(AudienceName::Internal));
        let (mut customer, internal) = match loaded {
            AnyTemplate::Customer(template) => (Some(template), Some(Template::prep().map_err(Failure::Template)?)),
            AnyTemplate::Internal(template) => (None, Some(template)),
        };
        let hints = documents.audience.is_none() && printed && customer.is_some();
        let internal = match audience {
            Some(AudienceName::Customer) if customer.is_none() => {
                let name = Clean(name);
                let why = format!("{name} is a template for the team: there is nothing in it for --audience customer");
                return Err(Failure::Usage(why));
            }
            Some(AudienceName::Customer) => None,
            Some(AudienceName::Internal) => {
                customer = None;
                internal
            }
            None => internal,
        };
        Ok(Self { customer, internal, title, attributes, hints })
    }
}

/// Where documents go.
enum Place {
    Stdout,
    /// A path for each document of the account.
    Files {
        paths: Vec<PathBuf>,
    },
    Folder {
        folder: PathBuf,
    },
}

impl Place {
    fn new(args: &ReportArgs, making: &Making) -> Result<Self, Failure> {
        if let Some(folder) = &args.documents.out_dir {
            return Ok(Self::Folder { folder: folder.clone() });
        }
        let Some(path) = &args.output.target.output else { return Ok(Self::Stdout) };
        let mut paths = vec![path.clone()];
        if making.customer.is_some() && making.internal.is_some() {
            paths.push(beside(path));
        }
        let template = args.documents.template.iter().map(Path::new);
        let read = args.input.sources.portfolios.iter().map(PathBuf::as_path).chain(template);
        for read in read {
            if let Some(path) = paths.iter().find(|path| output::is_same_file(path, read)) {
                let path = Clean(&path.display().to_string()).to_string();
                return Err(Failure::Usage(format!("{path} is read, and would be written over")));
            }
        }
        Ok(Self::Files { paths })
    }
}

/// The path of the sheet beside a document: `acme-prep.md` beside `acme.md`.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("-prep");
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

/// The accounts that were asked for by their ids.
struct Wanted<'a> {
    ids: &'a [String],
    found: HashSet<String>,
    /// The id most like each one that was asked for.
    nearest: Vec<Nearest>,
}

impl<'a> Wanted<'a> {
    fn new(ids: &'a [String]) -> Self {
        let nearest = ids.iter().map(|id| Nearest::to(id)).collect();
        Self { ids, found: HashSet::new(), nearest }
    }

    fn see(&mut self, account: &Account) {
        if self.ids.contains(&account.id) {
            self.found.insert(account.id.clone());
        } else {
            self.nearest.iter_mut().for_each(|nearest| nearest.see(&account.id));
        }
    }

    /// Fails with all accounts that are not there.
    fn check(&self, findings: &Findings<'_>, source: &str) -> Result<(), Failure> {
        let missing = self.ids.iter().zip(&self.nearest).filter(|(id, _)| !self.found.contains(*id));
        let lines: Vec<String> = missing
            .map(|(id, nearest)| format!("no account {} in {}{}", Clean(id), Clean(source), nearest.hint()))
            .collect();
        if !lines.is_empty() {
            return Err(Failure::Usage(lines.join("\ncsm: ")));
        }
        if findings.listed().is_empty() && findings.totals().churned.accounts > 0 {
            return Err(Failure::Usage("there is nothing to prepare: the account has churned".to_owned()));
        }
        Ok(())
    }
}

/// Makes documents of the accounts of a portfolio.
struct Maker<'a> {
    context: Context<'a>,
    findings: &'a Findings<'a>,
    making: &'a Making,
}

impl Maker<'_> {
    /// The documents of the only account.
    fn only(&self, what: &str) -> Result<Vec<String>, Failure> {
        let listed = self.findings.listed();
        let [entry] = listed else {
            return Err(Failure::Usage(format!(
                "--template {what}, and {} accounts were asked for: name one with --customer ID, or write all with --out-dir DIR",
                listed.len()
            )));
        };
        let mut account = self.findings.blank_account();
        let mut assessment = Assessment::default();
        self.findings.read(*entry, &mut account, &mut assessment);
        let (customer, internal) = self.documents(&account, &assessment)?;
        Ok(customer.into_iter().chain(internal).collect())
    }

    /// The document for the customer and the sheet for the team, as far as they are made.
    fn documents(
        &self,
        account: &Account,
        assessment: &Assessment,
    ) -> Result<(Option<String>, Option<String>), Failure> {
        let subject = Subject { title: &self.making.title, attributes: &self.making.attributes };
        let failed = |error| Failure::Document { account: account.id.clone(), error };
        let customer = self.making.customer.as_ref().map(|template| {
            template.render(&CustomerDossier::new(&self.context, subject, account, assessment)).map_err(failed)
        });
        let internal = self.making.internal.as_ref().map(|template| {
            let assessor = self.findings.assessor();
            let dossier = InternalDossier::new(&self.context, subject, account, assessment, assessor);
            template.render(&dossier).map_err(failed)
        });
        Ok((customer.transpose()?, internal.transpose()?))
    }

    /// Writes the documents of all accounts into a folder, and a page that links them.
    fn all(&self, folder: &Path, words: Words) -> Result<(), Failure> {
        let failed = |source: io::Error| Failure::File {
            action: "write into",
            path: folder.to_owned(),
            source: match source.kind() {
                io::ErrorKind::AlreadyExists => io::Error::new(source.kind(), "it is a file, not a folder"),
                _ => source,
            },
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let listed = self.findings.listed();
        let progress = bar_of_accounts(listed.len() as u64, words);
        let mut names = FileNames::default();
        let mut index = Index::new(&self.context, &self.making.title, self.making.internal.is_some());
        let mut account = self.findings.blank_account();
        let mut assessment = Assessment::default();
        for (done, entry) in listed.iter().enumerate() {
            self.findings.read(*entry, &mut account, &mut assessment);
            let files = names.of(&account.name, &account.id);
            let written = self.documents(&account, &assessment).and_then(|(customer, internal)| {
                let customer = customer.map(|text| (files.customer, text));
                let internal = internal.map(|text| (files.internal, text));
                for (name, text) in customer.iter().chain(&internal) {
                    output::write(Some(&folder.join(name)), |out| out.write_all(text.as_bytes()))?;
                }
                Ok([customer, internal].map(|file| file.map(|(name, _)| name)))
            });
            let [customer, internal] = written.inspect_err(|_| {
                progress.finish_and_clear();
                if done > 0 {
                    Words::tell(format_args!(
                        "csm: {done} of {} accounts were finished before that, and stay",
                        listed.len()
                    ));
                }
            })?;
            index.add(&account, &assessment, IndexEntry { customer, internal });
            progress.inc(1);
        }
        progress.finish_and_clear();
        output::write(Some(&folder.join(Index::FILE)), |out: &mut dyn io::Write| index.write(out))?;
        let (count, noun) = (listed.len(), if listed.len() == 1 { "account" } else { "accounts" });
        let index = folder.join(Index::FILE).display().to_string();
        words.say(format_args!("csm: wrote the documents of {count} {noun}; {} links them", Clean(&index)));
        Ok(())
    }
}
