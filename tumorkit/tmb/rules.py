"""The rules of a scheme, each a function from a variant to the reason against it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Territory
from tumorkit.genome.variant import Consequence, Variant, trimmed
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import Reason
from tumorkit.tmb.terms import check_terms
from tumorkit.variants.consequence import highest
from tumorkit.variants.evidence.case import CHIP_GENES
from tumorkit.variants.lazy import LazyVariant, asked_of

UNKNOWN = "unknown"
CHIP_CODE = "clonal-haematopoiesis"
TRUNCATING = frozenset(
    (
        "stop_gained",
        "frameshift_variant",
        "splice_donor_variant",
        "splice_acceptor_variant",
        "start_lost",
        "transcript_ablation",
    )
)

Check = Callable[[Variant], Reason | None]


@dataclass(frozen=True)
class Rule:
    """One rule: its code, its meaning with the limit, and the check."""

    code: str
    text: str
    check: Check


def rules_of(
    params: TmbParams,
    territory: Territory | None = None,
    masked: Territory | None = None,
    declared: Collection[str] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules that a scheme sets, in the order in which they are asked.

    ``declared`` are the INFO fields of the header; None is not known.
    """
    return tuple(_rules(params, territory, masked, declared))


def _rules(
    params: TmbParams,
    territory: Territory | None,
    masked: Territory | None,
    declared: Collection[str] | None,
) -> Iterator[Rule]:
    if territory is not None:
        yield Rule("territory", "inside the territory", _inside(territory, wanted=True))
    if masked is not None:
        yield Rule("mask", "outside the masks", _inside(masked, wanted=False))
    if params.pass_only:
        yield Rule("filter", "passed the caller's filters", _passed)
    # Always asked: a symbolic or breakend allele is no small variant under any scheme.
    yield Rule("kind", f"kind is {' or '.join(params.kinds)}", _kind(params.kinds))
    if params.min_depth is not None:
        text = f"depth >= {params.min_depth}"
        yield Rule("depth", text, _least("depth", _depth, params.min_depth))
    if params.min_alt_depth is not None:
        text = f"alt depth >= {params.min_alt_depth}"
        yield Rule("alt-depth", text, _least("alt-depth", _alt_depth, params.min_alt_depth))
    yield from _fraction_rules(params)
    if params.min_callers is not None:
        text = f"at least {params.min_callers} callers"
        yield Rule("callers", text, _callers(params.min_callers))
    if params.exclude_complex:
        yield Rule("complex", "INFO does not say Complex", _not_complex)
    if params.consequences:
        text = "has a consequence that the scheme counts"
        yield Rule("consequence", text, _consequence(params))
    yield from _knowledge_rules(params, declared)


def _fraction_rules(params: TmbParams) -> Iterator[Rule]:
    fraction = _info_vaf if params.vaf_source == "info" else _sample_vaf
    if params.min_vaf is not None:
        yield Rule("vaf", f"VAF >= {params.min_vaf:g}", _least("vaf", fraction, params.min_vaf))
    if params.max_vaf is not None:
        text = f"VAF <= {params.max_vaf:g}"
        yield Rule("vaf-high", text, _most("vaf-high", fraction, params.max_vaf))
    if params.germline_vaf and not params.weighs:
        low, high = params.germline_vaf
        text = f"VAF outside {low:g} to {high:g}"
        yield Rule("germline-vaf", text, _outside(fraction, low, high))


def _knowledge_rules(params: TmbParams, declared: Collection[str] | None) -> Iterator[Rule]:
    if params.max_population_af is not None:
        text = f"population frequency <= {params.max_population_af:g}"
        yield Rule("population", text, _population(params, declared))
    if params.max_panel_observations is not None:
        text = f"seen in at most {params.max_panel_observations} normals of the panel"
        yield Rule("panel", text, _panel(params.max_panel_observations))
    if params.exclude_known_ids:
        yield Rule("known-id", "carries no rs or COSMIC identifier", _no_id)
    if params.exclude_hotspots:
        yield Rule("hotspot", "no known hotspot or driver", _no_hotspot)
    if params.suppressor_genes:
        text = "no truncation of a tumour suppressor"
        yield Rule("suppressor", text, _no_truncation(params))
    if params.exclude_clonal_hematopoiesis:
        text = "no gene of clonal haematopoiesis"
        yield Rule(CHIP_CODE, text, _no_gene(params, CHIP_GENES, CHIP_CODE))
    if params.weighs:
        text = f"P(somatic) >= {params.min_p_somatic:g}"
        yield Rule("germline", text, _least("germline", _p_somatic, params.min_p_somatic))
    if params.exclude_genes:
        text = f"gene is not {', '.join(params.exclude_genes)}"
        yield Rule("gene", text, _no_gene(params, frozenset(params.exclude_genes), "gene"))


