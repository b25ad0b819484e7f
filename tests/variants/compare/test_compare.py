"""Comparison with a truth: every record has one class, sums close, published counts come out."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.core.binomial import clopper_pearson
from tumorkit.errors import ContigMismatchError, ParameterError, ReferenceMismatchError
from tumorkit.genome.alleles import left_aligned, trimmed
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.variants.compare import Call, CompareParams, CompareResult, calls_of, compare_calls
from tumorkit.variants.compare.analysis import kind_of, passed
from tumorkit.variants.compare.run import run_compare

HEADER = VcfHeader(("##fileformat=VCFv4.2",), ("TUMOR",))


def line(
    pos: int, ref: str, alt: str, filters: str = "PASS", ad: str = "6,4", on: str = "1"
) -> str:
    return f"{on}\t{pos}\t.\t{ref}\t{alt}\t.\t{filters}\t.\tGT:AD\t0/1:{ad}"


def vcf(path: Path, *lines: str) -> Path:
    write_vcf(path, HEADER, lines)
    return path


def closes(result: CompareResult) -> None:
    out = Counter[str]()
    for item in result.left_out:
        out[item.source] += item.count
    assert result.truth == result.tp + result.fn
    assert result.query == result.tp + result.fp + result.unk
    assert result.truth_read == result.truth + out["truth"]
    assert result.query_read == result.query + out["query"]
    for rows in (result.types, result.vaf_bins):
        for what in ("tp", "fp", "fn", "unk"):
            assert sum(getattr(row, what) for row in rows) == getattr(result, what)
        assert sum(row.found for row in rows) == result.tp


def test_every_record_has_one_class(tmp_path: Path) -> None:
    truth = vcf(
        tmp_path / "t.vcf",
        line(10, "A", "T", ad="9,1"),
        line(20, "C", "CT"),
        line(30, "G", "A,T", ad="1,2,3"),
        line(500, "G", "A"),
    )
    query = vcf(
        tmp_path / "q.vcf",
        line(10, "a", "T", "weak", on="chr1"),
        line(10, "A", "T", on="chr1"),
        line(20, "C", "CA", on="chr1"),
        line(30, "G", "T,A", ad="1,2,3", on="chr1"),
        line(40, "G", ".", ad="1", on="chr1"),
        line(50, "G", "<DEL>", on="chr1"),
        line(500, "G", "A", on="chr1"),
    )
    bed = tmp_path / "c.bed"
    bed.write_text("1\t0\t100\n")
    table = tmp_path / "table.tsv"
    result = run_compare(truth, query, output=table, confident=bed)
    closes(result)
    assert (result.tp, result.fp, result.fn, result.unk) == (2, 1, 1, 1)
    rows = [row.split("\t") for row in table.read_text().splitlines()[1:]]
    assert [(row[1], row[5], row[6]) for row in rows] == [
        ("10", "TP", "query"),
        ("10", "out", "query"),
        ("20", "FP", "query"),
        ("30", "TP", "query"),
        ("40", "out", "query"),
        ("50", "out", "query"),
        ("500", "UNK", "query"),
        ("20", "FN", "truth"),
        ("500", "UNK", "truth"),
    ]
    bins = {row.name: row for row in result.vaf_bins}
    assert (bins["VAF 0.1-0.2"].found, bins["VAF 0.2-0.5"].tp) == (1, 1)
    flagged = run_compare(truth, query, params=CompareParams(pass_only=True))
    closes(flagged)
    assert flagged.tp == 3


def test_alleles_are_the_same_in_any_spelling(tmp_path: Path) -> None:
    sequence = "T" + "GCACACACTTTT" * 3
    fasta = tmp_path / "r.fa"
    fasta.write_text(f">1\n{sequence}\n")
    (tmp_path / "r.fa.fai").write_text(
        f"1\t{len(sequence)}\t3\t{len(sequence)}\t{len(sequence) + 1}\n"
    )
    truth = vcf(tmp_path / "t.vcf", line(2, "GCA", "G"), line(10, "T", "A"))
    query = vcf(tmp_path / "q.vcf", line(7, "CAC", "C"), line(9, "CTT", "CAT,CT", ad="5,3,2"))
    whole = run_compare(truth, query)
    assert (whole.tp, whole.fn) == (0, 2)
    alleles = CompareParams(match="allele")
    by_trimming = run_compare(truth, query, params=alleles)
    assert (by_trimming.tp, by_trimming.fp, by_trimming.fn) == (1, 2, 1)
    aligned = run_compare(truth, query, reference=fasta, params=alleles)
    assert (aligned.tp, aligned.fp, aligned.fn) == (2, 1, 0)
    closes(aligned)
    odd = vcf(tmp_path / "odd.vcf", line(7, "CAC", "C"), line(9, "GTT", "G"))
    with_odd = run_compare(truth, odd, reference=fasta, params=alleles)
    closes(with_odd)
    assert [item.reason for item in with_odd.left_out] == ["REF is not what the reference holds"]
    wrong = vcf(tmp_path / "wrong.vcf", line(1, "G", "C"), line(2, "T", "A"), line(3, "T", "A"))
    with pytest.raises(ReferenceMismatchError, match="3 of 5 alleles have a REF"):
        run_compare(truth, wrong, reference=fasta, params=alleles)


@given(st.text("ACGT", min_size=3, max_size=30), st.data())
def test_left_alignment_keeps_the_haplotype(sequence: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sequence) - 1))
    ref = sequence[start : start + data.draw(st.integers(1, 5))]
    alt = data.draw(st.text("ACGT", min_size=1, max_size=5))
    pos, short, other = left_aligned("1", start + 1, ref, alt, lambda _c, a, b: sequence[a:b])
    assert pos <= start + 1 + len(ref)
    assert sequence[pos - 1 :].startswith(short)
    changed = sequence[: pos - 1] + other + sequence[pos - 1 + len(short) :]
    assert changed == sequence[:start] + alt + sequence[start + len(ref) :]
    at, *_ = trimmed(pos, short, other)
    assert at == pos or ref == alt


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from("CGT"), st.booleans()), max_size=30),
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from("CGT"), st.booleans()), max_size=30),
    st.booleans(),
)
def test_sums_close_whatever_the_files_hold(
    left: list[tuple[int, str, bool]], right: list[tuple[int, str, bool]], regions: bool
) -> None:
    sides = [
        [
            Call("chr1", pos, "A", (alt,), "snv", pos / 10, (), "" if ok else "no")
            for pos, alt, ok in x
        ]
        for x in (left, right)
    ]
    area = Territory([Interval("chr1", 2, 6)]) if regions else None
    rows: list[dict[str, object]] = []
    result = compare_calls(*sides, confident=area, write=rows.append)
    closes(result)
    counted = Counter((row["source"], row["class"]) for row in rows)
    assert counted["query", "TP"] == result.tp
    assert counted["truth", "FN"] == result.fn
    assert len(rows) == len(left) + len(right) - result.tp
    known, called = (
        {call.key for call in side if not call.out and (not regions or 2 < call.pos <= 6)}
        for side in sides
    )
    assert result.tp == len(known & called)
    assert result.fp == len(called - known)
    assert result.fn == len(known - called)


def test_types_filters_and_intervals() -> None:
    assert kind_of("GAT", ["GCT"]) == "snv"
    assert kind_of("GAT", ["GCC"]) == "mnv"
    assert kind_of("G", ["GA", "GAA"]) == "insertion"
    assert kind_of("GA", ["G", "T"]) == "complex"
    assert kind_of("G", ["<DEL>"]) == kind_of("G", ["*"]) == "symbolic"
    assert [passed(x) for x in ((), ("Tier3",), ("PASS", "weak"))] == [True, True, False]
    for count, total in itertools.product((0, 3, 10), (10, 40)):
        low, high = clopper_pearson(count, total)
        assert 0 <= low <= count / total <= high <= 1


def test_nothing_to_compare_is_not_evaluable(tmp_path: Path) -> None:
    empty, one = vcf(tmp_path / "e.vcf"), vcf(tmp_path / "o.vcf", line(1, "A", "C"))
    assert run_compare(empty, empty).f1.status == "not_evaluable"
    result = run_compare(one, empty)
    assert result.recall.value == 0
    assert result.precision.reason == "the query has no call that can be judged"


def test_bad_input_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = vcf(tmp_path / "one.vcf", line(1, "A", "C"))
    other = vcf(tmp_path / "two.vcf", line(1, "A", "C", on="chr2"))
    bed = tmp_path / "far.bed"
    bed.write_text("chr9\t0\t10\n")
    table = tmp_path / "table.tsv"
    with pytest.raises(ContigMismatchError, match=r"no contig in common with one\.vcf: chr2"):
        run_compare(one, other, output=table)
    assert not table.exists()
    with pytest.raises(ContigMismatchError, match=r"far\.bed: has no contig in common"):
        run_compare(one, one, confident=bed)
    with pytest.raises(ParameterError, match="no use when whole records"):
        run_compare(one, one, reference=bed)
    with pytest.raises(ParameterError, match="must rise"):
        CompareParams(vaf_limits=(0.2, 0.1))
    for arguments, code in (
        ((one, bed), 1),
        ((one, tmp_path / "none.vcf"), 1),
        ((one, one, "--match", "recrod"), 2),
        ((one, one, "--tumor-sample", "X"), 1),
    ):
        assert run(["variants", "compare", *map(str, arguments)]) == code
        assert "error: " in capsys.readouterr().err


def test_two_builds_are_refused(tmp_path: Path) -> None:
    made = []
    for name, length in (("hg19", 249_250_621), ("hg38", 248_956_422)):
        head = VcfHeader((*HEADER.meta, f"##contig=<ID=chr1,length={length}>"), HEADER.samples)
        write_vcf(tmp_path / f"{name}.vcf", head, [line(1, "A", "C", on="chr1")])
        made.append(tmp_path / f"{name}.vcf")
    assert run_compare(made[0], made[0]).tp == 1
    with pytest.raises(ReferenceMismatchError, match="was made on GRCh38"):
        run_compare(*made)


def test_json_goes_to_stdout_and_runs_are_equal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = vcf(tmp_path / "one.vcf", line(1, "A", "C"))
    said = []
    for _ in range(2):
        assert run(["variants", "compare", str(one), str(one), "--json", "-"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert json.loads(said[0])["f1"]["value"] == 1
    assert run(["variants", "compare", str(one), str(one)]) == 0
    assert "snv\t1\t1\t0\t0\t0\t1.0000" in capsys.readouterr().out


@pytest.mark.shared
def test_published_counts_of_the_admixture(shared: Path) -> None:
    folder = shared / "calls" / "strelka_admix_hg19"
    truth, query = folder / "PG_admix_truth_snvs.vcf.gz", folder / "strelka_admix_snvs.vcf.gz"
    result = run_compare(truth, query)
    closes(result)
    assert (result.truth, result.tp, result.fp, result.fn) == (16_235, 15_573, 31_957, 662)
    assert (result.query, result.query_read) == (47_530, 47_779)
    passing = run_compare(
        truth,
        query,
        false_positive=folder / "FP_admix.bed.gz",
        params=CompareParams(pass_only=True),
    )
    closes(passing)
    assert (passing.tp, passing.fp, passing.fn, passing.unk) == (15_131, 9, 1_104, 794)
    assert to_document(result)["recall"]["value"] == 0.959224


@pytest.mark.shared
def test_what_two_callers_pass_on_the_simulated_pair(shared: Path) -> None:
    folder = shared / "calls" / "somaticseq"
    callers: dict[object, set[str]] = defaultdict(set)
    first: dict[object, Call] = {}
    for path in sorted((folder / "paired_example").glob("[!C]*.vcf.gz")):
        with open_vcf(path) as source:
            for record in source:
                for call in calls_of(record, params=CompareParams(pass_only=True)):
                    if not call.out:
                        callers[call.key].add(path.name.split(".")[0])
                        first.setdefault(call.key, call)
    both = [first[key] for key, names in callers.items() if len(names) >= 2]
    with open_vcf(folder / "Varsim.somatic.truth.vcf") as source:
        truth = [call for record in source for call in calls_of(record)]
    result = compare_calls(truth, both)
    types = {row.name: row for row in result.types}
    assert (types["snv"].tp, types["snv"].fp, types["snv"].fn) == (71, 0, 2)
    indels = [types[name] for name in ("insertion", "deletion", "mnv", "complex")]
    tp, fp, fn = (sum(getattr(row, what) for row in indels) for what in ("tp", "fp", "fn"))
    assert round(2 * 71 / (2 * 71 + 2), 3) == 0.986
    assert 2 * tp / (2 * tp + fp + fn) >= 0.99


def test_one_record_is_read_by_its_text() -> None:
    record = VcfRecord(line(5, "A", "G,T", ad="1,2,3"), HEADER)
    (call,) = calls_of(record)
    assert call.key == ("chr1", 5, "A", ("G", "T"))
    assert [c.alts for c in calls_of(record, params=CompareParams(match="allele"))] == [
        ("G",),
        ("T",),
    ]
