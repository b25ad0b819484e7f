"""A pipeline's single results make the same profile as one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import DIGEST, make_copy_number, make_estimate, make_variants
from tumorkit.cli import run as tumorkit
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError, ParameterError
from tumorkit.io.outputs import Outputs
from tumorkit.profile.collect import run_collect, write_collect
from tumorkit.profile.params import Case
from tumorkit.report import render_report

EXAMPLE = Path(__file__).parents[2] / "example_data"


def result(schema: str, content: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    head = {"schema": f"tumorkit/{schema}", "schema_version": "1.0", "tumorkit_version": "0.1.0"}
    inputs = [{"role": "somatic", "name": "T1.vcf.gz", "sha256": DIGEST}]
    return {**head, "sample": "T1", "build": "GRCh38", **content, "inputs": inputs, **changes}


def written(folder: Path, **documents: dict[str, Any]) -> list[Path]:
    paths = []
    for name, document in documents.items():
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(document))
    return paths


def test_single_results_become_one_profile(tmp_path: Path) -> None:
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(2, 3)),
        burden=result("tmb", {**make_estimate(), "scheme": "twist-gms560"}),
    )
    document = to_document(run_collect(paths, case=Case(tumor_type="melanoma")))
    assert document["sample"] == "T1"
    assert document["build"] == "GRCh38"
    assert document["case"]["tumor_type"] == "melanoma"
    assert document["case"]["tumor_only"] is True
    parts = {part["name"]: part for part in document["parts"]}
    assert parts["tmb"]["result"]["scheme"] == "twist-gms560"
    assert parts["variants"]["files"] == ["filtered.json"]
    assert parts["msi"]["reason"] == "no microsatellite instability result was given"
    rows = {row["name"]: row["estimate"]["status"] for row in document["biomarkers"]}
    assert rows["TMB"] == "ok"
    assert rows["MSI"] == "not_evaluable"
    assert [row["role"] for row in document["inputs"]] == [
        "somatic", "variants_result", "tmb_result",
    ]  # fmt: skip
    assert "TMB-High" in render_report(document)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sample": "T2"}, "burden.json is of sample 'T2', not 'T1'"),
        ({"build": "GRCh37"}, "burden.json is on GRCh37, filtered.json on GRCh38"),
        (
            {"inputs": [{"role": "somatic", "name": "other.vcf", "sha256": "0" * 64}]},
            "filtered.json and burden.json read another somatic file",
        ),
        (
            {"inputs": [{"role": "variants", "name": "T1.vcf.gz", "sha256": "0" * 64}]},
            "filtered.json and burden.json read another file T1.vcf.gz",
        ),
        ({"schema": "tumorkit/variants.filter"}, "are both small variants"),
    ],
)
def test_what_contradicts_is_one_error(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(1, 0)),
        burden=result("tmb", make_estimate(), **changes),
    )
    with pytest.raises(ParameterError, match="do not belong together") as caught:
        run_collect(paths)
    assert said in caught.value.message


def test_all_that_contradicts_is_said_at_once(tmp_path: Path) -> None:
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(1, 0)),
        burden=result("tmb", make_estimate(), sample="T2", build="GRCh37"),
    )
    with pytest.raises(ParameterError, match=r"sample 'T2'.*GRCh37"):
        run_collect(paths)


def test_a_tumour_may_run_under_two_names_if_that_is_said(tmp_path: Path) -> None:
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(1, 0), sample="lane-7"),
        burden=result("tmb", make_estimate()),
    )
    found = run_collect(paths, case=Case(sample="T1", tumor_sample="lane-7"))
    assert found.sample == "T1"


def test_a_tumour_may_run_under_more_names_than_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """VCF, BAM and file of copy ratios often know a tumour by three names."""
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(2, 3)),
        burden=result("tmb", make_estimate(), sample="VAL-01"),
        copies=result("msi", make_estimate(), sample="T1_tumor"),
    )
    command = ["report", "collect", *map(str, paths), "-o", str(tmp_path / "p.json"), "-q"]
    assert tumorkit([*command, "--alias", "VAL-01"]) == 2
    told = capsys.readouterr().err
    assert "copies.json is of sample 'T1_tumor', not 'T1' or 'VAL-01'" in told
    assert "--alias NAME" in told
    assert tumorkit([*command, "--alias", "VAL-01", "--alias", "T1_tumor"]) == 0
    assert json.loads((tmp_path / "p.json").read_text())["sample"] == "T1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "expected a JSON object, found a list"),
        ('{"schema": "tumorkit/simulate"}', "no part of a profile"),
        ('{"schema": "tmb"}', "no part of a profile"),
        ('{"schema": "tumorkit/tmb", "schema_version": "2.0"}', "schema version 1.x"),
    ],
)
def test_a_file_that_is_no_result_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        run_collect([path])


def test_parts_of_a_run_profile_collect_to_the_same_answers(tmp_path: Path) -> None:
    from tumorkit.profile.params import CaseInputs
    from tumorkit.profile.run import run_profile

    files = {"somatic": "somatic.vcf.gz", "copy_ratios": "tumor.cnr", "genes": "genes.bed"}
    given: dict[str, Any] = {role: EXAMPLE / name for role, name in files.items()}
    inputs = CaseInputs(**given)
    whole = to_document(
        run_profile(Case(sample="EXAMPLE_T", build="GRCh38"), inputs, outdir=tmp_path / "run")
    )
    ready = {p["name"]: p["result"] for p in whole["parts"] if p["result"]}
    # What the purity step adds to its fit is the profile's own; segments serve other parts.
    fit = ready.pop("purity", {}).get("fitted")
    ready.pop("segments", None)
    paths = written(tmp_path, **ready, **({"fit": fit} if fit else {}))
    found = to_document(run_collect(paths))
    again = {part["name"]: part for part in found["parts"]}
    assert {name: again[name]["result"] for name in ready} == ready
    same = [row for row in whole["biomarkers"] if row["part"] in ready]
    assert [row for row in found["biomarkers"] if row["part"] in ready] == same


def test_the_command_writes_a_profile_that_the_report_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = written(tmp_path, filtered=result("variants.filter", make_variants(2, 3)))
    out, page = tmp_path / "profile.json", tmp_path / "report.html"
    assert tumorkit(["report", "collect", *map(str, paths), "-o", str(out)]) == 0
    assert tumorkit(["report", "build", str(out), "-o", str(page), "-q"]) == 0
    assert "T1" in capsys.readouterr().out
    assert page.read_text().startswith("<!doctype html>")
    assert tumorkit(["report", "collect", str(out), "-o", str(tmp_path / "x.txt")]) in (1, 2)


def test_a_profile_goes_into_a_json_file(tmp_path: Path) -> None:
    paths = written(tmp_path, filtered=result("variants.filter", make_variants(1, 0)))
    with pytest.raises(ParameterError, match="a profile is a JSON file"):
        write_collect(run_collect(paths), Outputs(output=tmp_path / "profile.html"))


def test_a_purity_that_was_given_is_used_and_shown_as_given(tmp_path: Path) -> None:
    paths = written(tmp_path, filtered=result("variants.filter", make_variants(1, 0)))
    document = to_document(run_collect(paths, case=Case(purity=0.4, ploidy=2.1)))
    assert document["case"]["purity"] == 0.4
    assert document["case"]["purity_source"] == "given"
    assert "0.4 as given is used" in render_report(document)


def test_segments_may_differ_between_steps(tmp_path: Path) -> None:
    rows = [{"role": "segments", "name": name, "sha256": name * 64} for name in ("a", "b")]
    paths = written(
        tmp_path,
        burden=result("tmb", make_estimate(), inputs=rows[:1]),
        sites=result("msi", make_estimate(), inputs=rows[1:]),
    )
    assert run_collect(paths).sample == "T1"


def test_the_order_of_results_changes_nothing(tmp_path: Path) -> None:
    sites = [{"role": "loci", "name": "sites.tsv", "sha256": "5" * 64}]
    paths = written(
        tmp_path,
        filtered=result("variants.filter", make_variants(2, 3)),
        burden=result("tmb", make_estimate(), sample=None),
        sites=result("msi", make_estimate(), inputs=sites),
    )
    said = [
        to_document(run_collect(order)) for order in (paths, paths[::-1], paths[1:] + paths[:1])
    ]
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(("used", "fits"), [(0.6, True), (0.595, True), (0.3, False), (None, True)])
def test_copies_of_another_purity_do_not_belong(
    tmp_path: Path, used: float | None, fits: bool
) -> None:
    paths = written(
        tmp_path,
        copies=result("copynumber.call", {**make_copy_number(), "purity": used}),
        fit=result(
            "purity",
            {
                **make_estimate(0.598),
                "state": "solved",
                "solutions": [{"weight": 1.0}],
                "ploidy": make_estimate(2.0),
            },
        ),
    )
    if fits:
        assert run_collect(paths).case.purity == 0.598
        return
    said = "copies.json counts copies at a purity of 0.3, fit.json has 0.598"
    with pytest.raises(ParameterError, match=said):
        run_collect(paths)
    with pytest.raises(ParameterError, match=r"copies at a purity of 0.3, the case has 0.5"):
        run_collect(paths[:1], case=Case(purity=0.5))
    assert run_collect(paths, case=Case(purity=0.3)).case.purity == 0.3


def test_one_result_may_read_two_files_of_one_name(tmp_path: Path) -> None:
    rows = [{"role": "calls", "name": "calls.tsv", "sha256": digit * 64} for digit in "12"]
    sites = result("msi", make_estimate(), inputs=rows)
    burden = result("tmb", make_estimate(), inputs=rows[1:])
    found = run_collect(written(tmp_path, sites=sites, burden=burden))
    assert [row.sha256[0] for row in found.inputs if row.role == "calls"] == ["2", "1"]
    other = result("tmb", make_estimate(), inputs=[{**rows[0], "sha256": "3" * 64}])
    with pytest.raises(ParameterError, match=r"read another file calls.tsv"):
        run_collect(written(tmp_path, sites=sites, burden=other))


def test_a_germline_vcf_that_a_step_read_was_given(tmp_path: Path) -> None:
    rows = [{"role": "germline", "name": "germline.vcf.gz", "sha256": "5" * 64}]
    paths = written(tmp_path, sites=result("msi", make_estimate(), inputs=rows))
    germline = {part.name: part.reason for part in run_collect(paths).parts}["germline"]
    assert germline == (
        "not assessed: a germline VCF was given, but its findings are not reported here"
    )


def test_a_collected_report_does_not_send_a_reader_to_a_file_without_the_rows(
    tmp_path: Path,
) -> None:
    paths = written(tmp_path, filtered=result("variants.filter", make_variants(2, 3, alleles=90)))
    page = render_report(to_document(run_collect(paths)))
    assert "are not shown here; all are in the filtered VCF" in page
