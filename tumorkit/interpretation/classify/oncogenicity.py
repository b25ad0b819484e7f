"""Points of oncogenicity: every criterion with its state and what it rests on.

Source: Horak et al., Standards for the classification of pathogenicity of somatic variants in
cancer (oncogenicity), Genetics in Medicine 2022 (ClinGen, CGC, VICC): criteria, points, and which
criteria give way to others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from tumorkit.interpretation.changes import (
    IN_FRAME,
    NULL,
    distance_of,
    normal,
    one_letter,
    residue_of,
    same_change,
    span_of,
)
from tumorkit.interpretation.classify.indexed import Indexed
from tumorkit.interpretation.classify.null import CRITICAL, STRENGTHS, strength_of
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.classify.result import Criterion, State
from tumorkit.interpretation.nouns import Alteration, HotspotRow

POINTS = {
    "OVS1": 8, "OS1": 4, "OS2": 4, "OS3": 4, "OM1": 2, "OM2": 2, "OM3": 2, "OM4": 2, "OP1": 1,
    "OP2": 1, "OP3": 1, "OP4": 1, "SBVS1": -8, "SBS1": -4, "SBS2": -4, "SBP1": -1, "SBP2": -1,
}  # fmt: skip
# A criterion gives way where one of these is met: both would count the same evidence.
GIVES_WAY = {
    "OM2": ("OVS1",),
    "OS3": ("OS1",),
    "OM1": ("OS1", "OS3"),
    "OM4": ("OS1", "OS3", "OM1"),
    "OM3": ("OM1", "OM4"),
    "OP3": ("OM1", "OM4"),
    "SBS1": ("SBVS1",),
}
SUPPRESSOR = ("tumor suppressor", "both")
MISSENSE = "missense_variant"
ESTABLISHED = "oncogenic"
# Populations that are small, mixed, or the highest of all: none of the five general ones that Horak
# names (African, East Asian, non-Finnish European, Latino, South Asian).
NOT_GENERAL = re.compile(
    r"(?:^|[_/])(?:FIN|ASJ|AMI|MID|OTH|REMAINING|MAX|GRPMAX|POPMAX)(?:[_/]|$)", re.IGNORECASE
)


class Judged(NamedTuple):
    """State and reason of a criterion; its points where they are not the usual, and the most."""

    state: State
    why: str
    points: int | None = None
    most: int | None = None
    steps: tuple[str, ...] = ()


Judge = Callable[[Alteration, Indexed, ClassifyParams], Judged]


@dataclass(frozen=True, kw_only=True)
class Points:
    """Sum of the counted criteria, and what it could be at least and at most."""

    sum: int
    low: int
    high: int
    criteria: tuple[Criterion, ...]


def judge_points(found: Alteration, tables: Indexed, params: ClassifyParams) -> Points:
    """Return all 17 criteria of a small variant, in Horak's order."""
    criteria: dict[str, Criterion] = {}
    for code, usual in POINTS.items():
        judged = asserted(code, found, tables) or JUDGES.get(code, by_reviewer)(
            found, tables, params
        )
        points = usual if judged.points is None else judged.points
        open_ended = judged.state == "not assessable"
        criteria[code] = Criterion(
            code=code,
            points=points,
            strength=STRENGTHS[abs(points)],
            most=usual if open_ended else points if judged.most is None else judged.most,
            state=judged.state,
            counted=judged.state == "met",
            why=judged.why,
            steps=judged.steps,
        )
    # Of OM1 and OVS1 the publication says nothing, but one domain is not counted twice.
    twice = {"OM1": ("OVS1",)} if CRITICAL in criteria["OVS1"].steps else {}
    for code, stronger in {**GIVES_WAY, **twice}.items():
        first = next((other for other in stronger if criteria[other].counted), None)
        if criteria[code].counted and first:
            criteria[code] = replace(
                criteria[code], counted=False, why=f"{criteria[code].why}; gives way to {first}"
            )
    listed = tuple(criteria.values())
    total = sum(item.points for item in listed if item.counted)
    unknown = [item.points for item in listed if item.state == "not assessable"]
    undecided = sum(item.most - item.points for item in listed if item.counted)
    return Points(
        sum=total,
        low=total + sum(points for points in unknown if points < 0),
        high=total + sum(points for points in unknown if points > 0) + undecided,
        criteria=listed,
    )


def class_of(points: Points, params: ClassifyParams) -> str | None:
    """Return the class of the points, None where nothing speaks for or against the variant."""
    if not any(item.counted for item in points.criteria):
        return None
    if points.sum >= params.min_oncogenic:
        return "Oncogenic"
    if points.sum >= params.min_likely_oncogenic:
        return "Likely oncogenic"
    if points.sum <= params.max_benign:
        return "Benign"
    return "Likely benign" if points.sum <= params.max_likely_benign else "VUS"


