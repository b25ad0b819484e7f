"""Purity and ploidy of a case: as given, as fitted, and which of them later steps use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import plain, to_document
from tumorkit.errors import TumorkitError
from tumorkit.genome.fitted_purity import ANSWERED
from tumorkit.io.outputs import Outputs
from tumorkit.profile.result import Part
from tumorkit.profile.segments import Segmented, segmented_files
from tumorkit.profile.work import Work, earlier_part, known, unknown
from tumorkit.purity import PurityParams
from tumorkit.purity.analysis import NO_LEVEL
from tumorkit.purity.modes import LEVEL, bounds
from tumorkit.purity.result import PurityResult
from tumorkit.purity.run import PurityFiles, run_purity, write_purity

RESULT, PICTURE = "purity.json", "purity.svg"
RULE = (
    "a purity that was given is used; else the fitted one where alleles or mutations speak for it; "
    "else none"
)
NO_FIT = "no purity was given (--purity, --purity-result), and there are no segments to fit one to"
# A fit knows the ploidy at a given purity if points so near it have this share of its weight; the
# points of one solution lie within so much ploidy of its top.
NEAR, LEAST, HILL = 0.05, 0.01, 0.3
# Standard deviation of a prior that no reads can move.
HELD = 0.01
# What only later steps need; the report would carry it along.
IN_FILE_ONLY = ("grid", "alternatives", "inputs", "params")


def purity_part(work: Work) -> Part:
    """Fit purity and ploidy, keep what was given beside it, and say which one is used."""
    case, files = work.case.case, list[str]()
    fitted: Mapping[str, Any] | None = None
    held: Mapping[str, Any] | None = None
    failed = ""
    if work.case.inputs.purity_result is not None:
        fitted = earlier_part(work, "purity", work.case.inputs.purity_result).result
        files.append(RESULT)
    else:
        found = segmented_files(work)
        try:
            fitted = None if found is None else fitted_here(work, found, files)
            if found is not None and contradicts(case.purity, case.ploidy, fitted):
                held = to_document(fit_of_case(work, found, held_to=case.purity))
        except TumorkitError as error:
            # A panel of X alone is no damaged input: there is just nothing to fit to.
            if case.purity is None and NO_LEVEL not in error.message:
                raise
            failed = without_paths(error.message, work)
    if case.purity is None and fitted is None:
        return unknown("purity", failed or NO_FIT)
    document = purity_document(case.purity, case.ploidy, fitted, failed, held=held)
    return known("purity", document, *files)


def without_paths(message: str, work: Work) -> str:
    """Return an error's words with files by their names: a result is the same anywhere."""
    found = message.replace(f"{work.outdir}/", "")
    for path in work.case.inputs.given().values():
        found = found.replace(str(path), path.name)
    return found


def fitted_here(work: Work, found: Segmented, files: list[str]) -> Mapping[str, Any]:
    """Fit purity and ploidy to the case's segments, SNPs and variants; write result and tables."""
    result = fit_of_case(work, found)
    made = PurityFiles(
        solutions=work.outdir / "purity.solutions.tsv",
        mutation_table=work.outdir / "purity.variants.tsv",
        gene_table=work.outdir / "purity.genes.tsv",
        plot=work.outdir / PICTURE,
    )
    outputs = Outputs(output=work.outdir / "purity.segments.tsv", json=work.outdir / RESULT)
    write_purity(result, outputs, made)
    files += [RESULT, "purity.segments.tsv"]
    files += [path.name for path in (made.solutions, made.mutation_table, made.gene_table) if path]
    files.append(PICTURE)
    return to_document(result)


def contradicts(
    purity: float | None, ploidy: float | None, fitted: Mapping[str, Any] | None
) -> bool:
    """Whether a given purity came without a ploidy, and the fit has none at that purity."""
    if purity is None or ploidy is not None or fitted is None:
        return False
    return fitted["state"] in ANSWERED and ploidy_at(purity, fitted).value is None


def fit_of_case(work: Work, found: Segmented, *, held_to: float | None = None) -> PurityResult:
    """Fit purity and ploidy; ``held_to`` is a purity that the fit is held to."""
    inputs, case, roles = work.case.inputs, work.case.case, work.case.roles
    params = params_of(work, found)
    if held_to is not None:
        params = replace(params, pathology_purity=held_to, pathology_sd=HELD)
    return run_purity(
        found.segments,
        snps=found.snps,
        somatic=inputs.somatic,
        germline=inputs.germline,
        genes=inputs.genes or inputs.exons,
        params=params,
        sex=case.sex or None,
        build=work.case.build,
        tumor=roles.tumor if roles else None,
        normal=roles.normal if roles else None,
        paired=True if inputs.normal is not None else None,
        sample=work.case.sample,
        progress=work.progress,
    )


def params_of(work: Work, found: Segmented) -> PurityParams:
    """Return the settings of the fit that follow from the case: a prior, and where X stands."""
    case = work.case.case
    params = PurityParams(
        pathology_purity=case.pathology_purity,
        haploid_x_reference=found.haploid_x or case.haploid_x_reference,
    )
    if case.pathology_sd is not None:
        params = replace(params, pathology_sd=case.pathology_sd)
    return params


