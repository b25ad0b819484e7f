"""Profile documents made in code: shaped like real ones, invented throughout."""

from __future__ import annotations

import random
from typing import Any

TITLES = {
    "variants": "Small variants",
    "copy_number": "Copy number",
    "purity": "Purity and ploidy",
    "tmb": "Tumour mutational burden",
    "msi": "Microsatellite instability",
    "hrd": "Homologous recombination deficiency",
    "signatures": "Mutational signatures",
    "fusions": "Gene fusions",
    "structural_variants": "Structural variants",
    "internal_tandem_duplications": "Internal tandem duplications",
    "germline": "Germline findings",
}
GENES = {
    "EGFR": ("chr7", 55019016, 55211628),
    "MET": ("chr7", 116672195, 116798377),
    "BRAF": ("chr7", 140719326, 140924929),
    "CDKN2A": ("chr9", 21967752, 21995301),
    "CDKN2B": ("chr9", 22002903, 22009363),
    "PTEN": ("chr10", 87862637, 87971930),
    "KRAS": ("chr12", 25205245, 25250936),
    "RB1": ("chr13", 48303744, 48599436),
    "TP53": ("chr17", 7661778, 7687546),
    "NF1": ("chr17", 31094926, 31382116),
    "ERBB2": ("chr17", 39687913, 39730426),
    "STK11": ("chr19", 1205777, 1228431),
}
FILTERS = (
    ("depth", "Fewer than 100 reads at the site", "depth", 100),
    ("vaf", "Variant allele fraction below 5 %", "vaf", 0.05),
    ("alt_depth", "Fewer than 10 reads show the change", "alt_depth", 10),
    ("population", "Frequent in a population", "population_af", 0.0001),
    ("background", "Not above the background noise", "background_z", 4),
)
DIGEST = "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"


def make_variant(index: int = 0, *, verdict: str = "pass", **changes: Any) -> dict[str, Any]:
    rng = random.Random(index)
    gene = list(GENES)[index % len(GENES)]
    contig, start, end = GENES[gene]
    depth = rng.randint(140, 900)
    alt_depth = round(depth * (rng.uniform(0.06, 0.6) if verdict == "pass" else 0.021))
    effect = rng.choice(
        [
            "missense_variant",
            "stop_gained",
            "synonymous_variant",
            "intron_variant",
            "missense_variant&splice_region_variant",
            "frameshift_variant",
        ]
    )
    codon = rng.randint(2, 900)
    values = {
        "depth": depth,
        "alt_depth": alt_depth,
        "vaf": round(alt_depth / depth, 4),
        "population_af": 0.0,
        "background_z": 9.2,
    }
    failed = {"vaf"} if verdict == "fail" else set()
    row = {
        "contig": contig,
        "pos": rng.randint(start, end),
        "ref": "C",
        "alt": "T",
        "gene": gene,
        "consequence": effect,
        "hgvsc": f"ENST00000{index:06d}.4:c.{3 * codon - 1}C>T",
        "hgvsp": f"ENSP00000{index:06d}.2:p.Arg{codon}Cys",
        "depth": depth,
        "alt_depth": alt_depth,
        "vaf": values["vaf"],
        "normal_vaf": None,
        "population_af": rng.choice([None, 0.0, 0.000012]),
        "verdict": verdict,
        "reasons": [
            {
                "filter": name,
                "says": says,
                "quantity": quantity,
                "value": values[quantity],
                "limit": limit,
                "verdict": "fail" if name in failed else "pass",
            }
            for name, says, quantity, limit in FILTERS
        ],
        "caller_filter": "PASS",
        "tier": None,
    }
    return {**row, **changes}


def make_variants(passed: int = 9, failed: int = 40, **changes: Any) -> dict[str, Any]:
    rows = [make_variant(i) for i in range(passed)]
    rows += [make_variant(passed + i, verdict="fail") for i in range(failed)]
    return {
        "preset": "twist-solid",
        "specification_sha256": DIGEST,
        "records": passed + failed,
        "alleles": passed + failed,
        "passed": passed,
        "failed": failed,
        "waterfall": [
            {
                "filter": name,
                "says": says,
                "failed": failed if name == "vaf" else 0,
                "only": failed if name == "vaf" else 0,
            }
            for name, says, _, _ in FILTERS
        ],
        "not_evaluable": [{"filter": "strand", "reason": "the VCF has no strand counts"}],
        "annotated": True,
        "tumor_sample": "T1",
        "normal_sample": None,
        "dialect": "VEP CSQ",
        "variants": rows,
        **changes,
    }


