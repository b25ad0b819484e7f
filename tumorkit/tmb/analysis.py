"""Count what a scheme counts, divide by what was sought, and say how sure that is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from tumorkit.errors import ParameterError
from tumorkit.genome.interval import Territory
from tumorkit.genome.variant import Variant
from tumorkit.tmb.calibrate.result import TmbCalibration
from tumorkit.tmb.detection import unseen_reason
from tumorkit.tmb.notes import CONSTANT
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import Difference, TmbResult
from tumorkit.tmb.rules import blocks_of, rules_of
from tumorkit.tmb.sieve import sieves_of
from tumorkit.tmb.tally import Tally, Trace
from tumorkit.variants.allele_block import AlleleBlock

NOT_ANNOTATED = "the VCF has no annotation of consequences (CSQ, ANN or BCSQ)"
NO_POPULATION = (
    "tumour-only and the VCF declares no population frequency, so germline variants would count"
)


def estimate_tmb(
    variants: Iterable[Variant],
    territory: Territory | None,
    params: TmbParams | None = None,
    *,
    annotated: bool,
    megabases: float | None = None,
    masked: Territory | None = None,
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
    trace: Trace | None = None,
    purity: float | None = None,
    calibration: TmbCalibration | None = None,
) -> TmbResult:
    """Count eligible variants per megabase under one scheme.

    ``variants`` are read once, so a generator serves. ``territory`` filters them and, unless the
    scheme has a fitted size or ``megabases`` is given, is also what the count is divided by.
    ``masked`` bases are left out of the count; the caller has already taken them out of
    the territory. ``annotated`` says whether consequences are there to be asked.
    ``frequencies`` and ``fields`` are the population sources and INFO fields that the header
    declares; None does not check them. ``trace`` is called with the verdict on every variant.
    At a ``purity`` at which a clonal variant would not count, the TMB is not evaluable.
    ``calibration`` leads from the panel's burden to an exome's. A scheme whose ``germline`` is
    ``posterior`` weighs each variant with its ``p_somatic``.

    Raises :class:`ParameterError` where a rule of the scheme asks for a field that is not declared.

    >>> from tumorkit.genome.variant import AlleleCounts
    >>> counts = AlleleCounts(depth=100, alt_depth=20, vaf=0.2)
    >>> hits = [Variant(contig="chr1", pos=i, ref="A", alt="T", tumor=counts) for i in range(1, 13)]
    >>> result = estimate_tmb(hits, None, annotated=False, megabases=1.2)
    >>> result.tmb.value, round(result.tmb.low, 3), round(result.tmb.high, 3)
    (10.0, 5.167, 17.468)
    """
    return compare_tmb(
        variants,
        territory,
        (params or TmbParams(),),
        annotated=annotated,
        megabases=megabases,
        masked=masked,
        tumor_only=tumor_only,
        frequencies=frequencies,
        fields=fields,
        trace=trace,
        purity=purity,
        calibration=calibration,
    )


def compare_tmb(
    variants: Iterable[Variant | AlleleBlock],
    territory: Territory | Mapping[str, Territory] | None,
    schemes: Sequence[TmbParams],
    *,
    annotated: bool,
    megabases: float | None = None,
    masked: Territory | None = None,
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
    trace: Trace | None = None,
    purity: float | None = None,
    calibration: TmbCalibration | None = None,
) -> TmbResult:
    """Score several schemes in one pass over the variants; the first one leads.

    The others and the variants on which the schemes differ are in ``others`` and ``differences``.
    ``territory`` may hold a territory for each scheme by its name, since a scheme has its say in
    what is coding and what is covered. ``variants`` may come in blocks, unless there is a
    ``trace``: one account of every allele and all rules. Other arguments as in
    :func:`estimate_tmb`.
    """
    tallies = []
    for params in schemes:
        reason = cannot_count(params, annotated, tumor_only, frequencies)
        reason = reason or unseen_reason(purity, params)
        check_calibration(params, calibration)
        if not reason:
            check_fields(params, frequencies, fields)
        mine = territory[params.scheme] if isinstance(territory, Mapping) else territory
        size, source = denominator(params, mine, megabases)
        rules = rules_of(params, mine, masked, fields)
        sieves = sieves_of(rules, params, mine, masked, fields)
        tallies.append(Tally(params, rules, size, source, reason, calibration, sieves))
    asked = [tally for tally in tallies if not tally.reason]
    differences: list[Difference] = []
    for item in variants:
        if isinstance(item, AlleleBlock):
            differences += differences_in(item, asked)
            continue
        reasons = [tally.judge(item, trace) for tally in asked]
        codes = [reason.code if reason else "" for reason in reasons]
        if "" in codes and any(codes):
            differences.append(difference(item, asked, codes))
    lead, *rest = tallies
    return TmbResult(
        tmb=lead.estimate(),
        scheme=lead.params.scheme,
        seen=lead.seen,
        counted=len(lead.hits),
        rejected=lead.seen - len(lead.hits),
        hotspots_unknown=lead.hotspot_unknown,
        waterfall=lead.waterfall(),
        variants=tuple(lead.hits),
        notes=lead.notes(),
        others=tuple(tally.score() for tally in rest),
        differences=tuple(differences),
        params=lead.params,
    )


def cannot_count(
    params: TmbParams, annotated: bool, tumor_only: bool, frequencies: Collection[str] | None
) -> str:
    """Return why a scheme cannot be applied to such a VCF at all; empty if it can."""
    if (params.consequences or params.suppressor_genes or params.exclude_known_ids) and (
        not annotated
    ):
        return NOT_ANNOTATED
    # A rule against known identifiers stands in for frequencies.
    if tumor_only and frequencies is not None and not frequencies and not params.exclude_known_ids:
        return NO_POPULATION
    return ""


def check_calibration(params: TmbParams, calibration: TmbCalibration | None) -> None:
    """Raise where a calibration was made with the counts of another scheme."""
    if calibration is not None and calibration.scheme not in ("", params.scheme):
        raise ParameterError(
            f"the calibration is of scheme {calibration.scheme}, not of {params.scheme}",
            f"score with --preset {calibration.scheme}, or calibrate with --scheme {params.scheme}",
        )


def check_fields(
    params: TmbParams, frequencies: Collection[str] | None, fields: Collection[str] | None
) -> None:
    """Raise where a rule asks for a field that the header does not declare."""
    if fields is not None:
        for name, remedy in needed_fields(params):
            if name not in fields:
                raise ParameterError(
                    f"{params.scheme}: a rule asks for {name}, which the header does not declare",
                    remedy,
                )
    if frequencies is None or params.max_population_af is None or not params.population_required:
        return
    missing = [name for name in params.population_fields if name not in frequencies]
    if missing:
        present = ", ".join(sorted(frequencies)) or "none"
        raise ParameterError(
            f"{params.scheme}: a rule asks for the population frequency {missing[0]}, which the "
            f"header does not declare; declared: {present}",
            "annotate with VEP --af --max_af, or name declared sources with --population-fields",
        )


def needed_fields(params: TmbParams) -> Iterator[tuple[str, str]]:
    """Yield the fields that the rules ask for, each with what to do where it is missing."""
    if params.vaf_source == "info":
        yield "INFO/AF", "read the fraction from the tumour's column: --vaf-source sample"
    if params.min_callers:
        yield "INFO/CALLERS", "give an ensembled VCF, or count one caller's: --min-callers 0"
    if params.max_panel_observations is not None:
        yield "INFO/Artifact", "annotate the VCF with the panel of normals (hydra-genetics)"
    if params.exclude_known_ids:
        yield "CSQ/Existing_variation", "annotate with VEP --check_existing"


def denominator(
    params: TmbParams, territory: Territory | None, megabases: float | None
) -> tuple[float | None, str]:
    """Return the size in Mb that the count is divided by, and where it comes from."""
    if megabases is not None:
        return megabases, "given"
    if params.fitted_size and params.megabases is not None:
        return params.megabases, "fitted by the scheme"
    if territory is not None:
        return territory.megabases, "targets"
    if params.megabases is not None:
        return params.megabases, CONSTANT
    return None, ""


def differences_in(block: AlleleBlock, tallies: Sequence[Tally]) -> Iterator[Difference]:
    """Judge the alleles of a block; yield those that some schemes count and others do not."""
    by_scheme = [tally.judge_block(block) for tally in tallies]
    for row, codes in enumerate(zip(*by_scheme, strict=True) if len(by_scheme) > 1 else ()):
        if "" in codes and any(codes):
            yield difference(block.variant(row), tallies, codes)


def difference(variant: Variant, tallies: Sequence[Tally], codes: Sequence[str]) -> Difference:
    """Describe a variant that some schemes count and others do not; ``codes`` are the reasons."""
    block = next(iter(blocks_of(variant, "first") or ()), None)
    return Difference(
        contig=variant.contig,
        pos=variant.pos,
        ref=variant.ref,
        alt=variant.alt,
        gene=block.gene if block else "",
        verdicts={
            tally.params.scheme: code or "counted"
            for tally, code in zip(tallies, codes, strict=True)
        },
    )


def with_rules(params: TmbParams, changes: Mapping[str, object]) -> TmbParams:
    """Return a scheme with some rules changed; ``changed`` names them.

    >>> with_rules(TmbParams(scheme="x"), {"min_depth": 50}).title
    'x (changed: min_depth)'
    """
    if not changes:
        return params
    names = tuple(sorted({*params.changed, *changes}))
    return dataclasses.replace(params, **{**changes, "changed": names})  # type: ignore[arg-type]
