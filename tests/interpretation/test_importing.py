"""CIViC's dump: columns checked, dated, and every row that is left out counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interpretation.builders import DUMP, write_dump
from tumorkit.cli import run
from tumorkit.errors import InputError, ParameterError
from tumorkit.interpretation.importing import ImportParams
from tumorkit.interpretation.importing.run import run_import
from tumorkit.interpretation.matching import fits, readable
from tumorkit.interpretation.nouns import Alteration

NAME = "01-Jan-2026-ClinicalEvidenceSummaries.tsv"


def test_every_row_is_taken_over_or_counted(tmp_path: Path) -> None:
    result = run_import(write_dump(tmp_path / NAME))
    assert result.date == "2026-01-01"
    assert result.rows == len(DUMP) == len(result.items) + sum(result.left_out.values())
    assert dict(result.left_out) == {
        "not accepted by an editor": 1,
        "profiles of several variants": 1,
    }
    assert result.items[0].therapies == ("Drugone", "Drugtwo")
    assert len(result.inputs[0].sha256) == 64
    more = run_import(tmp_path / NAME, params=ImportParams(submitted=True, min_rating=2))
    assert [item.id for item in more.items] == ["EID1", "EID2", "EID4", "EID5"]


def test_a_dump_has_a_date(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "civic.tsv")
    with pytest.raises(ParameterError, match="date"):
        run_import(path)
    assert run_import(path, params=ImportParams(date="2026-02-03")).date == "2026-02-03"
    with pytest.raises(ParameterError, match="YYYY-MM-DD"):
        run_import(path, params=ImportParams(date="3 February"))


def test_missing_columns_are_listed(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text("gene\tvariant\tdisease\n")
    with pytest.raises(InputError, match="no column molecular_profile, therapies"):
        run_import(path)


def test_command_writes_the_statements(tmp_path: Path) -> None:
    out = tmp_path / "civic.json"
    dump = write_dump(tmp_path / NAME)
    assert run(["interpretation", "import", "civic", str(dump), "-o", str(out)]) == 0
    document = json.loads(out.read_text())
    assert document["schema"] == "tumorkit/interpretation.knowledge"
    assert run(["interpretation", "import", "cosmic", str(dump), "-o", str(out)]) == 2


@pytest.mark.parametrize(
    ("words", "fitting"),
    [
        ("V600E", "protein change"),
        ("p.V600E (c.1799T>A)", "protein change"),
        ("V600", "codon"),
        ("V600K", ""),
        ("Mutation", "any change of the protein"),
        ("Exon 15 Mutation", "exon"),
        ("EXON 14-16 MUTATION", "exon"),
        ("Exon 11 Mutation", ""),
        ("EXON 15 DELETION", ""),
        ("Truncating Mutation", ""),
        ("Amplification", ""),
        ("Expression", ""),
    ],
)
def test_words_for_alterations(words: str, fitting: str) -> None:
    found = Alteration(
        gene="BRAF", protein="V600E", terms=("missense_variant",), exon=15, ref="A", alt="T"
    )
    assert fits(words, found) == fitting


def test_a_silent_variant_fits_no_words_for_changes() -> None:
    silent = Alteration(gene="BRAF", protein="V600=", terms=("synonymous_variant",), exon=15)
    assert [w for w in ("V600", "MUTATION", "EXON 15 MUTATION") if fits(w, silent)] == []


def test_frame_shifts_fit_by_where_they_begin() -> None:
    shift = Alteration(gene="APC", protein="E1156Gfs*7", terms=("frameshift_variant",))
    assert fits("E1156fs", shift) == "protein change"
    assert fits("LOSS-OF-FUNCTION", shift) == "null variant"


def test_what_cannot_be_read_is_known() -> None:
    assert not readable("Wildtype")
    assert not readable("EML4::ALK Fusion")
    assert readable("D835V")
