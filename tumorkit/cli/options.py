"""Options made from Settings, and options that mean the same in every command."""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.settings import Setting, Settings
from tumorkit.contract.summary import Summary
from tumorkit.io.outputs import Outputs

Function = TypeVar("Function", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


def settings_options(
    params_class: type[Settings], *, name: str = "params", leave_out: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Add an option per setting and pass them as one object of ``params_class``.

    Options that were not given keep the default of the class.
    """
    described = [s for s in params_class.described() if s.name not in leave_out]

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            values = {s.name: kwargs.pop(s.name) for s in described}
            given = {
                key: tuple(value) if isinstance(value, (list, tuple)) else value
                for key, value in values.items()
                if value is not None and value != ()
            }
            kwargs[name] = params_class(**given)
            return function(*args, **kwargs)

        decorated: Any = wrapper
        for setting in reversed(described):
            decorated = option_of(setting)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def steps_options(
    params_class: type[Any], *, leave_out: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Add the options of all steps of a run and pass them as one object of ``params_class``.

    A field of the class holds the settings of one step; a setting of the same name in several
    steps has the option of the first, which leaves out ``step.setting`` of the others.
    """
    steps = {
        item.name: item.default_factory
        for item in dataclasses.fields(params_class)
        if item.default_factory is not dataclasses.MISSING
    }

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            params = params_class(**{step: kwargs.pop(f"{step}_params") for step in steps})
            return function(*args, params=params, **kwargs)

        decorated: Any = wrapper
        for step, settings in reversed(steps.items()):
            left = tuple(
                name.partition(".")[2] for name in leave_out if name.startswith(f"{step}.")
            )
            made: Any = settings
            decorated = settings_options(made, name=f"{step}_params", leave_out=left)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def changed_options(
    params_class: type[Settings], *, name: str = "changes", leave_out: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Add an option per setting and pass the ones that were given, by name, as a dictionary.

    For commands whose defaults come from a preset, so none is shown.
    """
    described = [
        dataclasses.replace(setting, default=None)
        for setting in params_class.described()
        if setting.name not in leave_out
    ]

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            values = {setting.name: kwargs.pop(setting.name) for setting in described}
            kwargs[name] = {
                key: tuple(value) if isinstance(value, (list, tuple)) else value
                for key, value in values.items()
                if value is not None and value != ()
            }
            return function(*args, **kwargs)

        decorated: Any = wrapper
        for setting in reversed(described):
            decorated = option_of(setting)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def option_of(setting: Setting) -> Callable[[Function], Function]:
    """Return the click option of one setting; its default is shown, not set."""
    flag = "--" + setting.name.replace("_", "-")
    text = setting.text
    if setting.unit:
        text += f" [{setting.unit}]"
    shown = shown_default(setting)
    if shown:
        text += f" [default: {shown}]"
    if setting.kind is bool:
        flag = f"{flag}/--no-{setting.name.replace('_', '-')}"
        return click.option(flag, setting.name, default=None, help=text)
    # An empty choice is how a case says "not given"; nobody has to type it.
    choices = [choice for choice in setting.choices if choice]
    kind: Any = click.Choice(choices) if choices else setting.kind
    shown_kind = {float: "NUMBER", int: "N", Path: "PATH"}.get(setting.kind, "TEXT")
    return click.option(
        flag,
        setting.name,
        type=kind,
        default=None,
        multiple=setting.repeated,
        help=text,
        metavar=None if setting.choices else shown_kind,
    )


def shown_default(setting: Setting) -> str:
    """Return a default as help shows it; empty where there is none."""
    default = setting.default
    if default is None or default in ((), ""):
        return ""
    if setting.kind is bool:
        return "yes" if default else "no"
    if setting.repeated:
        return ", ".join(map(str, default))
    return f"{default:g}" if isinstance(default, float) else str(default)


def output_options(*, output: str = "", json: bool = True) -> Callable[[Function], Function]:
    """Add ``-o/--output`` (with its help, if the command has a main file) and ``--json``."""

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            outputs = Outputs(
                output=kwargs.pop("output", None), json=kwargs.pop("json", None), show=show
            )
            outputs.claim()
            return function(*args, outputs=outputs, **kwargs)

        decorated: Any = wrapper
        if json:
            decorated = click.option(
                "--json", "json", type=PATH, help="Write the result as JSON (- is stdout)."
            )(decorated)
        if output:
            decorated = click.option("-o", "--output", "output", type=PATH, help=output)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def verbosity_options(function: Function) -> Function:
    """Add ``-v`` and ``-q`` and pass a ``progress``."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        quiet, verbose = kwargs.pop("quiet"), kwargs.pop("verbose")
        return function(*args, progress=progress_for(quiet=quiet, verbose=verbose), **kwargs)

    quiet: Any = click.option(
        "-q", "--quiet", is_flag=True, help="Show no progress and no log lines."
    )
    verbose: Any = click.option("-v", "--verbose", is_flag=True, help="Say what is being done.")
    return verbose(quiet(wrapper))  # type: ignore[no-any-return]


def progress_for(*, quiet: bool, verbose: bool) -> Progress:
    """Return a bar on a terminal, plain log lines elsewhere, silence where asked for."""
    if quiet:
        return SILENT
    from tumorkit.cli.progress import Terminal

    return Terminal(bars=sys.stderr.isatty(), verbose=verbose)


def show(summary: Summary) -> None:
    """Print a short table: drawn on a terminal, plain when piped."""
    from tumorkit.cli.progress import print_summary

    print_summary(summary)


def case_options(function: Function) -> Function:
    """Add what is known of a case, for computed quantities; it comes as ``case_files``."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        from tumorkit.variants.evidence.run import CaseFiles

        names = [item.name for item in dataclasses.fields(CaseFiles)]
        given = {name: kwargs.pop(name) for name in names}
        known = {name: value for name, value in given.items() if value is not None}
        return function(*args, case_files=CaseFiles(**known), **kwargs)

    decorated: Any = wrapper
    for option in reversed(CASE_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


SHARE = click.FloatRange(0, 1)
CASE_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--background", type=PATH, help="Background of normals (tumorkit variants background)."
    ),
    click.option("--segments", type=PATH, help="Called segments (tumorkit cnv call)."),
    click.option("--reference", type=PATH, help="Reference FASTA (indexed)."),
    click.option("--purity", type=SHARE, metavar="NUMBER", help="Measured tumour purity."),
    click.option(
        "--purity-fit",
        type=PATH,
        help="JSON of tumorkit purity fit: purity and copies by its solutions, unless --purity.",
    ),
    click.option("--purity-sd", type=SHARE, metavar="NUMBER", help="Its standard deviation."),
    click.option(
        "--contamination", type=SHARE, metavar="NUMBER", help="Share of another person's DNA."
    ),
    click.option("--sex", type=click.Choice(["female", "male"]), help="Sex, if known."),
)
threads_option = click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads to use."
)
reference_option = click.option("--reference", type=PATH, help="Reference FASTA (indexed).")
targets_option = click.option("--targets", type=PATH, help="Panel BED.")
genes_option = click.option("--genes", type=PATH, help="Genes: BED, GTF or refFlat.")
build_option = click.option("--build", help="Reference build: GRCh37, GRCh38 or T2T.")
transcripts_option = click.option(
    "--transcripts", type=PATH, help="Transcript to report: lines gene, tab, transcript.version."
)
purity_fit_option = click.option(
    "--purity-fit", type=PATH, help="JSON of tumorkit purity fit; --purity goes before it."
)
outdir_option = click.option(
    "--outdir", type=PATH, required=True, help="Folder for the files; made if need be."
)