def asserted(code: str, found: Alteration, tables: Indexed) -> Judged | None:
    """Return what a reviewer said of a criterion for this very change."""
    for row in tables.asserted(found.gene):
        if row.code == code and same_change(row.change, found):
            state: State = "met" if row.state == "met" else "not met"
            sign = 1 if POINTS[code] > 0 else -1
            points = {name: sign * value for value, name in STRENGTHS.items()}.get(row.strength)
            return Judged(state, f"{row.source} ({row.author}, {row.date})", points)
    return None


def by_reviewer(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """Judge what no table answers by itself."""
    del found, params
    if tables.tables.asserted is None:
        return Judged("not assessable", "no table of reviewed criteria was given")
    return Judged("not assessable", "not reviewed for this change")


def null_in_suppressor(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OVS1: a null variant in a tumour suppressor, by ClinGen's strengths of PVS1."""
    del params
    null = sorted(set(found.terms) & NULL)
    if not found.terms:
        return Judged("not assessable", "not annotated")
    if not null:
        near = any("splice" in term for term in found.terms)
        return Judged("not met", "not within two bases of an exon" if near else "no null variant")
    if tables.roles is None:
        return Judged("not assessable", "no table of gene roles was given")
    role = tables.roles.get(found.gene)
    if role not in SUPPRESSOR:
        return Judged("not met", f"{found.gene} is {role or 'not in the table of gene roles'}")
    strength = strength_of(found, tables.model_of(found), tables.domains(found.gene))
    said = f"{null[0]} in {found.gene} ({role})"
    return Judged("met", said, strength.points, strength.most, strength.steps)


def same_as_established(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OS1: the amino-acid change that the laboratory has classed as oncogenic, by any bases."""
    return established(found, tables, params, same=True)


def same_residue(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OM4: a missense at a residue where another missense is established as oncogenic."""
    if MISSENSE not in found.terms:
        return Judged("not met", "no missense variant")
    return established(found, tables, params, same=False)


def established(
    found: Alteration, tables: Indexed, params: ClassifyParams, *, same: bool
) -> Judged:
    """Look for oncogenic changes of the residue in the laboratory's table.

    Only what is classed as oncogenic is established, and an entry whose expiry nobody can judge is
    none. Two frame shifts that begin at one residue are not the same change.
    """
    if tables.tables.laboratory is None:
        return Judged("not assessable", "no laboratory table was given")
    if not found.protein:
        return Judged("not met", "no protein change")
    if same and "FS" in normal(found.protein):
        return Judged("not met", "a frame shift is no change of one amino acid")
    for row in tables.laboratory(found.gene):
        holds = not row.expiry or (bool(params.date) and row.expiry >= params.date)
        if row.oncogenicity.casefold() != ESTABLISHED or not holds:
            continue
        told = normal(one_letter(row.change))
        entry = f"{row.change} is {row.oncogenicity} ({row.author}, {row.date})"
        if same and told == normal(found.protein):
            return Judged("met", entry)
        here, there = residue_of(found.protein), residue_of(told)
        if not same and here == there and here is not None and told != normal(found.protein):
            own, known = distance_of(normal(found.protein)), distance_of(told)
            if own is None or known is None or own < params.min_distance_share * known:
                continue
            return Judged("met", f"{entry}; Grantham's distance {own:.0f}, there {known:.0f}")
    return Judged("not met", "no such entry in the laboratory table")


def hotspot_of(found: Alteration, tables: Indexed) -> tuple[HotspotRow | None, str]:
    """Return the row of this change, else one of its residue, or why there is none.

    A promoter variant stands in the table by its name (residue C228, change C228T).
    """
    own = normal(found.protein or found.promoter)
    residue = residue_of(own)
    if tables.tables.hotspots is None:
        return None, "no table of hotspots was given"
    if residue is None:
        return None, ""
    rows = tables.hotspots(found.gene, f"{residue[0]}{residue[1]}")
    exact = [r for r in rows if normal(one_letter(r.change)) == own]
    if exact:
        return exact[0], ""
    return (replace(rows[0], change=own, change_count=0) if rows else None), ""


def hotspot(code: str) -> Judge:
    """Return the judge of OS3, OM3 or OP3, which part the hotspots among them."""

    def judge(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
        row, missing = hotspot_of(found, tables)
        if missing:
            return Judged("not assessable", missing)
        if row is None:
            return Judged("not met", "no hotspot")
        frequent = row.change_count >= params.hotspot_change
        strong = row.residue_count >= params.hotspot_residue
        fitting = {"OS3": frequent and strong, "OM3": frequent and not strong,
                   "OP3": not frequent and row.change_count > 0}  # fmt: skip
        said = f"{row.residue_count} samples at {row.residue}, {row.change_count} with the change"
        if fitting[code] and set(found.terms) & NULL:
            return Judged("met", said, steps=("a hotspot of truncating variants: use caution",))
        return Judged("met" if fitting[code] else "not met", said)

    return judge


def in_domain(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OM1: within a critical and well-established domain."""
    del params
    rows = tables.domains(found.gene)
    if rows is None:
        return Judged("not assessable", "no table of domains was given")
    span = span_of(found.protein)
    if span is None or normal(found.protein).endswith("="):
        return Judged("not met", "no change of the protein")
    for row in rows:
        if row.first <= span[1] and span[0] <= row.last:
            return Judged("met", f"{row.name}, residues {row.first} to {row.last}")
    return Judged("not met", "in no listed domain")


def length_change(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OM2: another length of the protein in a cancer gene: in frame, or a lost stop."""
    del params
    terms = set(found.terms)
    if not terms:
        return Judged("not assessable", "not annotated")
    in_frame, no_stop = terms & IN_FRAME, "stop_lost" in terms
    if not in_frame and not no_stop:
        return Judged("not met", "length does not change in frame")
    if tables.roles is None:
        return Judged("not assessable", "no table of gene roles was given")
    role = tables.roles.get(found.gene)
    if role is None or (no_stop and not in_frame and role not in SUPPRESSOR):
        return Judged("not met", f"{found.gene} is {role or 'not in the table of gene roles'}")
    return Judged("met", f"{sorted(in_frame or {'stop_lost'})[0]} in {found.gene} ({role})")


def absent(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """OP4: absent from population databases."""
    del tables
    if not found.population_asked:
        return Judged("not assessable", "no population frequency was asked")
    if not found.population_af:
        return Judged("met", "absent from the population sources asked")
    said = f"population frequency {found.population_af:g}"
    if found.population_af <= params.absent_af:
        return Judged("met", f"{said}, at most {params.absent_af:g}")
    return Judged("not met", said)


def common(code: str) -> Judge:
    """Return the judge of SBVS1 or SBS1: frequent in a general population."""

    def judge(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
        del tables
        limit = params.common_af if code == "SBVS1" else params.frequent_af
        if not found.population_asked:
            return Judged("not assessable", "no population frequency was asked")
        highest = found.population_af or 0.0
        if highest <= limit:
            return Judged("not met", f"population frequency {highest:g}")
        asked = found.populations or (("", highest),)
        general = [(value or 0.0, name) for name, value in asked if not NOT_GENERAL.search(name)]
        if not general:
            names = ", ".join(name for name, _ in asked)
            return Judged(
                "not assessable", f"{highest:g}, but no general population was asked ({names})"
            )
        value, name = max(general)
        said = f"population frequency {value:g}" + (f" ({name})" if name else "")
        return Judged("met" if value > limit else "not met", said)

    return judge


def predicted(code: str) -> Judge:
    """Return the judge of OP1 or SBP1: a predictor's score beyond the laboratory's limit."""

    def judge(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
        limit = params.min_predictor if code == "OP1" else params.max_predictor
        if not params.predictor or limit is None:
            return by_reviewer(found, tables, params)
        if found.score is None:
            return Judged("not assessable", f"no {params.predictor}")
        met = found.score >= limit if code == "OP1" else found.score <= limit
        return Judged(("met" if met else "not met"), f"{params.predictor} {found.score:g}")

    return judge


def silent(found: Alteration, tables: Indexed, params: ClassifyParams) -> Judged:
    """SBP2: silent, without effect on splicing, at a base that is not conserved."""
    if not found.terms:
        return Judged("not assessable", "not annotated")
    if "synonymous_variant" not in found.terms:
        return Judged("not met", "not synonymous")
    if any("splice" in term for term in found.terms):
        return Judged("not met", "near a splice site")
    return by_reviewer(found, tables, params)


JUDGES: dict[str, Judge] = {
    "OVS1": null_in_suppressor,
    "OS1": same_as_established,
    "OS3": hotspot("OS3"),
    "OM1": in_domain,
    "OM2": length_change,
    "OM3": hotspot("OM3"),
    "OM4": same_residue,
    "OP1": predicted("OP1"),
    "OP3": hotspot("OP3"),
    "OP4": absent,
    "SBVS1": common("SBVS1"),
    "SBS1": common("SBS1"),
    "SBP1": predicted("SBP1"),
    "SBP2": silent,
}
