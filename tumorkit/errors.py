"""What can go wrong, said in one line, and what to do about it.

The library raises these; only :mod:`tumorkit.cli` turns them into an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from os import PathLike, fspath


class TumorkitError(Exception):
    """Something that the user can mend: what happened, and a hint what to do next."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class ParameterError(TumorkitError):
    """An option, a setting or a case file says something that cannot be."""

    exit_code = 2


class InputError(TumorkitError):
    """A file cannot be used as it is.

    >>> str(InputError("calls.tsv", "expected 6 columns, found 4", line=12))
    'calls.tsv:12: expected 6 columns, found 4'
    """

    def __init__(
        self, path: str | PathLike[str], message: str, *, line: int | None = None, hint: str = ""
    ) -> None:
        place = fspath(path) if line is None else f"{fspath(path)}:{line}"
        super().__init__(f"{place}: {message}", hint)
        self.path = fspath(path)
        self.line = line


class OutputError(InputError):
    """A file cannot be written."""


class MissingIndexError(InputError):
    """An alignment, a VCF or a FASTA lacks the index that random access needs."""


class ContigMismatchError(InputError):
    """Two inputs name their contigs differently, or were made on other contigs."""


class SampleNotFoundError(InputError):
    """A sample is not in the file."""

    def __init__(self, path: str | PathLike[str], sample: str, present: Iterable[str]) -> None:
        names = list(present)
        listed = ", ".join(names) if names else "none"
        super().__init__(
            path,
            f"no sample {sample!r}; samples present: {listed}",
            hint=suggestion(sample, names) or "name one of the samples present",
        )


class ReferenceMismatchError(InputError):
    """Two inputs were made on different reference builds."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or an empty string.

    >>> suggestion("gsm560-ffpe", ["gms560-ffpe", "wes"])
    "did you mean 'gms560-ffpe'?"
    """
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean {nearest[0]!r}?" if nearest else ""
