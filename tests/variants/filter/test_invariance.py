"""A verdict belongs to an allele: how its record is written does not change it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.variants.filter import filter_variants, preset, preset_names
from tumorkit.variants.filter.run import run_filter
from tumorkit.variants.roles import Roles

COMMON = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=weak_evidence,Description="Weak">',
    '##FILTER=<ID=pSTD,Description="Place">',
    '##INFO=<ID=Hotspot,Number=1,Type=String,Description="Hotspot classification">',
    '##INFO=<ID=Artifact,Number=1,Type=String,Description="vardict,mutect2,Total">',
    '##INFO=<ID=ArtifactNrSD,Number=1,Type=String,Description="SD">',
    '##INFO=<ID=PositionNrSD,Number=1,Type=Float,Description="SD">',
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="gnomAD frequency">',
    '##INFO=<ID=SWEGENAF,Number=A,Type=Float,Description="SweGen frequency">',
    '##INFO=<ID=TIER,Number=1,Type=String,Description="SAGE tier">',
    '##INFO=<ID=SOR,Number=1,Type=Float,Description="Odds">',
    '##INFO=<ID=CALLERS,Number=.,Type=String,Description="Individual caller support">',
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    'Format: Allele|Consequence|SYMBOL|gnomAD_AF|Existing_variation">',
    "##contig=<ID=chr1,length=248956422>",
)


def formats(**numbers: str) -> tuple[str, ...]:
    """Return FORMAT lines: the number of values and the type of each field."""
    return tuple(
        f'##FORMAT=<ID={key},Number={said.split()[0]},Type={said.split()[1]},Description="{key}">'
        for key, said in numbers.items()
    )


@dataclass(frozen=True)
class Dialect:
    """How a caller writes counts: its header and a sample's column for some alternatives."""

    meta: tuple[str, ...]
    samples: tuple[str, str]
    most_alts: int = 2


MUTECT = Dialect(
    (
        "##source=Mutect2",
        "##tumor_sample=T",
        "##normal_sample=N",
        '##INFO=<ID=TLOD,Number=A,Type=Float,Description="LOD">',
        *formats(GT="1 String", AD="R Integer", AF="A Float", DP="1 Integer", F1R2="R Integer",
                 F2R1="R Integer", SB="4 Integer"),
    ),
    ("N", "T"),
)  # fmt: skip
STRELKA = Dialect(
    (
        "##source=strelka",
        *formats(DP="1 Integer", FDP="1 Integer", AU="2 Integer", CU="2 Integer", GU="2 Integer",
                 TU="2 Integer"),
    ),
    ("NORMAL", "TUMOR"),
)  # fmt: skip
FREEBAYES = Dialect(
    (
        "##source=freeBayes v1.3",
        *formats(GT="1 String", DP="1 Integer", RO="1 Integer", AO="A Integer", QR="1 Integer",
                 QA="A Integer"),
    ),
    ("NORMAL", "TUMOR"),
    # Its fraction is one of all observations; a splitter drops those of the other alternatives.
    most_alts=1,
)  # fmt: skip
VARDICT = Dialect(
    (
        "##source=VarDict_v1.8",
        *formats(GT="1 String", DP="1 Integer", VD="1 Integer", AD="R Integer", AF="A Float",
                 ALD="2 Integer", RD="2 Integer", MQ="1 Float"),
    ),
    ("TUMOR", "NORMAL"),
    most_alts=1,
)  # fmt: skip
TNSCOPE = Dialect(
    (
        "##source=TNscope",
        *formats(GT="1 String", AD="R Integer", AF="A Float", DP="1 Integer", ALT_F1R2="A Integer",
                 ALT_F2R1="A Integer", QSS="R Integer"),
    ),
    ("TUMOR", "NORMAL"),
)  # fmt: skip
DIALECTS = {
    "mutect2": MUTECT, "strelka": STRELKA, "freebayes": FREEBAYES, "vardict": VARDICT,
    "tnscope": TNSCOPE,
}  # fmt: skip


