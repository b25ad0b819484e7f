"""What a terminal sees: bars, log lines, short tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, TypeVar

import click

from tumorkit.contract.summary import Summary
from tumorkit.contract.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")


class Terminal:
    """Progress on standard error: bars on a terminal, log lines when verbose.

    Work within work shows its bar below the outer one; all bars leave when the work is done.
    """

    def __init__(self, *, bars: bool, verbose: bool) -> None:
        self.bars = bars
        self.verbose = verbose
        self._display: Progress | None = None

    def track(
        self, items: Iterable[Item], *, label: str = "", total: int | None = None
    ) -> Iterator[Item]:
        """Pass the items through behind a bar."""
        if not self.bars:
            yield from items
            return
        outermost = self._display is None
        display = self._display or self._start()
        if total is None and isinstance(items, Sized):
            total = len(items)
        task = display.add_task(label, total=total)
        try:
            for item in items:
                yield item
                display.advance(task)
        finally:
            display.remove_task(task)
            if outermost:
                display.stop()
                self._display = None

    def _start(self) -> Progress:
        """Open the display that all bars share; a terminal can hold one at a time."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._display = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed:.0f}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._display.start()
        return self._display

    def log(self, message: str) -> None:
        """Say a line, above the bars if there are any."""
        message = visible(message)
        if self._display is not None:
            self._display.console.print(message, markup=False, highlight=False)
        elif self.verbose or self.bars:
            click.echo(message, err=True)


def print_summary(summary: Summary) -> None:
    """Print a short table on standard output; names of the input cannot steer a terminal."""
    summary = Summary(
        title=visible(summary.title),
        columns=summary.columns,
        rows=tuple(tuple(visible(cell, keep="") for cell in row) for row in summary.rows),
        notes=tuple(map(visible, summary.notes)),
    )
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

    table = Table(
        title=Text(summary.title) if summary.title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for column in summary.columns:
        table.add_column(column, overflow="fold")
    for row in summary.rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    console.print(table)
    for note in summary.notes:
        console.print(Text(note, style="dim"))