def make_gene(
    gene: str,
    log2_ratio: float = 0.02,
    *,
    state: str = "neutral",
    focal: bool = False,
    **changes: Any,
) -> dict[str, Any]:
    contig, start, end = GENES[gene]
    return {
        "gene": gene,
        "contig": contig,
        "start": start,
        "end": end,
        "log2_ratio": log2_ratio,
        "log2_low": log2_ratio - 0.07,
        "log2_high": log2_ratio + 0.07,
        "bins": 24,
        "state": state,
        "focal": focal,
        "copy_number": None,
        "copy_number_low": None,
        "copy_number_high": None,
        "flank_log2": -0.19 if focal else None,
        "z": -9.1 if focal else 0.4,
        "q_value": 2.1e-6 if focal else 0.44,
        **changes,
    }


def make_copy_number(**changes: Any) -> dict[str, Any]:
    events = {
        "CDKN2A": make_gene("CDKN2A", -0.64, state="deep loss (log2)", focal=True, bins=8),
        "CDKN2B": make_gene("CDKN2B", -0.61, state="deep loss (log2)", focal=True, bins=5),
        "ERBB2": make_gene("ERBB2", 1.92, state="amplification", focal=True, bins=41),
        "EGFR": make_gene("EGFR", 0.31, state="gain"),
        "MET": make_gene("MET", 0.29, state="gain"),
        "BRAF": make_gene("BRAF", 0.33, state="gain"),
        "PTEN": make_gene("PTEN", -0.41, state="loss"),
    }
    segments = [
        {
            "contig": f"chr{n}",
            "start": 10_000,
            "end": 90_000_000,
            "log2_ratio": 0.31 * (n == 7),
            "log2_low": -0.02,
            "log2_high": 0.35,
            "bins": 400,
            "focal": False,
            "state": "gain" if n == 7 else "neutral",
            "copy_number": None,
        }
        for n in range(1, 23)
    ]
    return {
        "segments": segments,
        "genes": [events.get(gene) or make_gene(gene) for gene in GENES],
        "noise": {"mad_of_differences": 0.143, "bins": 21450, "segments": 22},
        **changes,
    }


def make_estimate(value: float | None = 12.6, **changes: Any) -> dict[str, Any]:
    return {
        "value": value,
        "unit": "mut/Mb",
        "low": 7.58,
        "high": 19.6,
        "level": 0.95,
        "evidence": {"counted": 19, "megabases": 1.51},
        "status": "ok",
        "reason": None,
        "call": "TMB-High",
        "cutoffs": [
            {
                "name": "TMB-High",
                "value": 10,
                "source": "pembrolizumab label",
                "probability_above": 0.77,
                "certainty": "borderline",
            }
        ],
        **changes,
    }


def make_missing(reason: str, **changes: Any) -> dict[str, Any]:
    return {
        "value": None,
        "unit": "",
        "low": None,
        "high": None,
        "level": None,
        "evidence": {},
        "status": "not_evaluable",
        "reason": reason,
        "call": None,
        "cutoffs": [],
        **changes,
    }


