#!/usr/bin/env python3
"""Measures whole processes of csm against what they are bound to, and against DuckDB and Polars.

Makes portfolios, builds csm and the yardstick, installs the other programs into a virtual environment, checks that all find the same
for each account, then lets every program run once per round, and writes benches/RESULTS.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AS_OF = "2026-06-01"
SMALL, LARGE = 100_000, 1_000_000
MIB = 1 << 20
# Processes that end in milliseconds run so often in a round.
SHORT_RUNS = 20


class Run:
    """A program with a portfolio: `csm`, `duckdb` and `polars` make a report, `yardstick` parses, `true` does nothing."""

    def __init__(self, program, report="", form="", size="", threads=2, once=False):
        self.program, self.report, self.form, self.size, self.threads, self.once = program, report, form, size, threads, once

    def name(self, sizes):
        if not self.size:
            return self.program if self.program == "true" else f"{self.program} {self.report}, four accounts"
        words = [self.program, self.report, self.form, f"{sizes[self.size]:,}"]
        if self.program != "yardstick":
            words.append("one thread" if self.threads == 1 else f"{self.threads} threads")
        return " ".join(filter(None, words))

    def key(self):
        return (self.program, self.report, self.form, self.size, self.threads)


class Bound:
    """What must hold of the times of two runs, and of the memory of the first."""

    def __init__(self, group, text, kind, first, second=None, limit=None, mib=None):
        self.group, self.text, self.kind, self.first, self.second = group, text, kind, first, second
        self.limit, self.mib = limit, mib

    def runs(self):
        return [run for run in (self.first, self.second) if run]


def used_by_others(seconds=3):
    """The share of the processors' time that is used while this program does nothing."""

    def times():
        with open("/proc/stat", encoding="ascii") as stat:
            fields = [int(field) for field in stat.readline().split()[1:]]
        return sum(fields), fields[3] + fields[4]

    total, idle = times()
    time.sleep(seconds)
    later, later_idle = times()
    return 1 - (later_idle - idle) / (later - total)


def csm(report="health", form="ndjson", size="small", threads=2, once=False):
    return Run("csm", report, form, size, threads, once)


def bounds(threads):
    """All bounds. `most`: first ÷ second at most the limit; `least`: second ÷ first at least; `milliseconds`: first − second at most;
    `bytes`: memory per further account at most; `shown`: second ÷ first, with no limit."""
    yield Bound("four", "four accounts, whole process, against `/bin/true`", "milliseconds", Run("csm", "health"), Run("true"), 2)
    one = csm(form="json", threads=1)
    text = "health JSON, array, one thread, against a typed parse of the same fields"
    yield Bound("yardstick", text, "most", one, Run("yardstick", form="json", size="small"), 1.2, 20)
    large = csm(form="json", size="large", threads=1)
    yield Bound("linear", "health JSON, array, one thread: ten times the accounts", "most", large, one, 10.5, 110)
    many = csm(threads=threads)
    for size, limit, mib in (("small", 3, 40), ("large", 2, 150)):
        ours, text = csm(size=size, threads=threads), f"health, NDJSON, {threads} threads"
        yield Bound("ndjson", f"{text}: times faster than DuckDB", "least", ours, Run("duckdb", "health", "ndjson", size, threads), limit, mib)
        if size == "small":
            yield Bound("ndjson", f"{text}: times faster than Polars", "shown", ours, Run("polars", "health", "ndjson", size, threads))
    array = csm(form="json", threads=threads)
    yield Bound("array", f"health, JSON array against NDJSON, {threads} threads", "most", array, many, 1.25)
    for used in (1, threads):
        health = csm(form="json", threads=used)
        shown = "one thread" if used == 1 else f"{used} threads"
        for report, limit in (("churn", 1.6), ("expand", 2.2), ("report", 2.5)):
            first = csm(report, "json", threads=used)
            yield Bound("reports", f"{report} JSON against health, {shown}", "most", first, health, limit)
    table = csm(form="csv", threads=threads)
    yield Bound("csv", f"health, CSV against NDJSON, {threads} threads", "most", table, many, 1)
    for other, kind, limit in (("duckdb", "least", 3), ("polars", "shown", None)):
        text = f"health, CSV, {threads} threads: times faster than {'DuckDB' if other == 'duckdb' else 'Polars'}"
        yield Bound("csv", text, kind, table, Run(other, "health", "csv", "small", threads), limit)
    churn = csm("churn", threads=threads)
    for other, title in (("duckdb", "DuckDB"), ("polars", "Polars")):
        text = f"churn, NDJSON, {threads} threads: times faster than {title}"
        yield Bound("churn", text, "shown", churn, Run(other, "churn", "ndjson", "small", threads))
    yield Bound("memory", "memory of health per further account, one thread", "bytes", large, one, 100)
    for report in ("churn", "expand", "report"):
        first, second = csm(report, "json", "large", 1, once=True), csm(report, "json", threads=1)
        yield Bound("memory", f"memory of {report} per further account, one thread", "bytes", first, second, 250)
    first, second = (csm("health --format ndjson", "json", size, 1, once=True) for size in ("large", "small"))
    yield Bound("memory", "memory of `--format ndjson` per further account, one thread", "bytes", first, second, 32)