def purity_document(
    purity: float | None,
    ploidy: float | None,
    fitted: Mapping[str, Any] | None,
    failed: str = "",
    *,
    held: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what is used at the top, and below it the given and the fitted values apart.

    ``held`` is a fit that was held to the given purity, where the free one contradicts it.
    ``source`` is ``given``, ``fitted`` or ``none``; ``used`` says it in words with the rule.
    """
    answered = fitted is not None and fitted["state"] in ANSWERED
    alone = answered and levels_alone(fitted)
    given = None if purity is None else {"purity": purity, "ploidy": ploidy}
    if purity is not None:
        source, main = "given", plain(Estimate(value=purity))
        beside_it = ploidy_at(purity, fitted if held is None else held)
        second = plain(beside_it if ploidy is None else Estimate(value=ploidy))
    else:
        document = fitted or {}
        source = "fitted" if answered and not alone else "none"
        main = {name: document[name] for name in plain(Estimate(value=0.0))}
        second = document["ploidy"]
        if alone:
            main, second = (
                plain(Estimate.not_evaluable(not_used(name, one)))
                for name, one in (("purity", main), ("ploidy", second))
            )
    shown = None if fitted is None else {k: v for k, v in fitted.items() if k not in IN_FILE_ONLY}
    # The first table of the report says by this whether a value was given or fitted.
    evidence = {"source": source}
    if source == "fitted" and fitted is not None:
        evidence["solution weight"] = f"{fitted['solutions'][0]['weight']:.2f}"
    beside = {"source": "fitted"} if ploidy is None and second["value"] is not None else evidence
    main, second = {**main, "evidence": evidence}, {**second, "evidence": {**evidence, **beside}}
    return {
        **main,
        "source": source,
        "used": in_words(source, purity, fitted, failed),
        "rule": RULE,
        "ploidy": second,
        "given": given,
        "fitted": shown,
    }


def levels_alone(fitted: Mapping[str, Any] | None) -> bool:
    """Whether neither alleles nor mutations spoke: then copies could be others altogether."""
    used = (fitted or {}).get("used") or {}
    return used.get("segments_with_alleles") == 0 and used.get("mutations_used") == 0


def not_used(name: str, found: Mapping[str, Any]) -> str:
    """Return why the fit of levels alone is no measurement that calls may rest on."""
    return (
        f"levels alone fit a {name} of {found['value']:.2f} ({found['low']:.2f} to "
        f"{found['high']:.2f}): shown, not used; allele counts (--germline, --tumor) would tell"
    )


def ploidy_at(purity: float, fitted: Mapping[str, Any] | None) -> Estimate:
    """Return the ploidy that the fit finds where its purity is the given one.

    A tumour of ploidy 3 read as one of 2 has all its copies wrong. Where the fit saw no tumour or
    gives the given purity next to no weight, 2 stays assumed, and the reason says so.
    """
    points = []
    if fitted is not None and fitted["state"] != "no_tumor_signal":
        points = [one for one in fitted.get("grid") or () if abs(one["purity"] - purity) <= NEAR]
    if sum(one["weight"] for one in points) < LEAST:
        return Estimate.not_evaluable("no ploidy was given; 2 is assumed")
    top = max(points, key=lambda one: one["weight"])
    hill = [one for one in points if abs(one["ploidy"] - top["ploidy"]) <= HILL]
    weights = np.array([one["weight"] for one in hill])
    value = float(np.average([one["ploidy"] for one in hill], weights=weights))
    values = [one["ploidy"] for one in points]
    low, high = bounds(np.array(values), np.array([one["weight"] for one in points]), 0.025, 100.0)
    return Estimate(value=value, low=min(low, value), high=max(high, value), level=LEVEL)


def ploidy_source(document: Mapping[str, Any]) -> str | None:
    """Return whether the ploidy used was given or fitted, None where there is none."""
    ploidy = document.get("ploidy") or {}
    if ploidy.get("value") is None:
        return None
    source = (ploidy.get("evidence") or {}).get("source")
    return None if source is None else str(source)


def in_words(
    source: str, purity: float | None, fitted: Mapping[str, Any] | None, failed: str
) -> str:
    """Return which purity later steps use, and what stands beside it.

    >>> in_words("given", 0.4, None, "")
    '0.4 as given is used; none was fitted'
    """
    value = None if fitted is None else fitted["value"]
    if source == "given":
        beside = "none was fitted" + (f" ({failed})" if failed else "")
        if fitted is not None:
            known_value = value is not None
            beside = (
                f"the fit finds {value:.2f} ({fitted['low']:.2f} to {fitted['high']:.2f})"
                if known_value
                else f"the fit has no answer: {fitted['reason_of_state']}"
            )
        return f"{purity:g} as given is used; {beside}"
    if source == "fitted" and value is not None:
        return f"{value:.2f} as fitted is used; none was given"
    if value is not None and fitted is not None:
        return f"none is used: none was given, and {not_used('purity', fitted)}"
    reason = (fitted or {}).get("reason_of_state", "")
    return f"none is used: none was given, and the fit has no answer: {reason}"


def fit_of(work: Work) -> Path | None:
    """Return the fit's file where later steps build on it: an answer, and no given purity."""
    source = work.document("purity").get("source")
    return work.outdir / RESULT if source == "fitted" else None
