"""CIViC's dump: columns checked, dated, and every row that is left out counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interpretation.builders import DUMP, write_dump
from tumorkit.cli import run
from tumorkit.errors import InputError, ParameterError
from tumorkit.interpretation.importing import ImportParams, import_civic
from tumorkit.interpretation.importing.run import run_import

NAME = "01-Jan-2026-ClinicalEvidenceSummaries.tsv"


def test_every_row_is_taken_over_or_counted(tmp_path: Path) -> None:
    result = run_import(write_dump(tmp_path / NAME))
    assert result.date == "2026-01-01"
    assert result.rows == len(DUMP) == len(result.items) + sum(result.left_out.values())
    assert dict(result.left_out) == {"not accepted by an editor": 1}
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


def test_a_dump_that_is_not_there_is_said_before_its_date_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        run_import(tmp_path / "evidence.tsv")


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


def test_profiles_of_several_alterations_stay_whole(tmp_path: Path) -> None:
    items = {item.id: item for item in run_import(write_dump(tmp_path / NAME)).items}
    assert (items["EID3"].gene, items["EID3"].alteration) == ("", "BRAF V600E AND PTEN LOSS")
    assert (items["EID4"].gene, items["EID4"].alteration) == ("EML4::ALK", "Fusion")
    assert items["EID4"].profile == "EML4::ALK Fusion"


def test_what_the_dump_says_of_a_statement_is_kept_and_flags_are_heeded(tmp_path: Path) -> None:
    known = {**DUMP[0], "doid": "1909", "therapy_interaction_type": "Combination",
             "variant_origin": "Somatic"}  # fmt: skip
    result = import_civic([known, {**known, "is_flagged": "true"}], date="2026-01-01")
    (item,) = result.items
    assert (item.doid, item.interaction, item.origin) == ("1909", "Combination", "Somatic")
    assert dict(result.left_out) == {"flagged by an editor": 1}
