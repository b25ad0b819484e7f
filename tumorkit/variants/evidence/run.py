"""Opens the files that say what is known of a case."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tumorkit.contract.result import InputFile
from tumorkit.errors import ParameterError
from tumorkit.genome.build import Build
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.fitted_purity import read_fitted_purity
from tumorkit.io.segments import read_segments
from tumorkit.variants.background.run import open_background
from tumorkit.variants.evidence.case import Case, CaseSolution, copies_of, purity_grid, solutions_of


@dataclass(frozen=True, kw_only=True)
class CaseFiles:
    """Files and values that say what is known of a case; all may be left out.

    ``segments`` are called segments with copy numbers (``tumorkit cnv call``); ``purity`` is the
    measured one, with its standard deviation if there is one. ``purity_fit`` is the result of a
    fit, whose solutions say purity and copies by weight; a purity that is given goes before it.
    """

    background: Path | None = None
    segments: Path | None = None
    reference: Path | None = None
    purity_fit: Path | None = None
    purity: float | None = None
    purity_sd: float = 0.0
    contamination: float = 0.0
    sex: str = ""

    @property
    def used_purity(self) -> float | None:
        """Return the one purity to reckon with: the given one, else the fitted one, else None."""
        if self.purity is not None or self.purity_fit is None:
            return self.purity
        return read_fitted_purity(self.purity_fit).used

    def purity_notes(self) -> tuple[str, ...]:
        """Return in words which purity is used where a fit was given, and why."""
        if self.purity_fit is None:
            return ()
        return read_fitted_purity(self.purity_fit).notes(self.purity)

    @property
    def any(self) -> bool:
        """Whether anything at all was given."""
        return self != CaseFiles()

    def inputs(self) -> list[InputFile]:
        """Return the files with their digests."""
        named = (
            ("background", self.background),
            ("segments", self.segments),
            ("reference", self.reference),
            ("purity_fit", self.purity_fit),
        )
        return [input_file(role, path) for role, path in named if path is not None]


def solutions_from(files: CaseFiles) -> tuple[CaseSolution, ...]:
    """Return the solutions of the fit that was given, none where a purity was given beside it.

    Raises :class:`ParameterError` where segments with copies are given as well: the fit has its
    own at each solution.
    """
    if files.purity_fit is None or files.purity is not None:
        return ()
    if files.segments is not None:
        raise ParameterError(
            "both --segments and --purity-fit say the copies of segments",
            "leave --segments out: the fit has them for each of its solutions",
        )
    return solutions_of(read_fitted_purity(files.purity_fit))


@contextlib.contextmanager
def open_case(files: CaseFiles, build: Build | None) -> Iterator[Case]:
    """Open what was given and yield the case; files are closed at the end."""
    with contextlib.ExitStack() as stack:
        copies = copies_of(read_segments(files.segments)) if files.segments else {}
        if files.segments and all(np.isnan(item.copy_number).all() for item in copies.values()):
            raise ParameterError(
                f"{files.segments}: no segment has a copy number",
                "call the segments with a purity first: tumorkit cnv call T.cns --purity .7",
            )
        grid, weights = purity_grid(files.purity, files.purity_sd)
        solutions = solutions_from(files)
        bases = stack.enter_context(open_fasta(files.reference)) if files.reference else None
        background = None
        if files.background is not None:
            background = open_background(files.background, reference=files.reference)
        yield Case(
            purity=grid,
            purity_weight=weights,
            contamination=files.contamination,
            sex=files.sex,
            build=build,
            copies=copies,
            background=background,
            bases=bases,
            solutions=solutions,
        )
