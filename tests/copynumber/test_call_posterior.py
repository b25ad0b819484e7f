"""Calls on a purity that is known as a posterior."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.builders_purity import fitted_result, segments_of, write_fit
from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.copynumber.call import call
from tumorkit.genome.build import GRCH38
from tumorkit.genome.fitted_purity import FittedPurity
from tumorkit.genome.segment import Gene
from tumorkit.io.fitted_purity import fitted_purity
from tumorkit.io.segments import segments_text


@pytest.fixture(scope="module")
def fit() -> FittedPurity:
    return fitted_purity(to_document(fitted_result()))


def ambiguous(fit: FittedPurity) -> FittedPurity:
    """The same with a second solution: twice the copies at a lower purity."""
    best = fit.solutions[0]
    other = replace(best, weight=0.4, purity=0.42, ploidy=4.1, points=np.array([[0.42, 4.1, 1.0]]))
    return replace(fit, solutions=(replace(best, weight=0.6), other))


def test_a_fit_gives_the_best_solutions_copies(fit: FittedPurity) -> None:
    found = call(None, segments_of(), fitted=fit, build=GRCH38)
    plain = call(None, segments_of(), purity=fit.purity, ploidy=fit.ploidy, build=GRCH38)
    for one, other in zip(found.segments, plain.segments, strict=True):
        assert one.segment.copy_number == other.segment.copy_number
        assert one.state == other.state
        assert one.copy_number_low is not None
        assert other.copy_number_low is not None
        assert one.copy_number_low <= (one.segment.copy_number or 0) <= (one.copy_number_high or 0)
    assert any("as fitted is used" in note for note in found.notes)


def test_intervals_hold_every_solution(fit: FittedPurity) -> None:
    sure = call(None, segments_of(), fitted=fit, build=GRCH38)
    open_ = call(None, segments_of(), fitted=ambiguous(fit), build=GRCH38)
    gained = next(at for at, one in enumerate(sure.segments) if one.segment.contig == "chr8")

    def width(found: object) -> float:
        one = found.segments[gained]  # type: ignore[attr-defined]
        return float(one.copy_number_high - one.copy_number_low)

    assert width(open_) > 2 + width(sure)


def test_states_of_other_solutions_are_named(fit: FittedPurity) -> None:
    rows = segments_of()
    rows[8] = replace(rows[8], log2_ratio=-0.95, log2_low=-0.97, log2_high=-0.93, baf=None)
    genes = [Gene(name="CDKN2A", contig="chr9", start=21_967_000, end=21_995_000)]
    found = call(None, rows, genes, fitted=ambiguous(fit), build=GRCH38)
    (gene,) = found.genes
    assert gene.state_probability is not None
    assert 0.5 < gene.state_probability < 0.7
    assert gene.other_states
    assert {gene.state, gene.other_states.rpartition(" ")[0]} == {"homozygous deletion", "loss"}
    assert any("solutions of purity and ploidy differ" in note for note in found.notes)


def test_a_given_purity_goes_before_the_fit(fit: FittedPurity) -> None:
    found = call(None, segments_of(), purity=0.9, ploidy=2.0, fitted=fit, build=GRCH38)
    plain = call(None, segments_of(), purity=0.9, ploidy=2.0, build=GRCH38)
    assert found.segments == plain.segments
    assert found.notes[0].startswith("purity 0.9 as given is used; the fitted one (0.6")


def test_a_fit_without_an_answer_gives_no_copies() -> None:
    fit = fitted_purity(to_document(fitted_result(flat=True)))
    found = call(None, segments_of(flat=True), fitted=fit, build=GRCH38)
    assert all(item.segment.copy_number is None for item in found.segments)
    assert found.notes[0].startswith("no purity is used")


def test_the_command_takes_the_fits_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "T.cns"
    path.write_text(segments_text(segments_of()))
    fit = write_fit(tmp_path / "fit.json")
    out = tmp_path / "called.cns"
    assert run(["cnv", "call", str(path), "--purity-fit", str(fit), "-o", str(out), "-q"]) == 0
    assert "as fitted is used" in capsys.readouterr().out
    header, first = out.read_text().splitlines()[:2]
    assert header.split("\t")[-2:] == ["state_probability", "other_states"]
    assert len(first.split("\t")) == len(header.split("\t"))
