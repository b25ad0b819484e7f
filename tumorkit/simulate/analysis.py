"""Plan a case, sequence it, and say what is true of it; pure functions of the settings."""

from __future__ import annotations

from tumorkit.contract.estimate import Estimate
from tumorkit.simulate.case import plan_case
from tumorkit.simulate.consequence import Annotator, Effect
from tumorkit.simulate.counts import SimulatedCounts, simulate_counts
from tumorkit.simulate.nouns import Case
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.result import SimulateResult
from tumorkit.simulate.sequencing import IslandData, repeat_candidate, sequence_case

__all__ = [
    "SimulatedCounts",
    "plan_case",
    "sequence_case",
    "simulate_case",
    "simulate_counts",
    "truth_of",
]


def simulate_case(params: SimulateParams | None = None) -> SimulateResult:
    """Plan and sequence a case in memory and return its truth, without files."""
    params = params or SimulateParams()
    case = plan_case(params)
    return truth_of(case, list(sequence_case(case, params)), params, reads=0)


def truth_of(
    case: Case, islands: list[IslandData], params: SimulateParams, *, reads: int
) -> SimulateResult:
    """Return what was planted, in numbers."""
    coding = sum(t.coding_bases for t in case.panel.transcripts)
    effects = [effect for effect in somatic_effects(case) if effect.coding]
    silent = sum(effect.terms[0] in SILENT for effect in effects)
    shifted = sum(m.shift != 0 for m in case.microsatellites)
    calls = [call for data in islands for call in data.calls]
    megabases = coding / 1e6
    return SimulateResult(
        sample=params.tumor_name,
        build="GRCh38",
        params=params,
        purity=Estimate(value=params.purity),
        ploidy=Estimate(value=case.ploidy),
        tmb=Estimate(
            value=len(effects) / megabases,
            unit="mut/Mb",
            evidence={"mutations": len(effects), "megabases": megabases},
        ),
        tmb_nonsynonymous=Estimate(
            value=(len(effects) - silent) / megabases,
            unit="mut/Mb",
            evidence={"mutations": len(effects) - silent, "megabases": megabases},
        ),
        msi=Estimate(
            value=shifted / len(case.microsatellites),
            evidence={"shifted": shifted, "repeats": len(case.microsatellites)},
        )
        if case.microsatellites
        else Estimate.not_evaluable("the panel has no repeat"),
        targets=len(case.panel.targets),
        genes=len(case.panel.transcripts),
        coding_bases=coding,
        segments=len(case.segments),
        germline_variants=len(case.germline),
        somatic_snvs=sum(v.kind == "snv" for v in case.somatic),
        somatic_indels=sum(v.kind != "snv" for v in case.somatic),
        microsatellites=len(case.microsatellites),
        shifted_microsatellites=shifted,
        artefacts=len(case.artefacts),
        calls=len(calls),
        calls_passed=sum(call.filters == ("PASS",) for call in calls),
        reads=reads,
    )


SILENT = ("synonymous_variant", "stop_retained_variant", "splice_region_variant")


def somatic_effects(case: Case) -> list[Effect]:
    """Return the effect of every somatic variant, shifted repeats among them."""
    annotator = Annotator(case.sequence, case.panel.transcripts)
    alleles = [(v.contig, v.pos, v.ref, v.alt) for v in case.somatic]
    for repeat in case.microsatellites:
        candidate = repeat_candidate(case, repeat)
        if candidate is not None:
            alleles.append((candidate.contig, candidate.pos, candidate.ref, candidate.alt))
    return [annotator.effect(*allele) for allele in alleles]
