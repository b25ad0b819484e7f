"""What is written for other programs reads back as it was, and unknown stays unknown."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tumorkit.cli import run
from tumorkit.copynumber.call import call
from tumorkit.copynumber.call.result import AMPLIFICATION, HOMOZYGOUS_DELETION, STATES
from tumorkit.copynumber.call.run import table_of_calls
from tumorkit.copynumber.export import ExportParams, calls_of, export
from tumorkit.copynumber.export.analysis import FORMATS
from tumorkit.copynumber.export.run import Source, run_export
from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.build import GRCH37, GRCH38
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.io.segments import read_segment_set, segments_text

READABLE = ("cns", "seg", "bed", "vcf", "gatk-called", "gatk-model", "hydra-vcf", "scarhrd")
LEVELS = st.floats(-5, 5)
FRACTIONS = st.floats(0.5, 1)


@st.composite
def segments_and_states(draw: st.DrawFn) -> tuple[list[Segment], dict[str, list[str]]]:
    found: list[Segment] = []
    for contig in draw(st.sampled_from([("chr1",), ("chr1", "chr9"), ("chr2", "chrX")])):
        at = 0
        for _ in range(draw(st.integers(1, 3))):
            start = at + draw(st.integers(0, 100))
            at = start + draw(st.integers(1, 1_000_000))
            found.append(one_segment(draw, contig, start, at))
    return found, {"state": [draw(state_of(item)) for item in found]}


def state_of(segment: Segment) -> st.SearchStrategy[str]:
    """States that need copies are not said of unknown ones."""
    absolute = (AMPLIFICATION, HOMOZYGOUS_DELETION)
    known = segment.copy_number is not None
    return st.sampled_from([word for word in STATES if known or word not in absolute])


def one_segment(draw: st.DrawFn, contig: str, start: int, end: int) -> Segment:
    major, minor = draw(st.none() | st.integers(2, 5)), draw(st.none() | st.integers(0, 2))
    baf = draw(st.none() | FRACTIONS)
    level = draw(LEVELS | st.just(float("nan")))
    return Segment(
        contig=contig,
        start=start,
        end=end,
        log2_ratio=level,
        bins=draw(st.integers(0, 99)),
        gene=draw(st.sampled_from(["", "EGFR", "A;B", "EGFR,BRAF", "a=b c"])),
        log2_low=draw(st.none() | LEVELS),
        log2_high=draw(st.none() | LEVELS),
        start_low=draw(st.none() | st.integers(0, start)),
        start_high=draw(st.none() | st.integers(start, end)),
        depth=draw(st.none() | st.floats(0, 1000)),
        baf=baf,
        snps=draw(st.none() | st.integers(1, 99)),
        baf_low=None if baf is None else draw(st.none() | FRACTIONS),
        baf_high=None if baf is None else draw(st.none() | FRACTIONS),
        copy_number=draw(st.none() | st.floats(0, 20)),
        major_cn=major,
        minor_cn=minor,
    )


def written(
    name: str, segments: list[Segment], words: dict[str, list[str]], **given: object
) -> str:
    calls = calls_of(segments, sample="T", words=words, **given)  # type: ignore[arg-type]
    return export(calls, [name], ExportParams(neutral=True), table_of_calls).texts[name]


@pytest.mark.parametrize("name", READABLE)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=segments_and_states())
def test_a_second_round_changes_no_byte(
    name: str,
    drawn: tuple[list[Segment], dict[str, list[str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first = written(name, *drawn, build=GRCH38)
    path = tmp_path_factory.mktemp("round") / "T.txt"
    path.write_text(first)
    if not export(calls_of(drawn[0], words=drawn[1]), [name], ExportParams(neutral=True),
                  table_of_calls).files[0].records:  # fmt: skip
        return
    try:
        again = read_segment_set(path)
    except InputError as error:
        # A VCF of which no record says anything is refused: it may hold any structural variants.
        if "vcf" not in name or "without a copy number" not in str(error):
            raise
        assume(False)
    words = {key: list(values) for key, values in again.words.items()}
    second = written(name, list(again.segments), words, build=GRCH38, lengths=again.lengths)
    assert second == first


def test_own_calls_come_back_byte_by_byte(tmp_path: Path) -> None:
    segments = [
        Segment(contig="chr9", start=100, end=900, log2_ratio=-1.3, bins=9, baf=0.9, snps=12),
        Segment(contig="chr9", start=900, end=2900, log2_ratio=0.01, bins=30),
    ]
    text = table_of_calls(call(None, segments, purity=0.6, ploidy=2).segments)
    (tmp_path / "T.call.cns").write_text(text)
    result = run_export(tmp_path / "T.call.cns", ["cns"])
    assert result.texts["cns"] == text
    assert result.notes == ()


LOSS = Segment(contig="chr9", start=999, end=9_000, log2_ratio=-1.3, bins=9)
FIRST = Segment(contig="chr9", start=0, end=500, log2_ratio=-1.3, bins=9)


def test_pos_is_the_base_before_the_event_and_svlen_its_length() -> None:
    rows = [line.split("\t") for line in written("vcf", [FIRST, LOSS], {}).splitlines()]
    records = [row for row in rows if not row[0].startswith("#")]
    assert [row[1] for row in records] == ["1", "999"]
    assert ["SVLEN=500" in row[7] for row in records] == [True, False]
    assert "END=9000;SVTYPE=DEL;SVLEN=8001;SVCLAIM=D" in records[1][7]


def test_without_a_purity_no_format_has_copies() -> None:
    """A log2 ratio alone is no number of copies: dots and NA, never 0 and never 2."""
    calls = calls_of([LOSS], sample="T", genes=[Gene(name="G", contig="9", start=0, end=5000)])
    texts = export(calls, ["vcf", "hydra-vcf", "cnv-report", "bed", "cns", "scarhrd"],
                   None, table_of_calls).texts  # fmt: skip
    assert texts["vcf"].splitlines()[-1].endswith("CN:CN1:CN2\t.:.:.")
    assert "CORR_CN=.;" in texts["hydra-vcf"]
    assert "BAF=.;" in texts["hydra-vcf"]
    assert texts["cnv-report"].splitlines()[1] == (
        "G\tchr9\t1000-9000\ttumorkit\tNA\tNA (deep loss (log2))\tNA"
    )
    assert texts["bed"].splitlines()[1].endswith("\t.")
    assert "\tcn\t" not in texts["cns"]
    assert len(texts["scarhrd"].splitlines()) == 1


def test_deep_deletion_is_a_word_of_cbioportal_alone() -> None:
    genes = [Gene(name="G", contig="chr9", start=2000, end=5000)]
    calls = calls_of([LOSS], sample="T", genes=genes)
    result = export(calls, ["cbioportal", "vcf"])
    assert result.texts["cbioportal-discrete"] == "Hugo_Symbol\tT\nG\t-2\n"
    assert result.texts["cbioportal-log2"] == "Hugo_Symbol\tT\nG\t-1.3\n"
    assert "STATE=deep_loss_(log2)" in result.texts["vcf"]


def test_a_gained_copy_is_no_amplification() -> None:
    gain = Segment(contig="chr7", start=0, end=9_000_000, log2_ratio=0.4, bins=90, copy_number=3.0)
    genes = [Gene(name="EGFR", contig="chr7", start=2000, end=5000)]
    result = export(calls_of([gain], genes=genes), ["cnv-report", "cbioportal-discrete"])
    report, discrete = result.files
    assert (report.records, report.left_out) == (0, {"gains below an amplification": 1})
    assert result.texts["cbioportal-discrete"].endswith("EGFR\t1\n")
    assert discrete.records == 1


def test_loh_is_said_of_known_alleles_alone() -> None:
    """Segments whose alleles nobody knows are no LOH, and are counted where they have no place."""
    flat = Segment(contig="chr3", start=0, end=9000, log2_ratio=0.0, bins=9, copy_number=2.0)
    lost = Segment(contig="chr3", start=9000, end=19_000, log2_ratio=0.0, bins=9, baf=0.8, snps=20,
                   copy_number=2.0, major_cn=2, minor_cn=0)  # fmt: skip
    result = export(calls_of([flat, lost], sample="T"), ["scarhrd", "vcf"])
    assert result.texts["scarhrd"].splitlines()[1:] == ["T\tchr3\t9001\t19000\t2\t2\t0\tNA"]
    assert result.files[0].left_out == {"segments without copies of both alleles": 1}
    events = [line for line in result.texts["vcf"].splitlines() if not line.startswith("#")]
    assert len(events) == 1
    assert "<CNV>" in events[0]
    assert events[0].split("\t")[7].endswith(";LOH")


def chromosome_1p_lost(build_name: str) -> list[Segment]:
    build = {"GRCh37": GRCH37, "GRCh38": GRCH38}[build_name]
    middle = build.centromeres["chr1"][0]
    return [
        Segment(contig="chr1", start=0, end=middle, log2_ratio=-1, bins=50, copy_number=1.0),
        Segment(contig="chr1", start=middle, end=build.lengths["chr1"], log2_ratio=0, bins=50,
                copy_number=2.0),
        Segment(contig="chr19", start=0, end=build.centromeres["chr19"][0], log2_ratio=0, bins=50,
                copy_number=2.0),
        Segment(contig="chr19", start=build.centromeres["chr19"][1],
                end=build.lengths["chr19"], log2_ratio=-1, bins=50, copy_number=1.0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["GRCh37", "GRCh38"])
def test_arms_are_those_of_the_build_whoever_called(name: str) -> None:
    build = {"GRCh37": GRCH37, "GRCh38": GRCH38}[name]
    segments = chromosome_1p_lost(name)
    calls = calls_of(segments, genes=[Gene(name="G", contig="1", start=1, end=9)], build=build)
    result = export(calls, ["arms", "cnv-report"], ExportParams(caller="jumble"))
    assert result.texts["arms"].splitlines()[1:] == [
        "chr1\tp\tjumble\tdeletion\t100.0%",
        "chr19\tq\tjumble\tdeletion\t100.0%",
    ]
    assert result.texts["cnv-report"].splitlines()[1].startswith("1p19q\t1p19q\t100%,100%\tjumble")


def test_the_baseline_is_one_share_of_one_caller() -> None:
    """Its warning names the caller that it is about and never exceeds the whole."""
    segments = [
        Segment(contig="1", start=0, end=200_000_000, log2_ratio=0.6, bins=50, copy_number=3.0),
        Segment(contig="2", start=0, end=20_000_000, log2_ratio=0, bins=50, copy_number=2.0),
    ]
    text = written("arms", segments, {}, build=GRCH38)
    warning = text.splitlines()[1]
    assert warning == "Warning: baseline of tumorkit might be shifted!\t\t\t\t9.1% on baseline"
    unknown = [Segment(contig="1", start=0, end=200_000_000, log2_ratio=0.6, bins=50)]
    assert "Warning" not in written("arms", unknown, {}, build=GRCH38)


def ratios(values: list[float]) -> CopyRatios:
    size = len(values)
    start = np.arange(size) * 1000
    return CopyRatios(
        contig=np.array(["chr9"] * size),
        start=start,
        end=start + 1000,
        log2_ratio=np.array(values),
        weight=np.ones(size),
        gene=np.array([""] * size, dtype=object),
        depth=np.full(size, np.nan),
        target=np.ones(size, dtype=np.bool_),
    )


def test_small_deletions_are_measured_on_the_bins() -> None:
    values = [0.1, -0.1] * 15 + [-1.2, -1.0, -1.1, -1.0] + [0.1, -0.1] * 15
    event = Segment(contig="9", start=30_000, end=34_000, log2_ratio=-1.0, bins=4, gene="CDKN2A")
    rest = Segment(contig="9", start=0, end=30_000, log2_ratio=0, bins=30)
    calls = calls_of([rest, event], ratios=ratios(values))
    result = export(calls, ["deletions", "amplifications"])
    row = result.texts["deletions"].splitlines()[1].split("\t")
    assert row[:4] == ["CDKN2A", "chr9", "30001", "34000"]
    assert row[4:8] == ["-1.05", "-1.05", "0", "4"]
    assert len(result.texts["amplifications"].splitlines()) == 1


def test_bins_that_contradict_an_event_are_not_reported() -> None:
    event = Segment(contig="9", start=30_000, end=34_000, log2_ratio=-1.0, bins=4, gene="CDKN2A")
    result = export(calls_of([event], ratios=ratios([0.0] * 30 + [0.5] * 4 + [0.0] * 30)), ["gms"])
    table = next(item for item in result.files if item.format == "deletions")
    assert (table.records, table.left_out) == (
        0, {"small events whose bins lie on the other side": 1},
    )  # fmt: skip


def test_what_a_format_needs_is_asked_for() -> None:
    calls = calls_of([LOSS], sample="T")
    with pytest.raises(ParameterError, match="arms needs a known build"):
        export(calls, ["arms"])
    with pytest.raises(ParameterError, match="unknown format 'sge'"):
        export(calls, ["sge"])
    assert any("arms not written" in note for note in export(calls, ["gms"]).notes)


def test_the_json_of_a_call_and_its_cns_give_the_same_files(tmp_path: Path) -> None:
    cns, document = tmp_path / "S.call.cns", tmp_path / "S.json"
    plain = tmp_path / "S.cns"
    plain.write_text(segments_text([FIRST, LOSS]))
    command = ["cnv", "call", str(plain), "--purity", ".6", "--ploidy", "2", "--build", "GRCh38"]
    assert run([*command, "-o", str(cns), "--json", str(document)]) == 0
    names = ["seg", "vcf", "hydra-vcf", "gatk-model", "bed", "arms"]
    source = Source(build=GRCH38)
    one, two = (run_export(path, names, source=source) for path in (cns, document))
    assert one.texts == two.texts
    broken = tmp_path / "other.json"
    broken.write_text(json.dumps({"schema": "tumorkit/tmb"}))
    with pytest.raises(InputError, match=r"expected a document tumorkit/copynumber\.call"):
        run_export(broken, ["seg"])


def test_the_command_writes_into_a_folder_or_one_file(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(segments_text([FIRST, LOSS]))
    out = tmp_path / "out"
    assert run(["cnv", "export", str(path), "--to", "gatk", "--outdir", str(out), "-q"]) == 0
    assert sorted(item.name for item in out.iterdir()) == ["T.called.seg", "T.modelFinal.seg"]
    assert run(["cnv", "export", str(path), "--to", "gatk", "-o", str(out / "x")]) == 2
    assert run(["cnv", "export", str(path), "--to", "seg"]) == 2
    document = tmp_path / "T.json"
    assert run(["cnv", "export", str(path), "--to", "seg", "--json", str(document)]) == 0
    assert json.loads(document.read_text())["files"][0]["records"] == 2


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
@pytest.mark.parametrize("name", ["vcf", "hydra-vcf"])
@pytest.mark.parametrize("build", [None, GRCH38])
def test_bcftools_reads_our_vcf_without_a_word(name: str, build: object, tmp_path: Path) -> None:
    lost = Segment(contig="chrX", start=9000, end=19_000, log2_ratio=0.0, bins=9, baf=0.8, snps=20,
                   copy_number=2.0, major_cn=2, minor_cn=0, gene="A;B c", start_low=8000,
                   start_high=9500)  # fmt: skip
    path = tmp_path / "T.vcf"
    path.write_text(written(name, [FIRST, LOSS, lost], {}, build=build))
    packed = tmp_path / "T.vcf.gz"
    for command in (["view", path, "-Oz", "-o", packed], ["index", packed], ["view", "-H", packed]):
        done = subprocess.run(
            ["bcftools", *map(str, command)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.benchmark
@pytest.mark.skipif(shutil.which("cnvkit.py") is None, reason="CNVkit is not installed")
def test_cnvkit_reads_our_tables(tmp_path: Path) -> None:
    lost = Segment(contig="chr9", start=9000, end=19_000, log2_ratio=0.1, bins=9, baf=0.8, snps=20,
                   copy_number=2.0, major_cn=2, minor_cn=0, weight=2.0)  # fmt: skip
    for name in ("cns", "seg"):
        (tmp_path / f"T.{name}").write_text(written(name, [FIRST, LOSS, lost], {}))
    commands = (
        ["import-seg", tmp_path / "T.seg", "-d", tmp_path],
        ["export", "seg", tmp_path / "T.cns", "-o", tmp_path / "peer.seg"],
        ["export", "bed", tmp_path / "T.cns", "--show", "all", "-o", tmp_path / "peer.bed"],
        ["export", "vcf", tmp_path / "T.cns", "-o", tmp_path / "peer.vcf"],
    )
    (tmp_path / "T.cns").rename(tmp_path / "kept.cns")
    for command in commands:
        words = [str(word).replace("T.cns", "kept.cns") for word in command]
        done = subprocess.run(["cnvkit.py", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    [event, *_] = read_segment_set(tmp_path / "peer.vcf").segments[1:]
    assert (event.start, event.end, event.bins) == (999, 9000, 9)
    peer = read_segment_set(tmp_path / "peer.seg").segments
    imported = read_segment_set(tmp_path / "T.cns").segments
    for found in (peer, imported):
        assert [(s.start, s.end, s.bins) for s in found] == [
            (0, 500, 9), (999, 9000, 9), (9000, 19_000, 9),
        ]  # fmt: skip


def test_the_json_of_a_call_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "T.json"
    path.write_text('{"schema": "tumorkit/copynumber.call", "build": ""}')
    with pytest.raises(InputError, match="a document of another version"):
        run_export(path, ["seg"])
    path.write_text("{broken")
    with pytest.raises(InputError, match=r"T\.json:1: no JSON"):
        run_export(path, ["seg"])


@pytest.mark.shared
@pytest.mark.parametrize("name", READABLE)
def test_real_segments_keep_their_places(shared: Path, name: str, tmp_path: Path) -> None:
    source = shared / "gms560/HD832.pathology.loh.cns"
    before = read_segment_set(source)
    result = run_export(source, [name], params=ExportParams(neutral=True))
    path = tmp_path / "T.txt"
    path.write_text(result.texts[name])
    after = read_segment_set(path)
    missing = sum(result.files[0].left_out.values())
    assert len(after.segments) == len(before.segments) - missing
    places = {(s.start, s.end) for s in before.segments}
    assert {(s.start, s.end) for s in after.segments} <= places
    assert missing <= 1


def test_every_format_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "methods" / "interop.md"
    text = page.read_text()
    assert not [name for name in FORMATS if f"`{name}`" not in text]
