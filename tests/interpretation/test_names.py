"""CIViC's names for variants against alterations: a table of what fits, what not, and what nobody
can tell."""

from __future__ import annotations

import pytest

from tests.interpretation.builders import make_alteration
from tumorkit.interpretation import matching, names
from tumorkit.interpretation.matching import Context, fit, readable
from tumorkit.interpretation.names import read_name
from tumorkit.interpretation.nouns import Alteration, DomainRow

DOMAINS = {
    "TP53": (DomainRow(gene="TP53", first=102, last=292, name="DNA binding domain"),),
    "ABL1": (DomainRow(gene="ABL1", first=244, last=256, name="P-loop"),),
}
CONTEXT = Context(
    domains=DOMAINS,
    roles={"VHL": "tumor suppressor", "EGFR": "oncogene"},
    weak_null=lambda found: found.exon == found.exons,
)


def small(gene: str, protein: str, term: str = "missense_variant", **changes: object) -> Alteration:
    known: dict[str, object] = {"exon": 3, "exons": 9, "coding": "", "transcript": "NM_1.1"}
    return make_alteration(gene=gene, protein=protein, terms=(term,), **{**known, **changes})


V600E = small("BRAF", "V600E", coding="NM_004333.6:c.1799T>A", exon=15, exons=18)
SILENT = small("BRAF", "V600=", "synonymous_variant")
DEL19 = small("EGFR", "E746_A750del", "inframe_deletion", exon=19, exons=28, ref="AGAATTAAGAGAAGCA",
              alt="A", coding="NM_005228.5:c.2235_2249del")  # fmt: skip
INS20 = small("EGFR", "D770_N771insNPG", "inframe_insertion", exon=20, exons=28, ref="A",
              alt="AACCCCGGC")  # fmt: skip
NO_EXON = small("EGFR", "E746_A750del", "inframe_deletion", exon=None, exons=None, ref="AGAA",
                alt="A")  # fmt: skip
MET14 = small("MET", "", "splice_donor_variant", exon=None, intron=14,
              coding="NM_000245.4:c.3028+1G>T")  # fmt: skip
SHIFT = small("VHL", "P59Rfs*7", "frameshift_variant", coding="NM_000551.4:c.173_174insT", exon=1)
LAST = small("BRCA1", "Q1858*", "stop_gained", exon=23, exons=23)
STOP = small("BRCA1", "R1203*", "stop_gained", exon=10, exons=23)
SPLICE = small("VHL", "", "splice_donor_variant", coding="NM_000551.4:c.340+1G>A", exon=None)
NPM1 = small("NPM1", "W288Cfs*12", "frameshift_variant", exon=11, exons=11)
R175H = small("TP53", "R175H")
T315I = small("ABL1", "T315I")
E255K = small("ABL1", "E255K")
TERT = small("TERT", "", "upstream_gene_variant", promoter="C228T", exon=None)
ITD = small("FLT3", "Y597_E598insDYVDFREYE", "inframe_insertion", exon=14, ref="A",
            alt="A" + "ACG" * 9)  # fmt: skip


def copies(gene: str, state: str) -> Alteration:
    return Alteration(kind="copy number", gene=gene, state=state)


def fusion(first: str, second: str, **changes: object) -> Alteration:
    known = {"kind": "fusion", "gene": first, "genes": (first, second), "ordered": True,
             "state": "fusion"}  # fmt: skip
    return Alteration(**{**known, **changes})  # type: ignore[arg-type]


EML4_ALK = fusion("EML4", "ALK", junction=("13", "20"))
IN_DNA = fusion("ALK", "EML4", kind="structural", ordered=False)
FLT3_ITD = fusion("FLT3", "FLT3", kind="structural", ordered=False, state="FLT3-ITD")
MSI = Alteration(kind="biomarker", gene="MSI", state="High")

