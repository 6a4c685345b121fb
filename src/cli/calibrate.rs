//! `csm calibrate`: bounds of bands and tiers by what happened.

use super::Failure;
use super::args::{CalibrateArgs, Format};
use super::bounds;
use super::history::Told;
use super::joined::Joined;
use super::output::{self, Words, write_document};
use crate::account::Profile;
use crate::config::{Bound, Models};
use crate::evidence::{Bounds, Material, On, Parting, Present, Rule, Sample, propose};
use crate::render::Clean;
use crate::render::json::Json;
use crate::report::record::write_calibration;
use crate::report::{self, Calibration, Proposed};

pub fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    let format = Format::chosen(args.format, &args.target, Format::EXPLANATIONS)?;
    let words = Words::new(args.target.quiet);
    let rule = rule(args)?;
    let beside = [Some(args.outcomes.as_path()), None];
    let joined = Joined::read(&args.history, beside, &args.observed, args.target.output.as_deref(), words)?;
    let Joined { input, told: Told { history, .. }, .. } = &joined;
    let points = history.points(&joined.assessor(), input.threads());
    let lives = joined.lives(&points)?;
    let scores = match args.on {
        Some(on) => vec![On::from(on)],
        None => vec![On::Health, On::Churn],
    };
    let calibration = |on: On| {
        let sample = Sample::of_history(history, &points, &lives, &[], on, args.observed.horizon);
        let parting = Parting::of(&sample);
        let material = |parting| Material { history, points: &points, lives: &lives, sample: &sample, parting };
        let present = present(&input.models, on);
        let proposals =
            parting.map(|parting| propose(material(parting), rule, &present, input.threads())).unwrap_or_default();
        Calibration { sample, parting, proposals }
    };
    let calibrations: Vec<Calibration> = scores.into_iter().map(calibration).collect();
    let written = if args.write {
        let note = report::calibration_note(rule, history, &input.name, &args.outcomes.display().to_string());
        let paths = bounds::write(&args.history.model, &input.models, &proposed(&calibrations), &note)?;
        Some(paths.iter().map(|path| path.display().to_string()).collect::<Vec<String>>())
    } else {
        None
    };
    let context = joined.context();
    let subject = Proposed { context, rule, lives: &lives, calibrations: &calibrations, written: written.as_deref() };
    let told = output::write(args.target.output.as_deref(), |out| match format {
        Format::Document(format) => write_document(out, report::calibration(subject), format, &args.target),
        Format::Json => write_calibration(&subject, &mut Json::new(out)),
        Format::Ndjson | Format::Csv | Format::Xlsx => Err(format.refused()),
    });
    if let (Err(_), Some(files)) = (&told, &written) {
        let files: Vec<String> = files.iter().map(|file| Clean(file).to_string()).collect();
        if !files.is_empty() {
            Words::tell(format_args!(
                "csm: the bounds are written into {}; only what is said of them is not",
                files.join(" and ")
            ));
        }
    }
    told
}

/// The bounds that are to replace others now; those that stay are not among them.
fn proposed(calibrations: &[Calibration]) -> Vec<(Bound, f64)> {
    let mut replaced = Vec::new();
    for calibration in calibrations {
        for proposal in &calibration.proposals {
            let Some(chosen) = proposal.bounds() else { continue };
            let [alarm, grave] = match (calibration.sample.on, proposal.profile) {
                (On::Health, Some(profile)) => [Bound::Green(profile), Bound::Yellow(profile)],
                (On::Health, None) => continue,
                (On::Churn, _) => [Bound::Medium, Bound::High],
            };
            let moves = [(alarm, chosen.alarm, proposal.present.alarm), (grave, chosen.grave, proposal.present.grave)];
            replaced.extend(moves.into_iter().filter(|(_, new, old)| new != old).map(|(bound, new, _)| (bound, new)));
        }
    }
    replaced
}

/// The rule that the arguments ask for.
fn rule(args: &CalibrateArgs) -> Result<Rule, Failure> {
    let contrary = args.recall.zip(args.recall_red).filter(|(alarm, grave)| grave >= alarm);
    if let Some((alarm, grave)) = contrary {
        return Err(Failure::Usage(format!(
            "--recall-red {grave}: expected less than --recall, which is {alarm}: whoever is red is below green too"
        )));
    }
    let recall = args.recall.map(|alarm| Rule::Recall { alarm, grave: args.recall_red });
    let capacity = args.capacity.map(Rule::Capacity);
    let cost = args.cost_fp.zip(args.cost_fn).map(|(false_alarm, missed)| Rule::Cost { false_alarm, missed });
    recall.or(capacity).or(cost).ok_or_else(|| {
        Failure::Usage(
            "expected --recall, --capacity, or --cost-fp with --cost-fn: by what are bounds to be chosen?".to_owned(),
        )
    })
}

/// The bounds of now: those of the bands by segment, or of the tiers for all.
fn present(models: &Models, on: On) -> Vec<Present> {
    let segments = (0..).map(Profile).take(models.segments.names().len());
    match on {
        On::Health => segments
            .filter_map(|profile| match models.health.model.plan(profile).bands().bounds() {
                [alarm, grave, ..] => Some(Present {
                    profile: Some(profile),
                    bounds: Bounds { alarm: *alarm, grave: *grave },
                    limit: None,
                }),
                _ => None,
            })
            .collect(),
        On::Churn => match models.churn.model.plan(Profile::default()).bands().bounds() {
            [critical, grave, alarm, ..] => {
                vec![Present { profile: None, bounds: Bounds { alarm: *alarm, grave: *grave }, limit: Some(*critical) }]
            }
            _ => Vec::new(),
        },
    }
}
