"""Commands of tumour mutational burden, and the options of their territory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from tumorkit.cli.options import PATH, Function, targets_option

OPTIONS: tuple[Callable[[Any], Any], ...] = (
    targets_option,
    click.option("--exons", type=PATH, help="Coding exons: GTF, GFF3, refFlat or BED."),
    click.option("--mask", "masks", type=PATH, multiple=True, help="BED to leave out; repeatable."),
    click.option(
        "--coverage",
        type=PATH,
        help="Depth: mosdepth's BED (per-base, quantized or thresholds), or .cnn.",
    ),
    click.option(
        "--megabases",
        type=click.FloatRange(0, min_open=True),
        help="Size to divide by. [Mb]",
    ),
)


def territory_options(function: Function) -> Function:
    """Add the options of the territory."""
    decorated: Any = function
    for option in reversed(OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
