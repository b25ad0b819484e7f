"""Tables of spectra in all the layouts that people have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tumorkit.errors import InputError
from tumorkit.genome.channels import CHANNELS, DBS78, ID83, SBS96, reverse_complement
from tumorkit.genome.profiles import Profiles
from tumorkit.io.profiles import profiles_text, read_profiles

VALUES = np.random.default_rng(1).integers(0, 50, (2, 96)).astype(float)


def written(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], mark: str = "\t"
) -> Path:
    lines = [mark.join(header), *(mark.join(str(field) for field in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def rows_of(labels: Sequence[str] = SBS96) -> list[list[object]]:
    return [[label, *VALUES[:, at].tolist()] for at, label in enumerate(labels)]


def check(path: Path, names: tuple[str, ...] = ("a", "b")) -> None:
    found = read_profiles(path)
    assert (found.kind, found.names) == ("SBS96", names)
    np.testing.assert_array_equal(found.values, VALUES)


@pytest.mark.parametrize("label", ["Type", "MutationType", "Mutation Types", "", "Context"])
@pytest.mark.parametrize("mark", ["\t", ",", ";"])
def test_the_column_of_channels_has_many_names(tmp_path: Path, label: str, mark: str) -> None:
    check(written(tmp_path / "m.txt", [label, "a", "b"], rows_of(), mark))


def test_rows_come_in_any_order(tmp_path: Path) -> None:
    rows = rows_of()
    shuffled = [rows[k] for k in np.random.default_rng(2).permutation(96)]
    check(written(tmp_path / "m.txt", ["Type", "a", "b"], shuffled))


def test_rows_may_be_named_on_the_other_strand(tmp_path: Path) -> None:
    labels = []
    for name in SBS96:
        left, ref, alt, right = name[0], name[2], name[4], name[6]
        three = reverse_complement(left + ref + right)
        labels.append(f"{three[0]}[{three[1]}>{reverse_complement(alt)}]{three[2]}")
    check(written(tmp_path / "m.txt", ["Type", "a", "b"], rows_of(labels)))


@pytest.mark.parametrize(
    "header",
    [
        ["Substitution Type", "Trinucleotide", "Somatic Mutation Type", "a", "b"],
        ["Type", "SubType", "Somatic Mutation Type", "a", "b"],
        ["Mutation type", "Trinucleotide", "Somatic Mutation Type", "a", "b"],
    ],
)
def test_change_and_triplet_may_stand_apart(tmp_path: Path, header: list[str]) -> None:
    rows = [
        [name[2:5], name[0] + name[2] + name[6], name, *VALUES[:, at].tolist()]
        for at, name in enumerate(SBS96)
    ]
    check(written(tmp_path / "m.csv", header, rows, ","))


def test_a_tab_at_the_end_of_lines_makes_no_sample(tmp_path: Path) -> None:
    rows = [[*row, ""] for row in rows_of()]
    check(written(tmp_path / "m.all", ["MutationType", "a", "b", ""], rows))


def test_headers_of_r_lack_the_first_name(tmp_path: Path) -> None:
    check(written(tmp_path / "m.txt", ["a", "b"], rows_of()))


def test_comments_blank_lines_and_marks_of_encoding_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "m.txt", ["Type", "a", "b"], rows_of())
    path.write_text("# made by hand\n\n" + path.read_text())
    check(path)


@pytest.mark.parametrize("kind", ["SBS96", "DBS78", "ID83"])
def test_what_is_written_is_read_back(tmp_path: Path, kind: str) -> None:
    names = CHANNELS[kind]  # type: ignore[index]
    values = np.random.default_rng(3).random((3, len(names)))
    profiles = Profiles(kind=kind, names=("x", "y", "z"), values=values)  # type: ignore[arg-type]
    path = tmp_path / "m.all"
    path.write_text(profiles_text(profiles))
    found = read_profiles(path)
    assert found.kind == kind
    np.testing.assert_allclose(found.values, values, rtol=1e-9)


def test_indels_in_the_words_of_pcawg_are_read(tmp_path: Path) -> None:
    words = []
    for name in ID83:
        size, what, kind, k = name.split(":")
        kind = {"R": "repeats", "M": "MH"}.get(kind, kind)
        plus = "+" if k == "5" else ""
        words.append(f"{what.upper()}_{kind}_{size}{'+' if size == '5' else ''}_{k}{plus}")
    rows = [[word, at] for at, word in enumerate(words)]
    found = read_profiles(written(tmp_path / "m.txt", ["Type", "a"], rows))
    np.testing.assert_array_equal(found.values[0], np.arange(83))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[:-1], "1 of 96 channels of SBS96 are missing: T[T>G]T"),
        (lambda rows: [*rows[:5], rows[0], *rows[6:]], "channel A[C>A]A stands there twice"),
        (lambda rows: [["A[C>A]A", 1, -2], *rows[1:]], "column b: expected a number of at least 0"),
        (lambda rows: [["A[C>A]A", "nan", 2], *rows[1:]], "column a: expected a number"),
        (lambda rows: [["A[C>A]A", "", 2], *rows[1:]], "column a: expected a number"),
        (lambda rows: [*rows, ["AC>CA", 1, 2]], "has 97 rows"),
        (lambda rows: [*rows[:-1], ["AC>CA", 1, 2]], "'AC>CA' is no channel of SBS96"),
        (lambda _rows: [["T:A[C>A]A", 1, 2]], "is no channel of SBS96, DBS78 or ID83"),
        (lambda _rows: [], "has a header and no rows"),
    ],
)
def test_damaged_tables_are_refused_in_words(tmp_path: Path, change, said: str) -> None:  # type: ignore[no-untyped-def]
    path = written(tmp_path / "m.txt", ["Type", "a", "b"], change(rows_of()))
    with pytest.raises(InputError) as caught:
        read_profiles(path)
    assert said in str(caught.value)


def test_a_sample_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names a column twice: a"):
        read_profiles(written(tmp_path / "m.txt", ["Type", "a", "a"], rows_of()))


def test_a_table_of_signatures_that_cannot_be_read_says_where_there_are_some(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "m.txt", ["what", "ever"], [["x", 1]])
    with pytest.raises(InputError) as caught:
        read_profiles(path, what="signatures")
    assert "cancer.sanger.ac.uk/signatures" in caught.value.hint


def test_doublets_on_the_other_strand_find_their_class(tmp_path: Path) -> None:
    labels = [">".join(reverse_complement(part) for part in name.split(">")) for name in DBS78]
    rows = [[label, at] for at, label in enumerate(labels)]
    found = read_profiles(written(tmp_path / "m.txt", ["Type", "a"], rows))
    np.testing.assert_array_equal(found.values[0], np.arange(78))


@pytest.mark.shared
def test_matrices_of_sigprofiler_are_read(shared: Path) -> None:
    folder = shared / "signatures"
    breast = read_profiles(folder / "BRCA_bench.SBS96.all")
    assert len(breast) == 100
    assert breast.values.sum(axis=1).max() == 22551
    scenario = folder / "Input_scenario_8"
    samples = read_profiles(scenario / "Samples.txt")
    catalogue = read_profiles(scenario / "ground.truth.syn.catalog.csv")
    assert samples.names == catalogue.names
    np.testing.assert_array_equal(samples.values, catalogue.values)
    assert read_profiles(scenario / "ground.truth.syn.sigs.csv").names == ("SBS5", "SBS40", "SBS3")
