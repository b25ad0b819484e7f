"""``tumorkit profile``: the main job."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import (
    PATH,
    option_of,
    outdir_option,
    show,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.contract.visible import visible
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.profile.prepare import Files
from tumorkit.profile.run import load_case, run_profile, summarize


def case_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for every setting and every file of a case, and pass them by name."""

    @functools.wraps(function)
    def wrapper(**kwargs: Any) -> Any:
        settings = {s.name: kwargs.pop(s.name) for s in Case.described()}
        files = {role: kwargs.pop(role) for role in CaseInputs.roles()}
        return function(settings=settings, files=files, **kwargs)

    decorated: Any = wrapper
    for role, text in reversed(CaseInputs.roles().items()):
        flag = "--" + role.replace("_", "-")
        many = role in CaseInputs.several()
        decorated = click.option(flag, role, type=PATH, multiple=many, help=text)(decorated)
    for setting in reversed(list(Case.described())):
        decorated = option_of(setting)(decorated)
    return decorated  # type: ignore[no-any-return]


@click.command("profile")
@click.argument("case", type=PATH, required=False)
@outdir_option
@case_options
@click.option(
    "--require-evaluable", is_flag=True, help="Exit 1 if a biomarker cannot be evaluated."
)
@threads_option
@verbosity_options
def command(
    *,
    case: Path | None,
    outdir: Path,
    settings: dict[str, Any],
    files: dict[str, Files],
    require_evaluable: bool,
    threads: int,
    progress: Progress,
) -> int:
    """Run the main job: one case in, one folder with its report out.

    CASE is a TOML file that names the case and its files; options override it.
    """
    known, inputs = load_case(case, settings=settings, files=files)
    result = run_profile(known, inputs, outdir=outdir, threads=threads, progress=progress)
    show(summarize(result, outdir))
    problems = result.problems(require_evaluable=require_evaluable)
    for problem in problems:
        click.echo(f"error: {visible(problem)}", err=True)
    return 1 if problems else 0
