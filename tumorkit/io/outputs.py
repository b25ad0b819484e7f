"""Where a command's result goes: a main file, a JSON document, a short table for the reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tumorkit.contract.result import dumps
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError
from tumorkit.io.atomic import write_text

STDOUT = Path("-")


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """The places that were asked for; None is nowhere, ``-`` is standard output."""

    output: Path | None = None
    json: Path | None = None
    show: Callable[[Summary], None] | None = None

    def claim(self, *tables: Path | None) -> None:
        """Raise where two of the files and ``tables`` have one place: one would be lost."""
        named = [path for path in (self.output, self.json, *tables) if path not in (None, STDOUT)]
        places = [os.path.realpath(path) for path in named if path is not None]
        for path, place in zip(named, places, strict=True):
            if places.count(place) > 1:
                raise ParameterError(
                    f"{path}: two files were asked for under this name",
                    "give every file a name of its own",
                )
        if (self.output, self.json, *tables).count(STDOUT) > 1:
            raise ParameterError(
                "standard output was asked for twice: two files on one stream cannot be told apart",
                "give one of them a file name instead of -",
            )

    def write_json(self, document: Mapping[str, Any]) -> None:
        """Write the JSON document where it was asked for."""
        if self.json is not None:
            write_to(self.json, dumps(document))

    def write_output(self, text: str) -> None:
        """Write the main file where it was asked for."""
        if self.output is not None:
            write_to(self.output, text)

    def summarize(self, summary: Summary) -> None:
        """Show the short table, unless standard output is taken."""
        if self.show is not None and STDOUT not in (self.output, self.json):
            self.show(summary)


def write_to(path: Path, text: str) -> None:
    """Write text to a file, whole or not at all, or to standard output."""
    if path == STDOUT:
        sys.stdout.write(text)
    else:
        write_text(path, text)