def blocks_of(variant: Variant, transcript: str) -> tuple[Consequence, ...] | None:
    """Return the annotation blocks that a scheme asks; None where nobody annotated.

    ``first``: the first as written; ``any``: all; ``chosen``: the transcript to report (MANE
    Select, else canonical, else picked, else the first).
    """
    if isinstance(variant, LazyVariant):
        return variant.blocks(transcript)
    blocks = variant.consequences
    return None if blocks is None else asked_of(blocks, transcript)


def _inside(territory: Territory, *, wanted: bool) -> Check:
    names: dict[str, str | None] = {}

    def check(variant: Variant) -> Reason | None:
        contig = variant.contig
        if contig not in names:
            names[contig] = match_names([contig], territory.contigs).get(contig)
        name = names[contig]
        start, end = affected(variant)
        found = name is not None and any(territory.contains(name, at) for at in range(start, end))
        if found is wanted:
            return None
        place = f"{contig}:{variant.pos}"
        if wanted:
            return Reason(code="territory", found=place, limit="inside the territory")
        return Reason(code="mask", found=place, limit="outside the masks")

    return check


def affected(variant: Variant) -> tuple[int, int]:
    """Return the reference bases that a variant changes, 0-based half-open.

    The anchor base of a deletion is not changed; an insertion lies between two bases and is given
    both.

    >>> affected(Variant(contig="1", pos=100, ref="CAG", alt="C"))
    (100, 102)
    >>> affected(Variant(contig="1", pos=100, ref="C", alt="CAG"))
    (99, 101)
    >>> affected(Variant(contig="1", pos=100, ref="CAG", alt="CTG"))
    (100, 101)
    """
    if variant.kind == "symbolic":
        return variant.pos - 1, variant.pos - 1 + len(variant.ref)
    front, ref, alt = trimmed(variant.ref, variant.alt)
    start = variant.pos - 1 + front
    end = start + len(ref)
    if len(ref) == len(alt):
        return start, end
    if ref.startswith(alt):
        return start + len(alt), end
    if alt.startswith(ref):
        return end - 1, end + 1
    return start, end


def _passed(variant: Variant) -> Reason | None:
    if variant.filters in (("PASS",), ()):
        return None
    return Reason(code="filter", found=";".join(variant.filters), limit="PASS")


def _kind(kinds: tuple[str, ...]) -> Check:
    wanted = frozenset(kinds)
    limit = " or ".join(kinds)

    def check(variant: Variant) -> Reason | None:
        if variant.kind in wanted:
            return None
        return Reason(code="kind", found=variant.kind, limit=limit)

    return check


def _depth(variant: Variant) -> float | None:
    if isinstance(variant, LazyVariant):
        return variant.tumor_part(0)
    return variant.tumor.depth


def _alt_depth(variant: Variant) -> float | None:
    if isinstance(variant, LazyVariant):
        return variant.tumor_part(2)
    return variant.tumor.alt_depth


def _sample_vaf(variant: Variant) -> float | None:
    if isinstance(variant, LazyVariant):
        return variant.tumor_part(3)
    counts = variant.tumor
    if counts.vaf is not None:
        return counts.vaf
    if counts.alt_depth is not None and counts.depth:
        return counts.alt_depth / counts.depth
    return None


def _info_vaf(variant: Variant) -> float | None:
    text = variant.info.get("AF", "")
    if "," in text:  # one value per allele, and only the sample's reads say which is whose
        return _sample_vaf(variant)
    try:
        return float(text)
    except ValueError:
        return None


def _p_somatic(variant: Variant) -> float | None:
    return variant.p_somatic


def _said(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.6g}"


def _least(code: str, of: Callable[[Variant], float | None], minimum: float) -> Check:
    def check(variant: Variant) -> Reason | None:
        value = of(variant)
        if value is not None and value >= minimum:
            return None
        return Reason(code=code, found=_said(value), limit=f">= {minimum:g}")

    return check


def _most(code: str, of: Callable[[Variant], float | None], maximum: float) -> Check:
    def check(variant: Variant) -> Reason | None:
        value = of(variant)
        if value is not None and value <= maximum:
            return None
        return Reason(code=code, found=_said(value), limit=f"<= {maximum:g}")

    return check


