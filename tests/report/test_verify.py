"""A case's files against its manifest: one byte is enough, and a run made anew must agree."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from tumorkit.cli import run
from tumorkit.errors import InputError
from tumorkit.report.verify.run import run_report_verify

CASE = Path(__file__).parents[1] / "golden" / "profile"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small finished case, with its case file and inputs beside it."""
    folder = tmp_path_factory.mktemp("case")
    source = next(path.parent for path in sorted(CASE.glob("*/*.toml")))
    shutil.copytree(source, folder / "in", ignore=shutil.ignore_patterns("expected"))
    case = next((folder / "in").glob("*.toml"))
    assert run(["profile", str(case), "--outdir", str(folder / "out"), "-q"]) in (0, 1)
    return folder


def copy_of(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out" / "manifest.json"


def test_a_finished_case_is_intact(made: Path, tmp_path: Path) -> None:
    manifest = copy_of(made, tmp_path)
    result = run_report_verify(manifest)
    assert result.intact
    assert {f.state for f in result.files if f.what == "output"} == {"equal"}
    assert {f.state for f in result.files if f.what == "input"} == {"not looked for"}
    found = run_report_verify(manifest, inputs=[made / "in"])
    assert {f.state for f in found.files} == {"equal"}


def test_the_folder_of_a_case_is_taken_for_its_manifest(made: Path, tmp_path: Path) -> None:
    assert run_report_verify(copy_of(made, tmp_path).parent).intact
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"manifest\.json: no such file"):
        run_report_verify(tmp_path / "empty")


def test_one_byte_is_found(made: Path, tmp_path: Path) -> None:
    manifest = copy_of(made, tmp_path)
    report = manifest.with_name("report.html")
    content = bytearray(report.read_bytes())
    content[-2] ^= 1
    report.write_bytes(content)
    result = run_report_verify(manifest)
    assert [(f.name, f.state) for f in result.files if f.state == "changed"] == [
        ("report.html", "changed")
    ]
    assert not result.intact
    assert run(["report", "verify", str(manifest)]) == 1


def test_two_inputs_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("arriba", "star", "other")]
    for folder in folders:
        folder.mkdir()
        (folder / "calls.tsv").write_text(folder.name)
    rows = [
        {"role": "fusions", "name": "calls.tsv", "sha256": sha256(name.encode()).hexdigest()}
        for name in ("arriba", "star")
    ]
    manifest = tmp_path / "manifest.json"
    document = {"schema": "tumorkit/manifest", "inputs": rows, "outputs": []}
    manifest.write_text(json.dumps(document))

    def states(*inputs: Path) -> list[str]:
        found = run_report_verify(manifest, inputs=inputs)
        return [file.state for file in found.files]

    assert states(*folders[:2]) == states(*folders[1::-1]) == states(*folders) == ["equal"] * 2
    assert states(folders[0]) == ["equal", "changed"]
    assert states(folders[0], folders[2]) == ["equal", "changed"]
    assert states(tmp_path) == ["not looked for"] * 2


def test_a_missing_file_is_a_fault_and_an_extra_one_is_named(made: Path, tmp_path: Path) -> None:
    manifest = copy_of(made, tmp_path)
    manifest.with_name("notes.txt").write_text("mine")
    assert run_report_verify(manifest).extra == ("notes.txt",)
    assert run(["report", "verify", str(manifest)]) == 0
    manifest.with_name("profile.json").unlink()
    states = {f.name: f.state for f in run_report_verify(manifest).files}
    assert states["profile.json"] == "missing"


def test_the_case_comes_out_again(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = made / "out" / "manifest.json"
    case = next((made / "in").glob("*.toml"))
    assert run(["report", "verify", str(manifest), "--case", str(case), "-q"]) == 0
    assert "files made again" in capsys.readouterr().out


def test_another_case_is_found_out(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "in"
    shutil.copytree(made / "in", other)
    case = next(other.glob("*.toml"))
    said = re.sub(r'tumor_type = ".*"', 'tumor_type = "another"', case.read_text())
    case.write_text(said)
    manifest = made / "out" / "manifest.json"
    assert run(["report", "verify", str(manifest), "--case", str(case), "-q"]) == 1


def test_what_is_no_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    row = {"name": "../secret", "sha256": "0" * 64}
    for document in (
        {"schema": "tumorkit/profile"},
        {"schema": "tumorkit/manifest", "inputs": [], "outputs": "all"},
        {"schema": "tumorkit/manifest", "inputs": [], "outputs": [row]},
    ):
        path.write_text(json.dumps(document))
        with pytest.raises(InputError):
            run_report_verify(path)


def test_what_is_no_manifest_is_told_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("[]")
    assert run(["report", "verify", str(path)]) == 1
    said = capsys.readouterr().err
    assert "expected a JSON object, found a list" in said
    assert "give the manifest.json of a folder" in said