def column(name: str, reference: int, counts: list[int], alts: str) -> dict[str, str]:
    """Return a sample's fields in a dialect."""
    depth = reference + sum(counts)
    r = ",".join(map(str, [reference, *counts]))
    a = ",".join(map(str, counts))
    fractions = ",".join(f"{k / max(depth, 1):.4f}" for k in counts)
    forward = ",".join(str(k // 2) for k in [reference, *counts])
    reverse = ",".join(str(k - k // 2) for k in [reference, *counts])
    total = sum(counts)
    if name == "mutect2":
        sb = f"{reference // 2},{reference - reference // 2},{total // 2},{total - total // 2}"
        genotype = "/".join(map(str, range(len(counts) + 1)))
        return {"GT": genotype, "AD": r, "AF": fractions, "DP": str(depth), "F1R2": forward,
                "F2R1": reverse, "SB": sb}  # fmt: skip
    if name == "strelka":
        of = dict(zip(["A", *alts.split(",")], [reference, *counts], strict=True))
        bases = {f"{base}U": f"{of.get(base, 0)},{of.get(base, 0) + 1}" for base in "ACGT"}
        return {"DP": str(depth), "FDP": "0", **bases}
    if name == "freebayes":
        return {"GT": "0/1", "DP": str(depth), "RO": str(reference), "AO": a,
                "QR": str(reference * 30), "QA": ",".join(str(k * 30) for k in counts)}  # fmt: skip
    if name == "vardict":
        return {"GT": "0/1", "DP": str(depth), "VD": a, "AD": r, "AF": fractions,
                "ALD": f"{total // 2},{total - total // 2}", "RD": "5,5", "MQ": "55"}  # fmt: skip
    f1r2 = ",".join(str(k // 2) for k in counts)
    return {"GT": "0/1", "AD": r, "AF": fractions, "DP": str(depth), "ALT_F1R2": f1r2,
            "ALT_F2R1": f1r2,
            "QSS": ",".join(str(k * 30) for k in [reference, *counts])}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A site in parts, so that it can be written in several ways."""

    alts: tuple[str, ...]
    filters: str
    info: dict[str, str]
    per_alt: dict[str, tuple[str, ...]]
    columns: dict[str, dict[str, str]]

    def line(self, samples: tuple[str, ...], *, turned: bool = False) -> str:
        """Return the site as a record; ``turned`` writes INFO from its end."""
        texts = [f"{k}={v}" for k, v in self.info.items()]
        texts += [f"{k}={','.join(v)}" for k, v in self.per_alt.items()]
        shown = ";".join(reversed(texts) if turned else texts) or "."
        keys = list(next(iter(self.columns.values())))
        fixed = ["chr1", "100", ".", "A", ",".join(self.alts), "50", self.filters, shown]
        cells = [":".join(self.columns[name].values()) for name in samples]
        return "\t".join([*fixed, ":".join(keys), *cells])

    def split(self, at: int, header: VcfHeader) -> Site:
        """Return the site of one alternative, as a splitter by Number=A and R leaves it."""
        columns: dict[str, dict[str, str]] = {}
        for name, values in self.columns.items():
            columns[name] = {}
            for key, text in values.items():
                parts = text.split(",")
                number = header.formats[key].number
                kept = {"A": parts[at : at + 1], "R": [parts[0], *parts[at + 1 : at + 2]]}
                columns[name][key] = ",".join(kept.get(number, parts))
        per_alt: dict[str, tuple[str, ...]] = {
            key: (values[at],) for key, values in self.per_alt.items()
        }
        return Site((self.alts[at],), self.filters, self.info, per_alt, columns)


@st.composite
def sites(draw: st.DrawFn) -> tuple[str, Dialect, Site]:
    """Draw a site in one of the dialects, with some of the annotation present."""
    name = draw(st.sampled_from(sorted(DIALECTS)))
    dialect = DIALECTS[name]
    alts = draw(
        st.sampled_from([("C",), ("C", "G"), ("T", "C")][: 1 if dialect.most_alts == 1 else 3])
    )
    count = st.sampled_from([0, 1, 3, 9, 25, 400])
    columns = {
        sample: column(name, draw(count), [draw(count) for _ in alts], ",".join(alts))
        for sample in (*dialect.samples, "OTHER")
    }
    number = st.sampled_from(["0", "2", "3", "5", "9"])
    info = {
        "Hotspot": draw(st.sampled_from(["1-hotspot", "4-other"])),
        "Artifact": f"{draw(number)},{draw(number)},36",
        "ArtifactNrSD": f"{draw(number)},{draw(number)}",
        "PositionNrSD": draw(number),
        "TIER": draw(st.sampled_from(["HOTSPOT", "PANEL", "LOW_CONFIDENCE"])),
        "SOR": draw(number),
        "CSQ": ",".join(
            f"{alt}|{draw(st.sampled_from(['missense_variant', 'intron_variant']))}|"
            f"{draw(st.sampled_from(['MET', 'MUC6', 'KRAS']))}|"
            f"{draw(st.sampled_from(['', '0.1']))}|"
            for alt in alts
        ),
    }
    info = {key: text for key, text in info.items() if draw(st.booleans())}
    frequency = st.sampled_from([".", "0.0001", "0.004", "0.3"])
    per_alt = {
        key: tuple(draw(frequency) for _ in alts)
        for key in ("gnomAD_AF", "SWEGENAF")
        if draw(st.booleans())
    }
    if name == "mutect2":
        per_alt["TLOD"] = tuple("9.5" for _ in alts)
    filters = draw(st.sampled_from(["PASS", ".", "weak_evidence", "pSTD"]))
    return name, dialect, Site(alts, filters, info, per_alt, columns)


def verdicts(
    name: str, header: VcfHeader, lines: list[str], roles: Roles
) -> list[tuple[str, str, str]]:
    """Return per allele what fails it, what is unknown, and what rescues it."""
    written: list[str] = []
    records = [VcfRecord(line, header, at) for at, line in enumerate(lines)]
    filter_variants([records], header, roles, preset(name), write=written.extend)
    found = []
    for text in written:
        columns = text.split("\t")
        info = dict(item.partition("=")[::2] for item in columns[7].split(";"))
        alts = columns[4].count(",") + 1
        tags = [
            info.get(f"TK_{key}", ",".join(["."] * alts)).split(",")
            for key in ("FILTER", "UNKNOWN", "RESCUED")
        ]
        found += list(zip(*tags, strict=True))
    return found


@pytest.mark.parametrize("name", preset_names())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=15)
@given(drawn=sites())
def test_how_a_record_is_written_does_not_change_a_verdict(
    name: str, drawn: tuple[str, Dialect, Site]
) -> None:
    _, dialect, site = drawn
    samples = dialect.samples
    tumor, normal = ("T", "N") if "T" in samples else ("TUMOR", "NORMAL")
    meta = (*COMMON, *dialect.meta)
    roles = Roles(tumor=tumor, normal=normal, source="given")
    header = VcfHeader(meta, samples)
    expected = verdicts(name, header, [site.line(samples)], roles)
    split = [site.split(at, header).line(samples) for at in range(len(site.alts))]
    assert verdicts(name, header, split, roles) == expected
    turned = samples[::-1]
    assert verdicts(name, VcfHeader(meta, turned), [site.line(turned)], roles) == expected
    assert verdicts(name, header, [site.line(samples, turned=True)], roles) == expected
    for more in ((*samples, "OTHER"), ("OTHER", *samples)):
        assert verdicts(name, VcfHeader(meta, more), [site.line(more)], roles) == expected


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_verdicts_survive_the_splitting_by_bcftools(tmp_path: Path) -> None:
    header = VcfHeader((*COMMON, *MUTECT.meta), MUTECT.samples)
    columns = {
        "N": column("mutect2", 60, [0, 9], "C,G"),
        "T": column("mutect2", 80, [30, 3], "C,G"),
    }
    site = Site(("C", "G"), "PASS", {"Hotspot": "4-other"}, {"gnomAD_AF": ("0.2", ".")}, columns)
    write_vcf(tmp_path / "in.vcf.gz", header, [site.line(MUTECT.samples)])
    out = tmp_path / "out.vcf.gz"
    run_filter(tmp_path / "in.vcf.gz", output=out, preset="balsamic-tga-paired")
    split = tmp_path / "split.vcf"
    command = ["bcftools", "norm", "-m-", "-o", str(split), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    with open_vcf(out) as source:
        joined = next(iter(source)).info_text("TK_FILTER")
    with open_vcf(split) as source:
        parts = [record.info_text("TK_FILTER") for record in source]
    assert joined is not None
    assert parts == joined.split(",")
    assert parts[0] != parts[1]
