"""What a terminal sees: bars, log lines, short tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from tumorkit.contract.summary import Summary

Item = TypeVar("Item")


class Terminal:
    """Progress on standard error: a bar on a terminal, log lines when verbose."""

    def __init__(self, *, bars: bool, verbose: bool) -> None:
        self.bars = bars
        self.verbose = verbose

    def track(
        self, items: Iterable[Item], *, label: str = "", total: int | None = None
    ) -> Iterator[Item]:
        """Pass the items through behind a bar."""
        if not self.bars:
            yield from items
            return
        from rich.console import Console
        from rich.progress import track

        yield from track(
            items, description=label, total=total, console=Console(stderr=True), transient=True
        )

    def log(self, message: str) -> None:
        """Say a line."""
        if self.verbose or self.bars:
            click.echo(message, err=True)


def print_summary(summary: Summary) -> None:
    """Print a short table on standard output."""
    if sys.stdout.isatty():
        print_drawn(summary)
    else:
        click.echo(plain_text(summary), nl=False)


def plain_text(summary: Summary) -> str:
    """Return title, tab-separated rows and notes."""
    lines = [f"# {summary.title}"] if summary.title else []
    lines.append("\t".join(summary.columns))
    lines += ["\t".join(row) for row in summary.rows]
    lines += [f"# {note}" for note in summary.notes]
    return "\n".join(lines) + "\n"


def print_drawn(summary: Summary) -> None:
    """Print a table with rules and a bold header."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=summary.title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for column in summary.columns:
        table.add_column(column, overflow="fold")
    for row in summary.rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    console.print(table)
    for note in summary.notes:
        console.print(Text(note, style="dim"))
