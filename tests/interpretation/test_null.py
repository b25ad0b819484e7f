"""OVS1: how strong a null variant is, by decay, frame and what the protein loses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interpretation.builders import make_alteration
from tumorkit.errors import InputError
from tumorkit.genome.transcript_model import TranscriptModel
from tumorkit.interpretation.classify import ClassifyParams, classify
from tumorkit.interpretation.classify.indexed import Indexed
from tumorkit.interpretation.classify.null import MODERATE, strength_of
from tumorkit.interpretation.classify.run import TableFiles, run_classify
from tumorkit.interpretation.nouns import Alteration, DomainRow, Tables
from tumorkit.io.transcript_models import read_transcript_models

# Exons of 200, 150, 120, 100 and 230 bases; coding from base 50 of the first to 128 of the last:
# 150 + 150 + 120 + 100 + 128 = 648 bases, 215 residues and the stop.
EXONS = ((1000, 1200), (2000, 2150), (3000, 3120), (4000, 4100), (5000, 5230))
CODING = (1050, 5128)


def model(strand: str = "+") -> TranscriptModel:
    if strand == "+":
        return TranscriptModel(
            name="NM_1.1", gene="TSG", contig="chr1", strand="+", exons=EXONS, coding=CODING
        )
    flipped = tuple(sorted((10_000 - end, 10_000 - start) for start, end in EXONS))
    return TranscriptModel(
        name="NM_1.1",
        gene="TSG",
        contig="chr1",
        strand="-",
        exons=flipped,
        coding=(10_000 - CODING[1], 10_000 - CODING[0]),
    )


def null(term: str, **changes: object) -> Alteration:
    known: dict[str, object] = {"gene": "TSG", "contig": "chr1", "pos": None, "protein": "",
                                "coding": "", "exon": None, "exons": None,
                                "transcript": "NM_1.1"}  # fmt: skip
    return make_alteration(terms=(term,), **{**known, **changes})


def stop(residue: int, **changes: object) -> Alteration:
    return null("stop_gained", protein=f"Q{residue}*", **changes)


@pytest.mark.parametrize(
    ("exon", "exons", "expected"),
    [(5, 11, (8, 8)), (9, 11, (8, 8)), (10, 11, (4, 8)), (11, 11, (4, 4)), (1, 1, (4, 4)),
     (None, None, (4, 8))],
)  # fmt: skip
def test_the_exons_number_decides_as_far_as_it_goes(
    exon: int | None, exons: int | None, expected: tuple[int, int]
) -> None:
    found = stop(167, exon=exon, exons=exons, residues=393)
    strength = strength_of(found, None, None)
    assert (strength.points, strength.most) == expected
    if exon is None:
        assert any("exon not known (no EXON field" in step for step in strength.steps)


def test_what_escapes_decay_counts_by_what_is_lost() -> None:
    last = {"exon": 11, "exons": 11}
    short = strength_of(stop(380, residues=393, **last), None, ())
    assert (short.points, short.most) == (2, 2)
    assert "4 % of the protein is lost: moderate" in short.steps
    unknown = strength_of(stop(380, **last), None, ())
    assert (unknown.points, unknown.most) == (2, 4)
    domain = DomainRow(gene="TSG", first=360, last=392, name="regulatory domain")
    critical = strength_of(stop(380, residues=393, **last), None, (domain,))
    assert (critical.points, critical.steps[-1]) == (
        4, "the lost part holds a critical domain: strong",
    )  # fmt: skip


def test_a_gene_model_counts_the_last_fifty_bases() -> None:
    assert (model().coding_length, model().residues, model().last_junction) == (648, 215, 520)
    # The first base of codon 156 is 466; the last junction lies behind base 520.
    for residue, decayed in ((150, True), (156, True), (157, True), (158, False), (200, False)):
        strength = strength_of(stop(residue), model(), None)
        assert (strength.points == 8) is decayed, residue
    assert "new stop 54 bases before the last exon junction: decay" in strength_of(
        stop(156), model(), None
    ).steps  # fmt: skip


def test_a_frame_shift_counts_by_its_new_stop() -> None:
    begins = {"protein": "Q150Rfs*30", "ref": "A", "alt": "AT"}
    strength = strength_of(null("frameshift_variant", **begins), model(), None)
    assert strength.points == 4
    assert "in the last exon" in strength.steps[1]
    soon = strength_of(
        null("frameshift_variant", **{**begins, "protein": "Q150Rfs*3"}), model(), None
    )
    assert soon.points == 8


@pytest.mark.parametrize(
    ("term", "pos", "expected", "said"),
    [
        ("splice_donor_variant", 2151, (4, 4), "exon 2 of 5 has 150 bases: in frame without it"),
        ("splice_acceptor_variant", 3000, (4, 4), "exon 3 of 5 has 120 bases: in frame"),
        ("splice_donor_variant", 4101, (4, 4), "out of frame without it"),
        ("splice_donor_variant", 1201, (2, 8), "holds an end of the coding part"),
    ],
)
def test_a_splice_variant_counts_as_if_its_exon_were_skipped(
    term: str, pos: int, expected: tuple[int, int], said: str
) -> None:
    strength = strength_of(null(term, pos=pos), model(), None)
    assert (strength.points, strength.most) == expected
    assert any(said in step for step in strength.steps)


def test_without_a_model_a_splice_variant_counts_least() -> None:
    strength = strength_of(null("splice_donor_variant", intron=4), None, None)
    assert (strength.points, strength.most) == (2, 8)
    assert any("no gene model" in step for step in strength.steps)


def test_a_lost_start_is_weak_and_one_exon_never_decays() -> None:
    assert strength_of(null("start_lost", protein="M1?"), model(), None).points == 1
    single = TranscriptModel(
        name="NM_2.1", gene="TSG", contig="chr1", strand="+", exons=((0, 900),), coding=(0, 900)
    )
    strength = strength_of(stop(10), single, None)
    assert (strength.points, strength.steps[1]) == (4, "NM_2.1 has one exon: no decay")


@settings(deadline=None)
@given(st.integers(2, 214))
def test_both_strands_tell_the_same_and_numbers_never_contradict_a_model(residue: int) -> None:
    forward, backward = (strength_of(stop(residue), model(s), None) for s in "+-")
    assert forward == backward
    pos = next(p for s, e in EXONS for p in range(s + 1, e + 1)
               if model().coding_position(p) == 3 * residue - 2)  # fmt: skip
    exon = model().exon_at(pos)
    told = strength_of(stop(residue, exon=exon, exons=5, residues=215), None, None)
    assert told.points <= forward.points <= told.most


def test_points_and_range_carry_what_is_not_decided() -> None:
    tables = Tables(roles={"TSG": "tumor suppressor"})
    (item,) = classify([stop(20)], tables, ClassifyParams()).variants
    (ovs1,) = [c for c in item.criteria if c.code == "OVS1"]
    assert (ovs1.points, ovs1.most, ovs1.strength) == (MODERATE, 8, "moderate")
    assert item.points_high - item.points >= 6
    (placed,) = classify(
        [stop(20, pos=1110)],
        Tables(roles={"TSG": "tumor suppressor"}, models=(model(),)),
        ClassifyParams(),
    ).variants
    assert next(c for c in placed.criteria if c.code == "OVS1").points == 8


def test_the_model_of_a_mane_twin_is_the_transcripts() -> None:
    known = Indexed(Tables(models=(model(),)))
    for transcript, twin, named in (
        ("NM_1.4", "", True), ("ENST1.2", "NM_1.1", True), ("NM_1.1", "", True),
    ):  # fmt: skip
        found = stop(20, pos=1110, gene="ELSE", transcript=transcript, twin=twin)
        assert (known.model_of(found) is not None) is named
    # Of a gene with one model that one is taken; of another place none is.
    assert known.model_of(stop(20, pos=1110, transcript="ENST9.1")) is not None
    assert known.model_of(stop(20, pos=90_000)) is None
    assert known.model_of(stop(20, pos=1110, gene="ELSE", transcript="ENST9.1")) is None


def test_one_domain_is_not_counted_twice() -> None:
    domain = DomainRow(gene="TSG", first=150, last=210, name="kinase")
    tables = Tables(roles={"TSG": "tumor suppressor"}, domains=(domain,), models=(model(),))
    (item,) = classify([stop(200, pos=5080)], tables, ClassifyParams()).variants
    counted = {c.code: c.points for c in item.criteria if c.counted}
    assert counted["OVS1"] == 4
    assert "OM1" not in counted


def test_models_of_gtf_and_refflat_agree(tmp_path: Path) -> None:
    starts, ends = (",".join(str(pair[at]) for pair in EXONS) for at in (0, 1))
    fields = ("TSG", "NM_1.1", "chr1", "-", "1000", "5230", "1050", "5128", "5", starts, ends)
    (tmp_path / "g.refflat").write_text("\t".join(fields) + "\n")
    rows = [("exon", start, end) for start, end in EXONS]
    rows += [("CDS", max(s, 1050), min(e, 5128)) for s, e in EXONS]
    about = 'gene_name "TSG"; transcript_id "NM_1"; transcript_version "1";'
    (tmp_path / "g.gtf").write_text(
        "".join(f"chr1\tx\t{f}\t{s + 1}\t{e}\t.\t-\t.\t{about}\n" for f, s, e in rows)
    )
    (flat,), (gtf,) = (read_transcript_models(tmp_path / n) for n in ("g.refflat", "g.gtf"))
    assert flat == gtf
    (tmp_path / "bad.gtf").write_text("chr1\tx\n")
    with pytest.raises(InputError, match="expected the 9 columns"):
        read_transcript_models(tmp_path / "bad.gtf")


def test_the_command_reads_a_gene_model(tmp_path: Path) -> None:
    starts, ends = (",".join(str(pair[at]) for pair in EXONS) for at in (0, 1))
    fields = ("TSG", "NM_1", "chr1", "+", "1000", "5230", "1050", "5128", "5", starts, ends)
    (tmp_path / "g.refflat").write_text("\t".join(fields) + "\n")
    (tmp_path / "roles.tsv").write_text("gene\trole\nTSG\ttumor suppressor\n")
    (tmp_path / "in.vcf").write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n"
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: '
        'Allele|Consequence|SYMBOL|Feature|HGVSp">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\n"
        "chr1\t1120\t.\tC\tT\t.\tPASS\tCSQ=T|stop_gained|TSG|NM_1.1|NP_1.1:p.Gln24Ter\t"
        "GT:AD:DP\t0/1:60,40:100\n"
    )
    points = []
    for exons in (None, tmp_path / "g.refflat"):
        files = TableFiles(roles=tmp_path / "roles.tsv", exons=exons)
        result = run_classify(tmp_path / "in.vcf", files)
        points += [c.points for c in result.variants[0].criteria if c.code == "OVS1"]
    assert points == [2, 8]
    (known,) = [item for item in result.knowledge if item.kind == "exons"]
    assert (known.rows, len(known.sha256)) == (1, 64)