YES, NO = "yes", "no"
TABLE = [
    # Protein changes, by one or three letters, with and without bases.
    ("BRAF", "V600E", V600E, YES),
    ("BRAF", "p.Val600Glu", V600E, YES),
    ("BRAF", "V600E (c.1799T>A)", V600E, YES),
    ("BRAF", "V600E (c.1799_1800delinsAA)", V600E, YES),
    ("BRAF", "V600K", V600E, NO),
    ("BRAF", "V600E/K", V600E, YES),
    ("BRAF", "V600E or V600K", V600E, YES),
    ("BRAF", "V600K or V600R", V600E, NO),
    ("BRAF", "(V600E or V600K) Amplification", V600E, names.COMBINED),
    ("BRAF", "V600E AMPLIFICATION", V600E, names.COMBINED),
    ("EGFR", "p.E746_A750del (c.2235_2249del)", DEL19, YES),
    ("EGFR", "E746_A750DELELREA", DEL19, YES),
    ("EGFR", "E746_T751del", DEL19, NO),
    ("EGFR", "D770_N771insNPG", INS20, YES),
    ("VHL", "P59fs", SHIFT, YES),
    ("VHL", "P59fs (c.173_174insT)", SHIFT, YES),
    ("VHL", "P59fs (c.174dup)", SHIFT, NO),
    ("NPM1", "W288fs", NPM1, YES),
    ("BRCA1", "R1203*", STOP, YES),
    # Codons.
    ("BRAF", "V600", V600E, YES),
    ("BRAF", "V600", SILENT, NO),
    ("BRAF", "Non-V600", V600E, NO),
    ("TP53", "Non-R248", R175H, YES),
    ("TP53", "R175/R248", R175H, YES),
    ("TP53", "R248 or R273", R175H, NO),
    # Any change of the protein, and none that is silent.
    ("BRAF", "MUTATION", V600E, YES),
    ("BRAF", "Mutation", SILENT, NO),
    ("BRAF", "Mutation", copies("BRAF", "amplification"), NO),
    # Exons as the annotation numbers them.
    ("EGFR", "EXON 19 DELETION", DEL19, YES),
    ("EGFR", "Exon 20 Insertion", INS20, YES),
    ("EGFR", "Exon 19 Insertion", DEL19, NO),
    ("EGFR", "EXON 19 MUTATION", DEL19, YES),
    ("EGFR", "EXON 19 DELETION", NO_EXON, matching.NO_EXON),
    ("VHL", "Exon 1 Frameshift", SHIFT, YES),
    ("VHL", "Exon 1-2 Deletion", SHIFT, names.WHOLE_EXONS),
    ("VHL", "Exon 3 Deletion",
     small("VHL", "F148del", "inframe_deletion", ref="ATTC", alt="A"), matching.WHOLE_OR_PART),
    ("NPM1", "EXON 12 MUTATION", NPM1, matching.FEW_EXONS),
    ("MET", "EXON 14 SKIPPING MUTATION", MET14, YES),
    ("MET", "Exon 14 Skipping Mutation", small("MET", "D1010N", exon=14), NO),
    ("MET", "X1010_splice", MET14, YES),
    ("MET", "X963_splice", MET14, NO),
    ("MET", "Exon 14 Skipping Mutation",
     fusion("MET", "MET", kind="structural", state="MET exon 14 skipping"), YES),
    # Classes of changes.
    ("VHL", "FRAMESHIFT TRUNCATION", SHIFT, YES),
    ("BRCA1", "FRAMESHIFT TRUNCATION", STOP, NO),
    ("BRCA1", "Truncating Mutation", STOP, YES),
    ("BRCA1", "LOSS-OF-FUNCTION", STOP, YES),
    ("BRCA1", "LOSS-OF-FUNCTION", LAST, matching.WEAK_NULL),
    ("TP53", "LOSS-OF-FUNCTION", R175H, NO),
    ("BRCA1", "Loss-of-function", copies("BRCA1", "homozygous deletion"), YES),
    ("VHL", "Splice Site (c.340+1G>A)", SPLICE, YES),
    ("VHL", "c.340+1G>A", SPLICE, YES),
    ("VHL", "Splice Site (c.341-2A>C)", SPLICE, NO),
    ("VHL", "Splicing alteration (c.340+1G>A)", SPLICE, YES),
    ("VHL", "Exon 1 Mutation", small("VHL", "", "splice_donor_variant", exon=1), NO),
    ("VHL", "Null (Partial deletion of Exons 2 & 3)", SHIFT, names.UNREAD),
    ("VHL", "M1?", small("VHL", "M1?", "start_lost"), YES),
    ("KIT", "V560DEL", small("KIT", "V560del", "inframe_deletion"), YES),
    ("DNMT3A", "EXON 10 and EXON 21 MUTATIONS", small("DNMT3A", "R882H"), names.UNREAD),
    ("CDKN2A", "rs3814960", small("CDKN2A", "A1V"), names.UNREAD),
    ("TYMS", "3' UTR MUTATION", small("TYMS", "A1V"), names.UNREAD),
    ("BCOR", "ITD", FLT3_ITD, NO),
    # Domains, by the laboratory's table.
    ("TP53", "DNA binding domain mutation", R175H, YES),
    ("ABL1", "P-LOOP MUTATION", T315I, NO),
    ("ABL1", "NON-P-LOOP MUTATION", T315I, YES),
    ("ABL1", "NON-P-LOOP MUTATION", E255K, NO),
    ("BRAF", "Kinase Domain Mutation", V600E, matching.NO_DOMAIN),
    # Promoters: C228T is a place, not a cysteine.
    ("TERT", "Promoter Mutation", TERT, YES),
    ("TERT", "C228T", TERT, YES),
    ("TERT", "C250T", TERT, NO),
    # Copies, where they are known.
    ("ERBB2", "Amplification", copies("ERBB2", "amplification"), YES),
    ("ERBB2", "AMPLIFICATION", copies("ERBB2", "high gain (log2)"), matching.NO_COPIES),
    ("ERBB2", "Amplification", copies("ERBB2", "homozygous deletion"), NO),
    ("CDKN2A", "Deletion", copies("CDKN2A", "homozygous deletion"), YES),
    ("CDKN2A", "Loss", copies("CDKN2A", "homozygous deletion"), YES),
    ("CDKN2A", "Loss", copies("CDKN2A", "deep loss (log2)"), matching.NO_COPIES),
    ("PTEN", "Loss", small("PTEN", "R130*", "stop_gained"), NO),
    ("ERBB2", "Copy Number Variation", copies("ERBB2", "amplification"), names.UNSAID),
    # Fusions.
    ("EML4::ALK", "Fusion", EML4_ALK, YES),
    ("v::ALK", "Fusion", EML4_ALK, YES),
    ("ALK::v", "Fusion", EML4_ALK, NO),
    ("ALK", "ALK FUSIONS", EML4_ALK, YES),
    ("ALK", "Fusion", EML4_ALK, YES),
    ("ALK", "EML4-ALK", EML4_ALK, YES),
    ("ALK", "Rearrangement", EML4_ALK, YES),
    ("KIF5B::ALK", "Fusion", EML4_ALK, NO),
    ("EML4::ALK", "e13::e20", EML4_ALK, YES),
    ("EML4::ALK", "e6::e20", EML4_ALK, NO),
    ("EML4::ALK", "e6::e20", fusion("EML4", "ALK"), matching.NO_JUNCTION),
    ("ALK", "EML4-ALK e6-e20", EML4_ALK, NO),
    ("EML4::ALK", "Fusion", fusion("EML4", "ALK", frame="out-of-frame"), matching.OUT_OF_FRAME),
    ("EML4::ALK", "Fusion", IN_DNA, YES),
    ("v::ALK", "Fusion", IN_DNA, matching.DNA_ONLY),
    ("ALK", "Fusion", copies("ALK", "amplification"), NO),
    # Events with names.
    ("FLT3", "ITD", FLT3_ITD, YES),
    ("FLT3", "FLT3-ITD", FLT3_ITD, YES),
    ("FLT3", "Internal Duplication", ITD, YES),
    ("FLT3", "TANDEM REPEAT", FLT3_ITD, YES),
    ("TYMS", "TANDEM REPEAT", small("TYMS", "A1V"), NO),
    ("KMT2A", "PTD", fusion("KMT2A", "KMT2A", kind="structural", state="KMT2A-PTD"), YES),
    ("EGFR", "VIII", fusion("EGFR", "EGFR", kind="structural", state="EGFRvIII"), YES),
    # Biomarkers.
    ("MSI", "High", MSI, YES),
    ("MSI", "Low", MSI, NO),
    # What sequencing of DNA does not show.
    ("ERBB2", "Overexpression", copies("ERBB2", "amplification"), names.UNMEASURED),
    ("MGMT", "Promoter Methylation", small("MGMT", "A1V"), names.UNMEASURED),
    ("AKT1", "S473 Phosphorylation", small("AKT1", "E17K"), names.UNMEASURED),
    ("KRAS", "Wildtype", small("KRAS", "G12D"), names.WILD_TYPE),
    ("KRAS", "Wild Type", small("KRAS", "G12D"), names.WILD_TYPE),
    ("TP53", "Biallelic Inactivation", R175H, names.ALLELES),
    ("BRAF", "Activating Mutation", V600E, names.UNREAD),
]  # fmt: skip


@pytest.mark.parametrize(("gene", "name", "found", "expected"), TABLE)
def test_names_and_alterations(gene: str, name: str, found: Alteration, expected: str) -> None:
    verdict = fit(gene, read_name(gene, name), found, CONTEXT)
    told = YES if verdict.how else verdict.why or NO
    assert told == expected


def test_alternatives_are_read_in_every_spelling() -> None:
    for name in ("G12/G13", "G12 or G13", "G12 OR G13"):
        assert [option.text for option in read_name("KRAS", name).options] == ["G12", "G13"]


def test_whose_exons_are_counted_is_said() -> None:
    numbered = fit("EGFR", read_name("EGFR", "EXON 19 DELETION"), DEL19, CONTEXT).how
    assert numbered == "exon 19 of NM_1.1"
    other = make_alteration(**{**vars(DEL19), "mane": False})
    assert "not known to be MANE Select" in fit(
        "EGFR", read_name("EGFR", "EXON 19 DELETION"), other, CONTEXT
    ).how  # fmt: skip


def test_what_cannot_be_read_is_known() -> None:
    assert not readable("Wildtype", "KRAS")
    assert not readable("rs3814960", "CDKN2A")
    assert readable("D835V", "FLT3")