def say(text):
    print(text, file=sys.stderr, flush=True)


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def deviation(values):
    """The median distance from the median."""
    middle = median(values)
    return median([abs(value - middle) for value in values])


class Bench:
    def __init__(self, args):
        self.args = args
        self.cache = args.cache.resolve()
        self.cache.mkdir(parents=True, exist_ok=True)
        self.sizes = dict(zip(("small", "large"), args.sizes))
        self.csm = ROOT / "target/release/csm"
        self.tools = self.cache / "tools/release"
        self.python = self.cache / "venv/bin/python"
        self.times, self.memory = {}, {}

    def build(self):
        say("building csm and the yardstick")
        target = os.environ.get("CARGO_TARGET_DIR")
        if target:
            self.csm = (ROOT / target / "release/csm").resolve()
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], check=True, cwd=ROOT)
        manifest = HERE.parent / "yardstick/Cargo.toml"
        command = ["cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", manifest, "--target-dir", self.cache / "tools"]
        subprocess.run(command, check=True, cwd=ROOT)
        said = output_of(self.csm, "health", "--help")
        self.has_threads = "--threads" in said
        self.has_lines = "- ndjson" in said.partition("      --format <")[2].partition("\n      --")[0]

    def install(self):
        wanted = HERE / "requirements.txt"
        installed = self.cache / "venv/installed.txt"
        if installed.exists() and installed.read_text() == wanted.read_text():
            return
        say("installing DuckDB and Polars")
        subprocess.run([sys.executable, "-m", "venv", self.cache / "venv"], check=True)
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
        subprocess.run(pip, check=True)
        installed.write_text(wanted.read_text())

    def selected(self):
        chosen = [bound for bound in bounds(self.args.threads) if not self.args.only or bound.group in self.args.only]
        if not self.has_threads:
            # All runs are on one thread, so none need be measured twice.
            for bound in chosen:
                for run in bound.runs():
                    run.threads = 1 if run.program == "csm" else run.threads
            seen = set()
            chosen = [each for each in chosen if (key := (each.kind, *(run.key() for run in each.runs()))) not in seen and not seen.add(key)]
        if not self.has_lines:
            chosen = [bound for bound in chosen if "--format" not in bound.first.report]
        return chosen

    def portfolio(self, run):
        """The file that a run reads, made where it is not there yet."""
        if not run.size:
            return ROOT / "assets/sample_customer_data.json"
        path = self.cache / f"portfolio-{self.sizes[run.size]}.{run.form}"
        if not path.exists():
            say(f"making {path.name}")
            part = path.with_suffix(".part")
            with open(part, "wb") as out:
                subprocess.run([self.tools / "portfolio", str(self.sizes[run.size]), run.form], check=True, stdout=out)
            part.rename(path)
        return path

    def command(self, run, output="/dev/null"):
        if run.program == "true":
            return ["/bin/true"]
        path = str(self.portfolio(run))
        if run.program == "yardstick":
            return [str(self.tools / "yardstick"), path]
        if run.program in ("duckdb", "polars"):
            script = HERE / f"{run.program}_run.py"
            return [str(self.python), str(script), run.report, path, output, str(run.threads), AS_OF]
        report, *options = run.report.split()
        threads = ["--threads", str(run.threads)] if self.has_threads else []
        return [str(self.csm), report, path, "--as-of", AS_OF, "--quiet", *(options or ["--format", "json"]), *threads]

    def check(self, runs):
        """Whether all programs find the same for each account, and csm the same bytes on every number of threads."""
        ours, other = self.cache / "ours.json", self.cache / "other.json"
        try:
            for run in runs:
                if run.program in ("duckdb", "polars"):
                    base = Run("csm", run.report, run.form, run.size, run.threads)
                    with open(ours, "wb") as out:
                        subprocess.run(self.command(base), check=True, stdout=out)
                    subprocess.run(self.command(run, str(other)), check=True)
                    command = [sys.executable, HERE / "check.py", ours, other]
                    found = subprocess.run(command, capture_output=True, text=True)
                    if found.returncode:
                        sys.exit(f"{run.name(self.sizes)}: {found.stderr.strip()}")
                    if int(found.stdout) != self.sizes[run.size]:
                        sys.exit(f"{run.name(self.sizes)}: {found.stdout.strip()} accounts compared")
                    say(f"equal, account by account: {run.name(self.sizes)}")
                elif run.program == "csm" and run.size and run.threads > 1:
                    one = Run("csm", run.report, run.form, run.size, 1)
                    for each, path in ((one, ours), (run, other)):
                        with open(path, "wb") as out:
                            subprocess.run(self.command(each), check=True, stdout=out)
                    if subprocess.run(["cmp", ours, other]).returncode:
                        sys.exit(f"{run.name(self.sizes)}: differs from what one thread writes")
                    say(f"the same bytes as on one thread: {run.name(self.sizes)}")
        finally:
            ours.unlink(missing_ok=True)
            other.unlink(missing_ok=True)

    def once(self, command):
        """The seconds and the peak memory of a process."""
        done = subprocess.run([self.tools / "measure", *command], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed: {done.stderr.strip()}")
        seconds, peak = done.stdout.split()
        return float(seconds), int(peak)

    def measure(self, runs):
        commands = {run.key(): (run, self.command(run)) for run in runs}
        for key in commands:
            self.times[key], self.memory[key] = [], []
        # The round before the first fills the caches and is not counted.
        for number in range(self.args.rounds + 1):
            say(f"round {number} of {self.args.rounds}" if number else "a round that is not counted")
            for key, (run, command) in commands.items():
                if run.once and number != 1:
                    continue
                measured = [self.once(command) for _ in range(1 if run.size else SHORT_RUNS)]
                if number:
                    self.times[key].append(median([seconds for seconds, _ in measured]))
                    self.memory[key].append(max(peak for _, peak in measured))

    def limit(self, bound):
        """The limit at the sizes that were measured: a bound on growth grows with them."""
        if bound.group == "linear":
            return bound.limit / 10 * self.sizes["large"] / self.sizes["small"]
        return bound.limit

    def row(self, bound):
        """What a bound asks for, what was found, the span of the rounds, and whether it is met."""
        first, second = bound.first.key(), bound.second.key()
        a, b = median(self.times[first]), median(self.times[second])
        rounds = list(zip(self.times[first], self.times[second]))
        limit = self.limit(bound)
        asked, found, spans, met = "–", "", [], None
        if bound.kind == "milliseconds":
            found, spans = f"{(a - b) * 1000:.2f} ms", [(x - y) * 1000 for x, y in rounds]
            asked, met = f"≤ {limit} ms", (a - b) * 1000 <= limit
        elif bound.kind == "most":
            found, spans = f"{a / b:.2f} ×", [x / y for x, y in rounds]
            asked, met = f"≤ {limit:g} ×", a / b <= limit
        elif bound.kind in ("least", "shown"):
            found, spans = f"{b / a:.2f} ×", [y / x for x, y in rounds]
            if limit:
                asked, met = f"≥ {limit:g} ×", b / a >= limit
        elif bound.kind == "bytes":
            further = self.sizes["large"] - self.sizes["small"]
            each = (max(self.memory[first]) - max(self.memory[second])) / further
            asked, found, met = f"≤ {limit} B", f"{each:.0f} B", each <= limit
        span = f"{min(spans):.2f}–{max(spans):.2f}" if spans else "–"
        if bound.mib and (self.sizes["small"], self.sizes["large"]) == (SMALL, LARGE):
            peak = max(self.memory[first]) / MIB
            asked += f", ≤ {bound.mib} MiB"
            found += f", {peak:.0f} MiB"
            met = met and peak <= bound.mib
        verdict = "–" if met is None else "yes" if met else "**no**"
        size = bound.first.size
        accounts = f"{self.sizes[size]:,}" if size else "4"
        return f"| {bound.text} | {accounts} | {asked} | {found} | {span} | {verdict} |"

    def write(self, chosen, runs, others):
        processor = next(
            (line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine()
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
        cores = len(os.sched_getaffinity(0))
        commit = output_of("git", "rev-parse", "--short=12", "HEAD") + (" with changes" if output_of("git", "status", "--porcelain", "-uno") else "")
        command = "benches/compare/run.py " + " ".join(sys.argv[1:])
        used = f"other programs used {others:.0%} of the processors before the start"
        busy = [] if others <= 0.1 else ["", f"**The machine was busy** ({used}): the times are not to be relied on."]
        single = [] if self.has_threads else ["", "This build of csm has no `--threads`: it ran on one thread wherever more are asked for."]
        lines = [
            "# Results",
            "",
            "Written by `benches/compare/run.py`; [how it measures](README.md#against-other-programs). Whole processes, results to",
            "`/dev/null`, medians of all rounds. The span is that of the rounds, each of which ran every program once.",
            *busy,
            *single,
            "",
            "| work | accounts | bound | measured | span | met |",
            "|---|---|---|---|---|---|",
            *(self.row(bound) for bound in chosen),
            "",
            "## Runs",
            "",
            "Seconds. Spread is the median distance from the median, memory the peak of the process.",
            "",
            "| run | median | least | most | spread | MiB | rounds |",
            "|---|---|---|---|---|---|---|",
        ]
        for run in runs:
            times, peak = self.times[run.key()], max(self.memory[run.key()]) / MIB
            figures = (median(times), min(times), max(times), deviation(times))
            shown = " | ".join(f"{figure:.4f}" if median(times) < 0.05 else f"{figure:.3f}" for figure in figures)
            lines.append(f"| {run.name(self.sizes)} | {shown} | {peak:.0f} | {len(times)} |")
        lines += [
            "",
            "## Where and how",
            "",
            f"- Machine: {processor}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}; {used}",
            f"- csm {output_of(self.csm, '--version').split()[-1]} at {commit}, {output_of('rustc', '--version')}",
            *(
                [f"- {', '.join(f'{name} {version}' for name, version in self.versions())}, Python {platform.python_version()}"]
                if self.python.exists()
                else []
            ),
            f"- Portfolios: {', '.join(f'{path.name} {path.stat().st_size:,} bytes' for path in sorted({self.portfolio(run) for run in runs if run.size}))}",
            f"- Command: `{command.strip()}`",
            "",
        ]
        self.args.output.write_text("\n".join(lines))
        print("\n".join(lines))

    def versions(self):
        script = "import json, duckdb, polars; print(json.dumps([['DuckDB', duckdb.__version__], ['Polars', polars.__version__]]))"
        return json.loads(output_of(self.python, "-c", script))


def main():
    groups = list(dict.fromkeys(bound.group for bound in bounds(2)))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=groups, metavar="PART", help=f"measure these parts alone: {', '.join(groups)}")
    parser.add_argument("--rounds", type=int, default=9, help="how often each program runs (default: 9)")
    parser.add_argument("--sizes", type=int, nargs=2, default=(SMALL, LARGE), metavar=("SMALL", "LARGE"), help="accounts (default: 100000 1000000)")
    parser.add_argument("--threads", type=int, default=2, help="threads of every program but where one is asked for (default: 2)")
    parser.add_argument("--skip-check", action="store_true", help="measure without comparing the results first")
    parser.add_argument("--cache", type=Path, default=ROOT / "target/compare", help="where portfolios and programs are kept (default: target/compare)")
    parser.add_argument("--output", type=Path, default=HERE.parent / "RESULTS.md", help="where the results go (default: benches/RESULTS.md)")
    args = parser.parse_args()
    if args.rounds < 1 or args.threads < 2 or not 0 < args.sizes[0] < args.sizes[1]:
        parser.error("at least one round, two threads, and a large size above the small one")
    bench = Bench(args)
    bench.build()
    chosen = bench.selected()
    runs = list({run.key(): run for bound in chosen for run in bound.runs()}.values())
    if any(run.program in ("duckdb", "polars") for run in runs):
        bench.install()
    if not args.skip_check:
        bench.check(runs)
    others = used_by_others()
    bench.measure(runs)
    bench.write(chosen, runs, others)


main()
