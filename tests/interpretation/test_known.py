"""Well-known variants by the published points, with tables made by hand.

The counts at residues are of the order of cancerhotspots.org's; functional studies and predictors
are a reviewer's entries.
"""

from __future__ import annotations

import pytest

from tests.interpretation.builders import make_alteration
from tumorkit.interpretation.classify import Classified, ClassifyParams, classify
from tumorkit.interpretation.nouns import (
    Alteration,
    AssertedRow,
    DomainRow,
    HotspotRow,
    LaboratoryRow,
    Tables,
)

ROLES = {"BRAF": "oncogene", "KRAS": "oncogene", "TERT": "oncogene", "TP53": "tumor suppressor",
         "PTEN": "tumor suppressor", "VHL": "tumor suppressor", "EGFR": "oncogene"}  # fmt: skip
SPOTS = (("BRAF", "V600", 897, "V600E", 833), ("KRAS", "G12", 2175, "G12D", 707),
         ("TP53", "R175", 420, "R175H", 383), ("PTEN", "R130", 172, "R130*", 23),
         ("BRAF", "G469", 40, "G469A", 15), ("BRAF", "N581", 30, "N581Y", 4),
         ("TERT", "C228", 500, "C228T", 480))  # fmt: skip
HOTSPOTS = tuple(
    HotspotRow(gene=g, residue=r, residue_count=n, change=c, change_count=m)
    for g, r, n, c, m in SPOTS
)
DOMAINS = (
    DomainRow(gene="BRAF", first=457, last=717, name="kinase"),
    DomainRow(gene="TP53", first=102, last=292, name="DNA binding domain"),
)


def reviewed(gene: str, change: str, *codes: str) -> tuple[AssertedRow, ...]:
    return tuple(
        AssertedRow(gene=gene, change=change, code=code, state="met", source="review",
                    author="AB", date="2026-01-01")
        for code in codes
    )  # fmt: skip


ASSERTED = (
    *reviewed("BRAF", "V600E", "OS2", "OP1"),
    *reviewed("KRAS", "G12D", "OS2", "OP1"),
    *reviewed("TP53", "R175H", "OS2", "OP1"),
    *reviewed("TERT", "C228T", "OS2"),
)


def classed(found: Alteration, **tables: object) -> Classified:
    known = Tables(
        roles=ROLES,  # type: ignore[arg-type]
        hotspots=HOTSPOTS,
        domains=DOMAINS,
        asserted=ASSERTED,
        **tables,  # type: ignore[arg-type]
    )
    (item,) = classify([found], known, ClassifyParams()).variants
    return item


def variant(gene: str, protein: str, term: str = "missense_variant", **more: object) -> Alteration:
    return make_alteration(gene=gene, protein=protein, terms=(term,), coding="", **more)


@pytest.mark.parametrize(
    ("found", "points", "named", "counted"),
    [
        (variant("BRAF", "V600E"), 10, "Oncogenic", {"OS2", "OS3", "OP1", "OP4"}),
        (variant("KRAS", "G12D"), 10, "Oncogenic", {"OS2", "OS3", "OP1", "OP4"}),
        (variant("TP53", "R175H"), 10, "Oncogenic", {"OS2", "OS3", "OP1", "OP4"}),
        # Exon 5 of 9: decay, and a hotspot of a truncating variant.
        (variant("PTEN", "R130*", "stop_gained", exon=5, exons=9), 13, "Oncogenic",
         {"OVS1", "OS3", "OP4"}),
        (variant("VHL", "P59Rfs*7", "frameshift_variant", exon=1, exons=3), 9,
         "Likely oncogenic", {"OVS1", "OP4"}),
        # The last exon, a fourteenth of the protein: moderate.
        (variant("PTEN", "K402*", "stop_gained", exon=9, exons=9, residues=403), 3, "VUS",
         {"OVS1", "OP4"}),
        (variant("BRAF", "G469A"), 3, "VUS", {"OM1", "OP4"}),
        (variant("BRAF", "N581Y"), 3, "VUS", {"OM1", "OP4"}),
        (variant("EGFR", "E746_A750del", "inframe_deletion"), 3, "VUS", {"OM2", "OP4"}),
        (variant("TERT", "", "upstream_gene_variant", promoter="C228T"), 9, "Likely oncogenic",
         {"OS2", "OS3", "OP4"}),
        (variant("TP53", "P72R", population_af=0.6), -8, "Benign", {"SBVS1"}),
        # A null variant of an oncogene is none.
        (variant("KRAS", "Q61*", "stop_gained"), 1, "VUS", {"OP4"}),
    ],
)  # fmt: skip
def test_points_of_known_variants(
    found: Alteration, points: int, named: str, counted: set[str]
) -> None:
    item = classed(found)
    assert {c.code for c in item.criteria if c.counted} == counted
    assert (item.points, item.oncogenicity) == (points, named)


