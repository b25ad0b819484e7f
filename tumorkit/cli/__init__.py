"""The command line: options in, text out; every command is imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from tumorkit import __version__
from tumorkit.errors import TumorkitError, suggestion


@dataclass(frozen=True)
class Command:
    """One row of the table of commands."""

    name: str
    module: str
    help: str


GROUPS = {
    "variants": "Filter, explain, count and compare small variants.",
    "cnv": "Copy number: coverage, segments, calls, pictures.",
    "purity": "Purity, ploidy and copies of both alleles.",
    "tmb": "Tumour mutational burden.",
    "msi": "Microsatellite instability.",
    "hrd": "Scars of failed homologous recombination.",
    "signatures": "Mutational signatures: count, explain, draw.",
    "verdict": "Whether the tests of one repair agree.",
    "interpretation": "Tiers and oncogenicity by tables of the laboratory.",
    "report": "Reports from results: page, exports, differences, checks.",
}

# In the order of the work, which is the order of `tumorkit --help`.
COMMANDS = (
    Command("profile", "profile", "Run the main job: one case in, one folder with its report out."),
    Command("simulate", "simulate", "Make a tumour-normal case whose truth is known, from a seed."),
    Command(
        "variants merge",
        "variants.merge",
        "Merge several callers' VCFs of one tumour, haplotype by haplotype.",
    ),
    Command(
        "variants annotate",
        "variants.annotate",
        "Add population frequencies, labelled regions and hotspots from local files.",
    ),
    Command(
        "variants filter",
        "variants.filter",
        "Filter a VCF by a specification, with a reason for every verdict.",
    ),
    Command(
        "variants check",
        "variants.check",
        "Say what a specification means, and which of its filters a VCF can answer.",
    ),
    Command(
        "variants background",
        "variants.background",
        "Learn from normals how often each allele is an error.",
    ),
    Command(
        "variants count", "variants.count", "Count reference and alternative reads at listed sites."
    ),
    Command(
        "variants why",
        "variants.why",
        "Tell why one variant is in or out, also when it is not there.",
    ),
    Command(
        "variants diff",
        "variants.diff",
        "Say which variants two specifications judge differently, and by which filters.",
    ),
    Command(
        "variants swap",
        "variants.swap",
        "Bound the false positives of a specification by exchanging tumour and normal.",
    ),
    Command(
        "variants compare",
        "variants.compare",
        "Compare a VCF with a truth: recall and precision, by type and by VAF.",
    ),
    Command(
        "variants import",
        "variants.import_",
        "Read structural variants, fusions and ITDs that other programs called.",
    ),
    Command(
        "cnv run",
        "cnv.run",
        "Copy number in one command: from BAM files to segments, genes and a picture.",
    ),
    Command("cnv bins", "cnv.bins", "Make bins of targets or of a genome, with GC and repeats."),
    Command("cnv coverage", "cnv.coverage", "Mean depth of targets from a BAM or CRAM."),
    Command("cnv alleles", "cnv.alleles", "Count reads of both alleles at SNPs of a tumour."),
    Command("cnv reference", "cnv.reference", "Pool normals into a reference for copy ratios."),
    Command("cnv normalize", "cnv.normalize", "Turn coverage into copy ratios against normals."),
    Command("cnv segment", "cnv.segment", "Find segments of constant copy number in copy ratios."),
    Command("cnv call", "cnv.call", "Call genes and segments; absolute copies only with a purity."),
    Command("cnv plot", "cnv.plot", "Draw copy ratios and segments."),
    Command("cnv export", "cnv.export", "Write copy number in the formats of other programs."),
    Command("purity fit", "purity.fit", "Purity and ploidy with all solutions and their weights."),
    Command("tmb score", "tmb.score", "Tumour mutational burden with its exact interval."),
    Command("tmb calibrate", "tmb.calibrate", "Fit exome TMB by panel TMB, with its error."),
    Command("msi scan", "msi.scan", "Find the microsatellites of a reference or of targets."),
    Command("msi baseline", "msi.baseline", "Learn from normals how microsatellites stutter."),
    Command("msi score", "msi.score", "Microsatellite instability with its interval."),
    Command("msi calibrate", "msi.calibrate", "Set an MSI cut-off from cases of known status."),
    Command("hrd score", "hrd.score", "Count scars of failed homologous recombination."),
    Command(
        "signatures matrix",
        "signatures.matrix",
        "Count mutations by class: 96 substitutions, 78 doublets, 83 insertions and deletions.",
    ),
    Command(
        "signatures fit",
        "signatures.fit",
        "Explain mutations by signatures: processes first, names after, with intervals.",
    ),
    Command("signatures plot", "signatures.plot", "Draw spectra and what explains them."),
    Command("verdict mmr", "verdict.mmr", "Lay the tests of mismatch repair side by side."),
    Command("verdict hr", "verdict.hr", "Lay the tests of homologous recombination side by side."),
    Command(
        "interpretation import",
        "interpretation.import_",
        "Take over a knowledge base's dump with its date and digest.",
    ),
    Command(
        "interpretation classify",
        "interpretation.classify",
        "Tiers and oncogenicity by the laboratory's tables.",
    ),
    Command("report build", "report.build", "Make the report of a finished profile."),
    Command("report collect", "report.collect", "Join the results of single steps to a profile."),
    Command("report export", "report.export", "Write a finished case in other programs' formats."),
    Command("report diff", "report.diff", "Say what changed between two profiles, and why."),
    Command("report verify", "report.verify", "Check the files of a profile by their digests."),
)


class ReaderGoneError(Exception):
    """Nobody reads our output any more; click would answer a broken pipe with exit code 1."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not before."""

    def __init__(self, prefix: str, name: str | None = None, help: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, help=help, no_args_is_help=True)
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of subcommands in the order of the table."""
        names = [c.name.removeprefix(self.prefix).split()[0] for c in self.rows()]
        return list(dict.fromkeys(names))

    def rows(self) -> list[Command]:
        """Return the rows of the table that belong to this group."""
        return [command for command in COMMANDS if command.name.startswith(self.prefix)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        full = f"{self.prefix}{cmd_name}"
        for row in self.rows():
            if row.name == full:
                module = importlib.import_module(f"tumorkit.cli.{row.module}")
                command: click.Command = module.command
                return command
            if row.name.startswith(f"{full} "):
                return LazyGroup(f"{full} ", name=cmd_name, help=GROUPS[full])
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            hint = suggestion(name, self.list_commands(ctx))
            ctx.fail(f"no command {name!r}" + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that went away (`| head`) is told from a disk that is full."""
        try:
            outcome: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error
        return outcome

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the short helps from the table, importing nothing."""
        rows = []
        for name in self.list_commands(ctx):
            full = f"{self.prefix}{name}"
            short = next((c.help for c in self.rows() if c.name == full), GROUPS.get(full, ""))
            rows.append((name, short))
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """Print the version and which form of the kernels is in use."""
    if not value or ctx.resilient_parsing:
        return
    from tumorkit.core.kernels import kernel_forms

    forms = kernel_forms()
    said = ", ".join(f"{name} {form}" for name, form in forms.items())
    click.echo(f"tumorkit {__version__} (kernels: {said})")
    ctx.exit()


root = LazyGroup(
    "",
    name="tumorkit",
    help=(
        "Profile a tumour: filtered variants with reasons, copy number, biomarkers, one report.\n\n"
        "Every command is also a Python function in tumorkit.api."
    ),
)
root.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show_version,
        help="Show the version and the form of the kernels.",
    )
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 data, 2 usage."""
    sys.exit(run(argv))


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    quiet_warnings()
    try:
        outcome = root.main(args=argv, prog_name="tumorkit", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        # click writes sentences; our errors are a line without capital and full stop.
        said = error.format_message().rstrip(".")
        said = said[:1].lower() + said[1:]
        tell(f"error: {said}")
        context = getattr(error, "ctx", None)
        if context is not None:
            click.echo(f"hint: see `{context.command_path} --help`", err=True)
        return 2
    except click.Abort:
        click.echo("stopped", err=True)
        return 130
    except TumorkitError as error:
        tell(f"error: {error.message}")
        if error.hint:
            tell(f"hint: {error.hint}")
        return error.exit_code
    except ReaderGoneError:
        # Pointing stdout elsewhere keeps the interpreter from complaining at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return outcome if isinstance(outcome, int) else 0


def tell(line: str) -> None:
    """Say a line on standard error; what an input is called cannot steer a terminal."""
    from tumorkit.contract.visible import visible

    click.echo(visible(line), err=True)


def quiet_warnings() -> None:
    """Print warnings as one line on standard error, without the source line."""
    import warnings

    def one_line(message: Warning | str, *_args: object, **_kwargs: object) -> None:
        tell(f"warning: {message}")

    warnings.showwarning = one_line
