"""Present, absent, or not to be known: absent only where the variant would have been seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import make_bed
from tests.variants.background.panels import genome, make_normal, make_panel, other_base
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.variants.background import BackgroundParams
from tumorkit.variants.background.run import run_background
from tumorkit.variants.count import CountParams, CountResult
from tumorkit.variants.count.run import run_count

FOUND, CLEAN, DARK = 1_030, 1_050, 2_001
REF = genome()["chr1"]


@pytest.fixture
def background(tmp_path: Path) -> Path:
    normals, bed, fasta = make_panel(tmp_path, [{}] * 6, depth=300)
    output = tmp_path / "b.tsv.gz"
    params = BackgroundParams(material="cfdna")
    run_background(normals, targets=bed, reference=fasta, output=output, params=params)
    return output


def count(tmp_path: Path, background: Path, depth: int, **settings: object) -> CountResult:
    bam = make_normal(tmp_path / f"t{depth}.bam", {FOUND: (other_base(FOUND), 40)}, depth=depth)
    sites = tmp_path / "sites.tsv"
    lines = [f"chr1\t{pos}\t{REF[pos - 1]}\t{other_base(pos)}" for pos in (FOUND, CLEAN, DARK)]
    sites.write_text("contig\tpos\tref\talt\n" + "".join(f"{line}\n" for line in lines))
    params = CountParams.from_mapping({"min_vaf": 0.1, **settings})
    return run_count(bam, sites=sites, background=background, params=params)


def test_absent_is_said_only_where_the_variant_would_have_been_found(
    background: Path, tmp_path: Path
) -> None:
    deep, shallow = (count(tmp_path, background, depth) for depth in (400, 42))
    assert [row.detection for row in deep.sites] == ["present", "absent", "not_evaluable"]
    assert [row.detection for row in shallow.sites] == ["present", "not_evaluable", "not_evaluable"]
    assert deep.sites[0].background_p is not None
    assert deep.sites[0].background_p < 1e-5
    assert deep.sites[1].background_p == 1.0
    assert "with a chance of" in str(shallow.sites[1].detection_reason)
    assert deep.sites[2].background_p is None


def test_few_reads_are_not_present_however_rare_the_error(background: Path, tmp_path: Path) -> None:
    result = count(tmp_path, background, 400, min_alt_depth=41)
    assert result.sites[0].detection != "present"


def test_a_background_of_another_material_is_refused(background: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="material is cfdna, but the sample's is ffpe"):
        count(tmp_path, background, 60, material="ffpe")
    assert "material of one side" in count(tmp_path, background, 60).notes[0]
    assert count(tmp_path, background, 60, material="cfdna").notes == ()
    other = count(tmp_path, background, 60, material="cfdna", min_base_quality=10)
    assert "p-values do not hold" in other.notes[0]


def test_without_a_background_nothing_is_judged(
    background: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count(tmp_path, background, 60)
    words = ["variants", "count", str(tmp_path / "t60.bam"), "--sites", str(tmp_path / "sites.tsv")]
    assert run(words) == 0
    assert "by the background" not in capsys.readouterr().out
    assert run([*words, "--background", str(background), "-q", "-o", "-"]) == 0
    table = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert table[0][-3:] == ["background_p", "detection", "detection_reason"]
    assert table[1][-2] == "present"
    bed = make_bed(tmp_path / "no.bed", [("chr1", 1, 2)])
    assert run([*words, "--background", str(bed)]) == 1
