"""The result of a purity fit as later steps read it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.builders_purity import write_fit
from tumorkit.errors import InputError
from tumorkit.io.fitted_purity import read_fitted_purity


def test_solutions_come_with_points_and_copies(tmp_path: Path) -> None:
    found = read_fitted_purity(write_fit(tmp_path / "fit.json"))
    assert found.answered
    assert found.used == pytest.approx(0.6, abs=0.03)
    assert sum(item.weight for item in found.solutions) == pytest.approx(1)
    best = found.solutions[0]
    assert best.points[:, 2].sum() == pytest.approx(1)
    assert len(best.copies) == len(found.contig) == 22
    at = found.contig.index("chr5")
    assert (best.copies[at], best.minor_copies[at]) == (2, 0)
    assert found.points()[:, 2].sum() == pytest.approx(1)


def test_unmeasured_alleles_are_unknown(tmp_path: Path) -> None:
    found = read_fitted_purity(write_fit(tmp_path / "fit.json", alleles=False))
    assert np.isnan(found.solutions[0].minor_copies).all()


def test_a_fit_without_an_answer_gives_no_purity(tmp_path: Path) -> None:
    found = read_fitted_purity(write_fit(tmp_path / "fit.json", flat=True))
    assert not found.answered
    assert found.used is None
    assert found.notes(None)[0].startswith("no purity is used")
    assert found.notes(0.4)[0].startswith("purity 0.4 as given is used")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "expected a tumorkit/purity result"),
        ('{"schema": "tumorkit/tmb"}', "expected a tumorkit/purity result, found 'tumorkit/tmb'"),
        ('{"schema": "tumorkit/purity"}', "damaged result"),
    ],
)
def test_another_file_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "fit.json"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_fitted_purity(path)


def test_a_damaged_solution_is_refused(tmp_path: Path) -> None:
    path = write_fit(tmp_path / "fit.json")
    document = json.loads(path.read_text())
    document["alternatives"][3]["copies"] = []
    path.write_text(json.dumps(document))
    with pytest.raises(InputError, match="damaged result"):
        read_fitted_purity(path)
