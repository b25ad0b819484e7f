"""Limits of detection of a case: its filters at its depths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tumorkit.contract.result import plain
from tumorkit.variants.detection import DetectionLimit, Site, depth_needed, detection_limit
from tumorkit.variants.filter import Specification

SITES = (
    ("hotspot_snv", Site(kind="snv", hotspot=True)),
    ("snv", Site(kind="snv")),
    ("deletion", Site(kind="deletion")),
    ("insertion", Site(kind="insertion")),
)
CALLED, COVERED = "calls", "coverage"


def preparation(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return which filters the sample's preparation switches off, and what was said of it."""
    said = result.get("preparation") or {}
    skipped = {row["filter"]: row["reason"] for row in result.get("not_applicable") or ()}
    known = {name: str(value) for name, value in said.items() if value not in (None, "", "unknown")}
    return {"skipped": skipped, "said": known}


def needed_depth(
    specification: Specification, result: Mapping[str, Any], *, vaf: float
) -> int | None:
    """Return the depth at which an ordinary single-base change of this fraction is seen."""
    paired = result.get("normal_sample") is not None
    return depth_needed(specification, vaf=vaf, site=Site(paired=paired), **preparation(result))


def limits_of(
    specification: Specification,
    result: Mapping[str, Any],
    *,
    depths: Mapping[str, int],
    depths_from: str,
    genes: Sequence[tuple[str, int]] = (),
) -> dict[str, Any]:
    """Return the limits of detection for kinds of changes at some depths, and for genes.

    ``depths`` are named (median, low); ``genes`` come with their median depths. Every limit is the
    smallest allele fraction that passes all filters with a probability of .95.
    """
    paired = result.get("normal_sample") is not None
    asked = preparation(result)

    def limit(site: Site, depth: int) -> DetectionLimit:
        site = Site(kind=site.kind, hotspot=site.hotspot, gene=site.gene, paired=paired)
        return detection_limit(specification, depth=depth, site=site, **asked)

    rows, blind = [], dict[str, None]()
    for name, site in SITES:
        for which, depth in depths.items():
            found = limit(site, depth)
            blind |= dict.fromkeys(found.not_modelled)
            rows.append({"site": name, "at": which, **shown(found)})
    return {
        "probability": 0.95,
        "depths_from": depths_from,
        "rows": rows,
        "genes": [
            {
                "gene": gene,
                **shown(limit(Site(gene=gene), depth)),
                "hotspot": shown(limit(Site(gene=gene, hotspot=True), depth)),
            }
            for gene, depth in genes
            if depth > 0
        ],
        "not_modelled": list(blind),
        "reason": None,
    }


def shown(found: DetectionLimit) -> dict[str, Any]:
    """Return a limit as plain values."""
    document: dict[str, Any] = plain(
        {
            "depth": found.depth,
            "vaf": found.vaf,
            "reads": found.reads,
            "failing": list(found.failing),
        }
    )
    return document


def without_limits(reason: str) -> dict[str, Any]:
    """Return the answer where no limit can be computed."""
    return {
        "probability": 0.95,
        "depths_from": None,
        "rows": [],
        "genes": [],
        "not_modelled": [],
        "reason": reason,
    }