def make_biomarker(
    name: str = "TMB", estimate: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    row = {
        "name": name,
        "title": "Tumour mutational burden",
        "scheme": "twist-gms560",
        "part": "tmb",
        "estimate": estimate or make_estimate(),
    }
    return {**row, **changes}


def make_hit(index: int = 0, **changes: Any) -> dict[str, Any]:
    rng = random.Random(900 + index)
    depth = rng.randint(140, 900)
    alt_depth = round(depth * rng.uniform(0.06, 0.6))
    return {
        "contig": "chr17",
        "pos": 7_661_800 + 60 * index,
        "ref": "C",
        "alt": "T" if index % 4 else "CA",
        "gene": "TP53",
        "consequence": "missense_variant&splice_region_variant" if index % 4 else "stop_gained",
        "vaf": round(alt_depth / depth, 4),
        "depth": depth,
        "alt_depth": alt_depth,
        "p_somatic": None,
        **changes,
    }


def make_step(code: str, text: str, entered: int, rejected: int) -> dict[str, Any]:
    return {
        "code": code,
        "text": text,
        "entered": entered,
        "rejected": rejected,
        "unknown": 0,
        "remaining": entered - rejected,
    }


def make_tmb(**changes: Any) -> dict[str, Any]:
    return {
        **make_estimate(),
        "scheme": "twist-gms560",
        "seen": 49,
        "counted": 19,
        "rejected": 30,
        "waterfall": [
            make_step("kind", "kind is snv", 49, 0),
            make_step("consequence", "has a consequence that the scheme counts", 49, 22),
            make_step("vaf", "VAF >= 0.05", 27, 8),
        ],
        "variants": [make_hit(index) for index in range(19)],
        "territory": [
            {"text": "targets, each base once", "megabases": 2.1},
            {"text": "coding parts of genes", "megabases": 1.51},
        ],
        "others": [],
        "differences": [],
        "notes": [],
        "params": {"min_vaf": 0.05, "kinds": ["snv"], "expected_germline": 2.0,
                   "expected_germline_sd": 1.0, "min_megabases": 0.5},
        **changes,
    }  # fmt: skip


def make_locus(index: int = 0, **changes: Any) -> dict[str, Any]:
    lengths = [(12, 20, 0, 0.0), (13, 4, 1, 0.02), (14, 60, 38, 0.97), (15, 0, 1, 0.01)]
    return {
        "contig": "chr4",
        "location": 1_000 + index,
        "unit": "A",
        "repeats": 14,
        "depth": 84,
        "normal_depth": 40,
        "call": "unstable",
        "probability": 0.999,
        "fraction": 0.24,
        "shift": -2.0,
        "lengths": [
            {"units": units, "tumor": tumor, "normal": normal, "stutter": stutter}
            for units, tumor, normal, stutter in lengths
        ],
        **changes,
    }


def make_moved(low: float | None, high: float | None, *counts: int) -> dict[str, Any]:
    calls = ("stable", "undetermined", "unstable")
    return {"low": low, "high": high, **dict(zip(calls, counts, strict=True))}


def make_msi(**changes: Any) -> dict[str, Any]:
    estimate = make_estimate(
        0.31, unit="", low=0.24, high=0.39, call="MSI-H",
        evidence={"sites": 90, "unstable_sites": 28, "median_depth": 84.0},
        cutoffs=[{"name": "MSI-H", "value": 0.1, "source": "an invented limit",
                  "probability_above": 0.9999, "certainty": "clear"}],
    )  # fmt: skip
    return {
        **estimate,
        "paired": True,
        "listed": 100,
        "usable": 90,
        "unstable": 28,
        "undetermined": 2,
        "votes": 7_560,
        "normal_votes": 3_600,
        "lost_reads": {"duplicate": 300, "not_spanning": 900, "too_long": 0},
        "normal_lost_reads": {"duplicate": 100, "not_spanning": 400, "too_long": 0},
        "lost_sites": {"depth below the limit": 10},
        "median_depth": 84.0,
        "normal_median_depth": 40.0,
        "detectable_fraction": 0.08,
        "detectable_purity": 0.16,
        "peers": [],
        "clearest": [make_locus(index) for index in range(3)],
        "moved": [
            make_moved(None, -0.15, 0, 0, 20),
            make_moved(-0.15, -0.05, 2, 2, 8),
            make_moved(-0.05, 0.05, 55, 0, 0),
            make_moved(0.05, None, 3, 0, 0),
        ],
        "notes": [],
        "params": {"min_depth": 20, "min_sites": 40},
        "inputs": [{"role": "normal", "name": "T1.normal.bam", "sha256": DIGEST}],
        **changes,
    }


def make_scar(kind: str, contig: str, start: int, end: int, arm: str) -> dict[str, Any]:
    return {
        "kind": kind, "contig": contig, "start": start, "end": end, "arm": arm, "state": "2+0",
    }  # fmt: skip


def make_arm(contig: str, arm: str, start: int, length: int, reason: str = "") -> dict[str, Any]:
    return {
        "contig": contig,
        "arm": arm,
        "start": start,
        "length": length,
        "covered": length,
        "known": 0 if reason else length,
        "snps": None,
        "bins": None,
        "evaluable": not reason,
        "reason": reason,
    }


def make_hrd(**changes: Any) -> dict[str, Any]:
    cutoff = {"name": "sum-42", "value": 42, "source": "an invented source",
              "probability_above": 0.93, "certainty": "borderline"}  # fmt: skip
    scars = make_estimate(
        46.0, unit="scars", low=39.0, high=55.0, evidence={"counted": 40, "evaluable": 0.87},
        call="high (sum-42)", cutoffs=[cutoff],
    )  # fmt: skip
    plain: dict[str, Any] = {
        "call": None,
        "cutoffs": [],
        "unit": "scars",
        "evidence": {"counted": 12},
    }
    return {
        "sum": scars,
        "loh": make_estimate(14.0, low=12.0, high=17.0, **plain),
        "tai": make_estimate(17.0, low=14.0, high=22.0, **plain),
        "lst": make_estimate(15.0, low=11.0, high=19.0, **plain),
        "compat": "",
        "counts": {"rule": "total copies", "loh": 1, "tai": 1, "lst": 1, "sum": 3},
        "scarhrd": {"rule": "scarHRD text mode", "loh": 1, "tai": 2, "lst": 1, "sum": 4},
        "ploidy": 2.7,
        "doubled": False,
        "evaluable": 0.87,
        "arms": [
            make_arm("chr1", "p", 0, 121_700_000),
            make_arm("chr1", "q", 125_100_000, 123_800_000),
            make_arm("chr13", "q", 17_700_000, 96_600_000, "12 heterozygous SNPs, 24 are needed"),
        ],
        "scars": [
            make_scar("LOH", "chr1", 2_000_000, 88_000_000, "p"),
            make_scar("LST", "chr1", 87_990_000, 88_010_000, "p"),
            make_scar("TAI", "chr13", 90_000_000, 114_000_000, "q"),
        ],
        "solutions": [],
        "notes": [],
        "params": {"min_evaluable": 0.7},
        "presets": [{"name": "sum-42", "measure": "sum", "cutoff": 42.0, "grey_low": 38.0,
                     "grey_high": 45.0, "source": "an invented source"}],
        **changes,
    }  # fmt: skip


def make_part(name: str, result: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    part: dict[str, Any] = {
        "name": name,
        "title": TITLES[name],
        "status": "not_evaluable" if result is None else "ok",
        "reason": f"not assessed: no input for {TITLES[name].lower()} was given"
        if result is None
        else None,
        "files": [],
        "result": result,
    }
    return {**part, **changes}


def make_profile(
    *, results: dict[str, dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    if results is None:
        results = {
            "variants": make_variants(),
            "copy_number": make_copy_number(),
            "tmb": make_tmb(),
        }
    files = {
        "variants": ["variants.vcf.gz"],
        "copy_number": ["segments.cns", "genes.tsv"],
        "tmb": ["tmb.json"],
    }
    document = {
        "schema": "tumorkit/profile",
        "schema_version": "1.0",
        "tumorkit_version": "0.1.0",
        "sample": "T1",
        "build": "GRCh38",
        "case": {
            "sample": "T1",
            "normal_sample": None,
            "tumor_only": True,
            "assay": "gms560-ffpe",
            "tumor_type": "lung adenocarcinoma",
            "material": "FFPE",
            "library": "capture",
            "pathology_purity": None,
            "purity": None,
            "purity_source": None,
            "ploidy_source": None,
            "date": "2026-03-02",
        },
        "parts": [
            make_part(name, results.get(name), files=files.get(name, []) if name in results else [])
            for name in TITLES
        ],
        "biomarkers": [
            make_biomarker(),
            make_biomarker(
                "Purity",
                make_missing("no SNP fractions and no pathology purity"),
                title="Tumour purity",
                scheme=None,
                part="purity",
            ),
            make_biomarker(
                "MSI",
                make_missing("no tumour BAM was given"),
                title="Microsatellite instability",
                scheme=None,
                part="msi",
            ),
            make_biomarker(
                "HRD sum",
                make_missing("no allele-specific segments"),
                title="Genomic scars",
                scheme=None,
                part="hrd",
            ),
        ],
        "pictures": {"copy_number": "copy_number.svg"},
        "hints": [],
        "params": {"seed": 1, "variants": {"preset": "twist-solid"}},
        "inputs": [
            {"role": "somatic_vcf", "name": "T1.vcf.gz", "sha256": DIGEST},
            {"role": "copy_ratios", "name": "T1.denoisedCR.tsv", "sha256": DIGEST[::-1]},
        ],
    }
    return {**document, **changes}


def make_case(**results: dict[str, Any]) -> dict[str, Any]:
    """Return a profile whose first table names the given results."""
    found = {"tmb": make_tmb(), "msi": make_msi(), "hrd": make_hrd(), **results}
    rows = [
        make_biomarker("TMB", {key: found["tmb"][key] for key in make_estimate()}),
        make_biomarker(
            "MSI", {key: found["msi"][key] for key in make_estimate()}, part="msi", scheme=None
        ),
        make_biomarker("HRD sum", found["hrd"]["sum"], part="hrd", scheme=None),
    ]
    return make_profile(results=found, biomarkers=rows)


def make_picture(points: int = 3000) -> str:
    rng = random.Random(5)
    dots = "".join(
        f"M{40 + 920 * i / points:.1f} "
        f"{100 - rng.gauss(60 if 0.72 < i / points < 0.74 else 0, 14):.1f}h0"
        for i in range(points)
    )
    lines = "".join(f'<path d="M{40 + 40 * i} 10V190" stroke="#ddd"/>' for i in range(24))
    labels = "".join(
        f'<text x="{60 + 40 * i}" y="204" font-size="10" text-anchor="middle">{i + 1}</text>'
        for i in range(23)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'width="960pt" height="210pt" viewBox="0 0 1000 210"><metadata>'
        '<about xmlns="http://example.org/rdf">http://example.org</about></metadata>'
        '<style type="text/css">*{stroke-linejoin:round}</style>'
        '<defs><clipPath id="clip"><rect x="40" y="10" width="920" height="180"/></clipPath>'
        "</defs>"
        f'<g id="bins" clip-path="url(#clip)">{lines}<path d="{dots}" '
        f'style="stroke:#7c8894;stroke-width:2;stroke-linecap:round;fill:none"/></g>{labels}</svg>'
    )
