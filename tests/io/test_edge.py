"""Files appear whole or not at all; damage is said in one line."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
from pathlib import Path

import pytest

from tumorkit.errors import InputError, OutputError, ParameterError
from tumorkit.io.atomic import atomic_path, write_text
from tumorkit.io.case_file import read_case_file
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.digest import digest_beside, input_file
from tumorkit.io.text import is_bgzf, read_lines, require_file


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "out.tsv"
    target.write_text("old\n")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["out.tsv"]


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="cannot write: no space left on device"):
        write_text(tmp_path / "out.tsv", "text")
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_text(tmp_path / "file" / "out.tsv", "text")


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "calls.vcf").write_text("")
    with pytest.raises(InputError) as caught:
        list(read_lines(tmp_path / "call.vcf"))
    assert caught.value.hint == "did you mean 'calls.vcf'?"


def test_a_truncated_gzip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(os.urandom(5000).hex().encode())[:-20])
    with pytest.raises(InputError, match="ends early or is damaged"):
        list(read_lines(path))


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(b"ok\n\xff\xfe\n")
    with pytest.raises(InputError, match=r"a.tsv:2: text is not UTF-8"):
        list(read_lines(path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(b"BAM\x01" + b"\xff" * 40), "is a BAM, not text"),
        (b"CRAM\x03\xff", "is a CRAM, not text"),
        (b"PK\x03\x04\xff\xff", "is a ZIP or XLSX file, not text"),
        ("a\tb\n".encode("utf-16"), "is UTF-16"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        list(read_lines(path))
    with pytest.raises(InputError, match=said):
        read_copy_ratios(path)
    with pytest.raises(InputError, match=said):
        read_case_file(path, settings=(), roles=())


def test_variants_are_no_case_and_no_copy_ratios(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
                    "1\t5\t.\tA\tT\t.\tPASS\t.\n")  # fmt: skip
    with pytest.raises(ParameterError, match="is a VCF, not TOML") as caught:
        read_case_file(path, settings=(), roles=())
    assert "--somatic" in caught.value.hint
    with pytest.raises(InputError, match="is a VCF, no table of copy ratios"):
        read_copy_ratios(path)


def test_plain_gzip_is_not_bgzf(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x"))
    assert not is_bgzf(path)


def test_digests_are_of_content_not_of_place(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("same")
    first, second = (input_file("somatic", tmp_path / f / "x.txt") for f in ("a", "b"))
    assert first == second
    assert first.name == "x.txt"


def test_digests_made_beside_the_work_are_those_of_the_content(tmp_path: Path) -> None:
    paths = [tmp_path / f"{at}.bin" for at in range(6)]
    for at, path in enumerate(paths):
        path.write_bytes(bytes([at]) * (1 << at * 4))
    digest_beside([*paths, None, tmp_path / "missing", tmp_path])
    found = [input_file("x", path).sha256 for path in reversed(paths)]
    assert found == [hashlib.sha256(path.read_bytes()).hexdigest() for path in reversed(paths)]
    paths[0].write_bytes(b"other")
    digest_beside(paths)
    assert input_file("x", paths[0]).sha256 == hashlib.sha256(b"other").hexdigest()
    with pytest.raises(InputError, match="missing"):
        input_file("x", tmp_path / "missing")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[case]\nsampel = 'x'\n", "unknown key 'case.sampel'", "did you mean 'sample'?"),
        ("[inputs]\nsomatic = 3\n", "inputs.somatic: expected a path, found 3", "quote it"),
        ("[case\n", "not TOML", ""),
        ("case = 1\n", "[case] must be a table", ""),
        ("[input]\n", "unknown key 'input'", "did you mean 'inputs'?"),
    ],
)
def test_case_files_name_the_bad_key(tmp_path: Path, text: str, message: str, hint: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text)
    with pytest.raises(ParameterError) as caught:
        read_case_file(path, settings=("sample", "build"), roles=("somatic",))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_paths_of_a_case_are_relative_to_it(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("[case]\nsample = 'x'\n[inputs]\nsomatic = 'calls/x.vcf'\n")
    case, inputs = read_case_file(path, settings=("sample",), roles=("somatic",))
    assert case == {"sample": "x"}
    assert inputs == {"somatic": tmp_path / "calls" / "x.vcf"}


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.vcf"
    os.mkfifo(pipe)
    for path in (pipe, Path("-")):
        with pytest.raises(InputError, match="not read from a pipe"):
            require_file(path)
