"""Events of other callers in a case: found, none found, not looked for, and damaged files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import make_estimate
from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError, ReferenceMismatchError
from tumorkit.profile import Case, CaseInputs
from tumorkit.profile.collect import run_collect
from tumorkit.profile.run import load_case, run_profile, summarize
from tumorkit.profile.structural import class_part

ARRIBA = (
    "#gene1\tgene2\tbreakpoint1\tbreakpoint2\ttype\tsplit_reads1\tsplit_reads2\tdiscordant_mates\t"
    "confidence\treading_frame"
)
ALK = "EML4\tALK\t2:42295516\t2:29223528\tinversion\t10\t5\t7\thigh\tin-frame"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
ITD = "chr13\t28034100\t.\tN\t<TDUP>\t.\tPASS\tSVTYPE=TDUP;END=28034151;SVLEN=51;AO=12;DP=100"
CLASSES = ("fusions", "structural_variants", "internal_tandem_duplications")


def arriba(folder: Path, *rows: str, name: str = "arriba.tsv") -> Path:
    path = folder / name
    path.write_text("\n".join([ARRIBA, *rows]) + "\n")
    return path


def vcf(folder: Path, source: str, *rows: str, length: int = 248_956_422) -> Path:
    path = folder / f"{source}.vcf"
    meta = f"##fileformat=VCFv4.2\n##source={source}\n##contig=<ID=chr1,length={length}>\n"
    path.write_text(meta + "\n".join([COLUMNS, *rows]) + "\n")
    return path


def profiled(folder: Path, **files: tuple[Path, ...]) -> dict[str, dict[str, Any]]:
    inputs = CaseInputs(**files)  # type: ignore[arg-type]
    case = Case(sample="T1", build="GRCh38")
    document = to_document(run_profile(case, inputs, outdir=folder / "out"))
    return {part["name"]: part for part in document["parts"]}


def test_each_class_says_whether_it_was_looked_for_by_whom_and_in_what(tmp_path: Path) -> None:
    found = profiled(
        tmp_path,
        fusions=(arriba(tmp_path, ALK),),
        structural_variants=(vcf(tmp_path, "DRAGEN"),),
    )
    assert [found[name]["status"] for name in CLASSES] == ["ok", "ok", "not_evaluable"]
    rows = found["fusions"]["result"]["assessed_by"]
    assert [(row["caller"], row["material"], row["events"]) for row in rows] == [
        ("arriba", "RNA", 1), ("dragen", "DNA", 0)]  # fmt: skip
    assert found["structural_variants"]["result"]["events"] == 0
    assert found["internal_tandem_duplications"]["reason"].startswith("not assessed")
    assert found["structural_events"]["files"] == ["structural.json", "structural.tsv"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "EML4::ALK" in page
    assert "fusions by Arriba (RNA), DRAGEN (DNA)" in page


def test_a_caller_that_found_nothing_is_an_answer_and_no_file_is_none(tmp_path: Path) -> None:
    found = profiled(tmp_path, fusions=(arriba(tmp_path),))
    assert found["fusions"]["status"] == "ok"
    assert found["fusions"]["result"]["events"] == 0
    assert found["structural_variants"]["reason"] == (
        "not assessed: no structural variant calls were given (--structural-variants)"
    )
    text = summary_of(tmp_path / "out")
    assert "Structural events: 0 events (fusions by Arriba (RNA))" in text


def summary_of(outdir: Path) -> str:
    from tumorkit.report import summarize_report

    return "\n".join(summarize_report(json.loads((outdir / "profile.json").read_text())).notes)


def test_a_caller_given_for_what_it_does_not_look_for_answers_its_own_class(
    tmp_path: Path,
) -> None:
    found = profiled(tmp_path, structural_variants=(vcf(tmp_path, "ScanITD", ITD),))
    assert found["internal_tandem_duplications"]["result"]["events"] == 1
    assert found["structural_variants"]["reason"] == (
        "not assessed: scanitd (ScanITD.vcf) does not look for them"
    )


def test_an_event_of_a_class_that_nobody_looked_for_does_not_make_it_assessed(
    tmp_path: Path,
) -> None:
    itd = "chr13\t28034100\t.\tN\t<DUP>\t.\tPASS\tSVTYPE=DUP;END=28034151;SVLEN=51"
    found = profiled(tmp_path, structural_variants=(vcf(tmp_path, "DRAGEN", itd),))
    part = found["internal_tandem_duplications"]
    assert part["status"] == "not_evaluable"
    assert part["reason"].startswith("not assessed: some are listed")
    assert found["structural_events"]["result"]["events"][0]["name"] == "FLT3-ITD"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text(""),
        lambda path: path.write_text(f"{ARRIBA}\nEML4\tALK\tnowhere\n"),
        lambda path: path.write_bytes(b"\x1f\x8b\x08\x00damaged"),
        lambda path: path.write_text("{ not json"),
    ],
    ids=["empty", "a row without a place", "damaged gzip", "damaged JSON"],
)
def test_a_damaged_file_fails_its_class_and_the_others_finish(
    spoil: Callable[[Path], Any], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tsv"
    spoil(broken)
    found = profiled(
        tmp_path,
        fusions=(arriba(tmp_path, ALK), broken),
        internal_tandem_duplications=(vcf(tmp_path, "ScanITD", ITD),),
    )
    assert found["fusions"]["status"] == "failed"
    assert found["fusions"]["reason"].startswith("broken.tsv")
    assert str(tmp_path) not in found["fusions"]["reason"]
    assert found["internal_tandem_duplications"]["status"] == "ok"
    # What the sound file of the class holds is still there.
    names = {event["name"] for event in found["structural_events"]["result"]["events"]}
    assert names == {"EML4::ALK", "FLT3-ITD"}


def test_the_command_fails_with_a_damaged_file_and_still_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.tsv"
    broken.write_text("")
    options = ["--sample", "T1", "--build", "GRCh38", "--fusions", str(broken)]
    options += ["--fusions", str(arriba(tmp_path, ALK)), "--outdir", str(tmp_path / "out"), "-q"]
    assert run(["profile", *options]) == 1
    assert "error: Fusions: broken.tsv: is empty" in capsys.readouterr().err
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_case_file_lists_one_file_or_several(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        '[case]\nsample = "T1"\n[inputs]\nfusions = ["a.tsv", "b.tsv"]\n'
        'structural_variants = "c.vcf"\n'
    )
    _, inputs = load_case(path, settings={}, files={"structural_variants": (), "fusions": ()})
    assert inputs.fusions == (tmp_path / "a.tsv", tmp_path / "b.tsv")
    assert inputs.structural_variants == (tmp_path / "c.vcf",)
    assert inputs.internal_tandem_duplications == ()
    _, other = load_case(path, settings={}, files={"fusions": (Path("x.tsv"),)})
    assert other.fusions == (Path("x.tsv"),)


def test_events_on_another_build_stop_the_case(tmp_path: Path) -> None:
    with pytest.raises(ReferenceMismatchError, match="GRCh37"):
        profiled(tmp_path, structural_variants=(vcf(tmp_path, "manta", length=249_250_621),))


def test_a_second_run_uses_the_events_again_unless_a_file_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = arriba(tmp_path, ALK)
    options = ["profile", "--sample", "T1", "--build", "GRCh38", "--fusions", str(table),
               "--outdir", str(tmp_path / "out"), "-v"]  # fmt: skip
    texts = []
    for _ in range(2):
        assert run(options) == 0
        texts.append((tmp_path / "out" / "profile.json").read_bytes())
    assert "Structural events: used again" in capsys.readouterr().err
    assert texts[0] == texts[1]
    arriba(tmp_path)
    assert run(options) == 0
    assert "Structural events: used again" not in capsys.readouterr().err
    text = (tmp_path / "out" / "profile.json").read_text()
    assert "EML4" not in text


def test_imports_reach_a_collected_profile_and_are_joined(tmp_path: Path) -> None:
    burden = tmp_path / "tmb.json"
    head = {"schema": "tumorkit/tmb", "schema_version": "1.0", "sample": "T1", "build": "GRCh38"}
    burden.write_text(json.dumps({**head, **make_estimate(), "inputs": []}))
    paths = [burden]
    for at, rows in enumerate(([ALK], [ALK.replace("42295516", "42299516")])):
        table = arriba(tmp_path, *rows, name=f"rna{at}.tsv")
        paths.append(tmp_path / f"rna{at}.json")
        assert run(["variants", "import", str(table), "--json", str(paths[-1]), "-q"]) == 0
    for given, seen in ((paths[:2], 1), (paths, 2)):
        found = run_collect(given)
        (event,) = found.part("structural_events").result["events"]  # type: ignore[index]
        assert len(event["also"]) + 1 == seen
        assert found.part("fusions").status == "ok"
        assert found.part("structural_variants").status == "not_evaluable"


def test_an_import_is_taken_by_the_profile_too(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    table = vcf(tmp_path, "DRAGEN")
    assert run(["variants", "import", str(table), "--json", str(path), "-q"]) == 0
    found = profiled(tmp_path, structural_variants=(path,))
    assert found["structural_variants"]["status"] == "ok"


def test_the_summary_names_events(tmp_path: Path) -> None:
    case = Case(sample="T1", build="GRCh38")
    inputs = CaseInputs(fusions=(arriba(tmp_path, ALK),))
    result = run_profile(case, inputs, outdir=tmp_path / "out")
    notes = summarize(result, tmp_path / "out").notes
    assert "Structural events: 1 event: EML4::ALK in-frame (fusions by Arriba (RNA))" in notes


def test_a_document_of_another_kind_is_no_import() -> None:
    with pytest.raises(InputError, match="expected tumorkit/variants"):
        class_part("fusions", {"schema": "tumorkit/tmb"})


@pytest.mark.shared
def test_real_cell_lines_have_no_event_with_a_name(shared: Path, tmp_path: Path) -> None:
    files = (shared / "alignments/manta_hcc1954/somaticSV.vcf.gz",)
    case = Case(sample="HCC1954", build="GRCh37")
    result = run_profile(case, CaseInputs(structural_variants=files), outdir=tmp_path / "out")
    (note,) = [text for text in summarize(result, tmp_path).notes if "Structural events" in text]
    assert note == (
        "Structural events: 3 events (fusions by Manta (DNA); structural variants by Manta (DNA))"
    )