def _outside(of: Callable[[Variant], float | None], low: float, high: float) -> Check:
    def check(variant: Variant) -> Reason | None:
        value = of(variant)
        if value is not None and not low <= value <= high:
            return None
        return Reason(code="germline-vaf", found=_said(value), limit=f"outside {low:g} to {high:g}")

    return check


def _callers(minimum: int) -> Check:
    def check(variant: Variant) -> Reason | None:
        found = len(set(variant.callers))
        if found >= minimum:
            return None
        return Reason(code="callers", found=str(found), limit=f">= {minimum}")

    return check


def _not_complex(variant: Variant) -> Reason | None:
    for key, value in variant.info.items():
        if "Complex" in value:
            return Reason(code="complex", found=f"{key}={value}", limit="not Complex")
    return None


def _population(params: TmbParams, declared: Collection[str] | None) -> Check:
    names, maximum = params.population_fields, params.max_population_af or 0.0
    everything = not names
    if declared is not None:
        names = tuple(n for n in names if not n.startswith("INFO/") or n in declared)

    def check(variant: Variant) -> Reason | None:
        # Absent from a source that was asked is rare: only a frequency that is there speaks.
        for name in variant.frequencies if everything else names:
            value = frequency(variant, name)
            if value is not None and value > maximum:
                return Reason(
                    code="population", found=f"{name} {value:.6g}", limit=f"<= {maximum:g}"
                )
        return None

    return check


def frequency(variant: Variant, name: str) -> float | None:
    """Return a population frequency; ``INFO/NAME`` is read from that INFO field only."""
    if not name.startswith("INFO/"):
        known = variant.frequencies.get(name)
        return None if known is None else known.value
    text = variant.info.get(name[5:])
    return highest(text) if text else None


def highest_frequency(variant: Variant) -> float | None:
    """Return the highest population frequency, None where no source has the allele."""
    if isinstance(variant, LazyVariant):
        return variant.highest_frequency
    return variant.population_af.value


def panel_observations(text: str) -> int | None:
    """Return the most observations of any caller in an ``Artifact`` field.

    Joined by commas the last number is the size of the panel (``vardict,mutect2,Total``); joined
    by bars there is none.

    >>> panel_observations("2,5,36"), panel_observations("21|20|20|21"), panel_observations(".")
    (5, 21, None)
    """
    numbers = text.split("|") if "|" in text else text.split(",")[:-1] or [text]
    try:
        return max(int(number) for number in numbers)
    except ValueError:
        return None


def _panel(maximum: int) -> Check:
    def check(variant: Variant) -> Reason | None:
        # A position that the panel never saw carries no entry: that is absent, not unknown.
        seen = panel_observations(variant.info.get("Artifact", "0"))
        if seen is not None and seen <= maximum:
            return None
        return Reason(code="panel", found=_said(seen), limit=f"<= {maximum}")

    return check


def _no_id(variant: Variant) -> Reason | None:
    if not variant.ids:
        return None
    return Reason(code="known-id", found="&".join(variant.ids), limit="none")


def _no_hotspot(variant: Variant) -> Reason | None:
    return Reason(code="hotspot", found="hotspot", limit="none") if variant.hotspot else None


def _no_truncation(params: TmbParams) -> Check:
    genes = frozenset(params.suppressor_genes)

    def check(variant: Variant) -> Reason | None:
        for block in blocks_of(variant, params.transcript) or ():
            if block.gene in genes and not TRUNCATING.isdisjoint(block.terms):
                found = f"{block.gene} {'&'.join(block.terms)}"
                return Reason(code="suppressor", found=found, limit="no truncation")
        return None

    return check


def _no_gene(params: TmbParams, genes: frozenset[str], code: str) -> Check:
    def check(variant: Variant) -> Reason | None:
        for block in blocks_of(variant, params.transcript) or ():
            if block.gene in genes:
                return Reason(code=code, found=block.gene, limit="another gene")
        return None

    return check


def _consequence(params: TmbParams) -> Check:
    check_terms(params.consequences)
    wanted = frozenset(params.consequences)

    def check(variant: Variant) -> Reason | None:
        blocks = blocks_of(variant, params.transcript)
        if blocks is None:
            return Reason(code="consequence", found=UNKNOWN, limit="a counted consequence")
        for block in blocks:
            if not wanted.isdisjoint(block.terms):
                return None
        found = ",".join(dict.fromkeys("&".join(block.terms) for block in blocks))
        return Reason(
            code="consequence", found=found or "no annotation", limit="a counted consequence"
        )

    return check