def own(change: str, oncogenicity: str = "Oncogenic", expiry: str = "") -> LaboratoryRow:
    return LaboratoryRow(
        gene="KRAS", change=change, tumor_type="", oncogenicity=oncogenicity, tier="",
        author="AB", date="2026-01-01", expiry=expiry, comment="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "row", "code"),
    [
        ("Q61H", own("p.Q61H"), "OS1"),
        ("Q61R", own("p.Q61H"), "OM4"),
        # Grantham's distance of histidine is 24, of lysine 53.
        ("Q61H", own("p.Gln61Lys"), ""),
        ("Q61H", own("p.Q61H", "Likely oncogenic"), ""),
        ("Q61H", own("p.Q61H", expiry="2030-01-01"), ""),
    ],
)
def test_only_oncogenic_entries_establish_a_change(
    change: str, row: LaboratoryRow, code: str
) -> None:
    item = classed(variant("KRAS", change, population_asked=False), laboratory=(row,))
    assert {c.code for c in item.criteria if c.counted} == ({code} if code else set())


def test_frequencies_count_in_the_five_general_populations_only() -> None:
    def codes(*asked: tuple[str, float | None]) -> dict[str, str]:
        highest = max(value or 0.0 for _, value in asked)
        found = variant("KRAS", "Q61H", population_af=highest, populations=asked)
        return {str(c.code): str(c.state) for c in classed(found).criteria}

    assert codes(("gnomAD_AFR_AF", 0.06), ("gnomAD_FIN_AF", 0.1))["SBVS1"] == "met"
    finns = codes(("gnomAD_NFE_AF", 0.001), ("gnomAD_FIN_AF", 0.1))
    assert (finns["SBVS1"], finns["SBS1"]) == ("not met", "not met")
    assert codes(("MAX_AF", 0.1))["SBVS1"] == "not assessable"
    assert codes(("MAX_AF", 0.001))["SBVS1"] == "not met"


def test_a_hotspot_of_truncating_variants_asks_for_caution() -> None:
    item = classed(variant("PTEN", "R130*", "stop_gained", exon=5, exons=9))
    (spot,) = [c for c in item.criteria if c.code == "OS3"]
    assert spot.steps == ("a hotspot of truncating variants: use caution",)


def test_a_reviewer_may_change_a_strength() -> None:
    row = AssertedRow(gene="VHL", change="p.M1?", code="OVS1", state="met", source="review",
                      author="AB", date="2026-01-01", strength="strong")  # fmt: skip
    found = variant("VHL", "M1?", "start_lost")
    plain, raised = (
        next(c for c in classify([found], Tables(roles={"VHL": "tumor suppressor"}, asserted=rows),
                                 ClassifyParams()).variants[0].criteria if c.code == "OVS1")
        for rows in ((), (row,))
    )  # fmt: skip
    assert (plain.points, raised.points, raised.strength) == (1, 4, "strong")
