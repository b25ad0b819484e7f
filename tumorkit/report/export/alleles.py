"""Alleles, classes and short protein names as MAF has them.

Sources: GDC MAF format 1.0.0; the classes that mskcc/vcf2maf gives to Sequence Ontology terms
(vcf2maf's README and tests); cBioPortal file formats (splice sites as p.X125_splice).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tumorkit.variants.transcripts import severity

GAP = "-"
BY_TERM = {
    "Splice_Site": (
        "splice_acceptor_variant", "splice_donor_variant", "transcript_ablation",
        "exon_loss_variant",
    ),
    "Nonsense_Mutation": ("stop_gained",),
    "Nonstop_Mutation": ("stop_lost",),
    "Translation_Start_Site": ("start_lost", "initiator_codon_variant"),
    "Missense_Mutation": (
        "missense_variant", "coding_sequence_variant", "conservative_missense_variant",
        "rare_amino_acid_variant",
    ),
    "Intron": ("transcript_amplification", "intron_variant", "intragenic_variant"),
    "Splice_Region": (
        "splice_region_variant", "splice_donor_region_variant", "splice_donor_5th_base_variant",
        "splice_polypyrimidine_tract_variant",
    ),
    "Silent": (
        "incomplete_terminal_codon_variant", "synonymous_variant", "stop_retained_variant",
        "start_retained_variant", "NMD_transcript_variant",
    ),
    "RNA": (
        "mature_miRNA_variant", "exon_variant", "non_coding_exon_variant",
        "non_coding_transcript_exon_variant", "non_coding_transcript_variant",
        "nc_transcript_variant",
    ),
    "5'UTR": ("5_prime_UTR_variant", "5_prime_UTR_premature_start_codon_gain_variant"),
    "3'UTR": ("3_prime_UTR_variant",),
    "IGR": (
        "TF_binding_site_variant", "regulatory_region_variant", "regulatory_region",
        "intergenic_variant", "intergenic_region",
    ),
    "5'Flank": ("upstream_gene_variant",),
    "3'Flank": ("downstream_gene_variant",),
}  # fmt: skip
CLASSES = {term: name for name, terms in BY_TERM.items() for term in terms}
FRAME_SHIFTS = ("frameshift_variant", "frameshift_elongation", "frameshift_truncation")
IN_FRAME = (
    "inframe_insertion", "inframe_deletion", "conservative_inframe_insertion",
    "disruptive_inframe_insertion", "conservative_inframe_deletion",
    "disruptive_inframe_deletion",
)  # fmt: skip
EITHER_FRAME = ("protein_altering_variant", "inframe_altering")
SPLICE_SITES = ("splice_acceptor_variant", "splice_donor_variant")
UNCLASSED = "Targeted_Region"
AMINO_ACIDS = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Asx": "B", "Cys": "C", "Glu": "E",
    "Gln": "Q", "Glx": "Z", "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K",
    "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y",
    "Val": "V", "Xaa": "X", "Ter": "*", "Sec": "U", "Pyl": "O",
}  # fmt: skip
_RESIDUE = re.compile("|".join(AMINO_ACIDS))
_CODING = re.compile(r"c\.(\d+)")
_KINDS = {1: "SNP", 2: "DNP", 3: "TNP"}


@dataclass(frozen=True)
class Alleles:
    """An allele without its anchor: 1-based inclusive ends, ``-`` where a side has no base."""

    start: int
    end: int
    ref: str
    alt: str
    kind: str
    front: int
    back: int = 0

    def other(self, bases: str) -> str:
        """Return another allele of the same record, cut where this one is.

        >>> maf_alleles(112174757, "GAAGA", "GGA").other("G")
        '-'
        """
        return bases[self.front : len(bases) - self.back] or GAP


def maf_alleles(pos: int, ref: str, alt: str) -> Alleles:
    """Return the alleles of a VCF record as MAF has them.

    Bases that both begin with are dropped; substitutions also lose bases that both end with. An
    insertion lies between Start and End, a deletion from Start to End.

    >>> maf_alleles(3, "TA", "T"), maf_alleles(9, "G", "GCT")
    (Alleles(start=4, end=4, ref='A', alt='-', kind='DEL', front=1, back=0),
     Alleles(start=9, end=10, ref='-', alt='CT', kind='INS', front=1, back=0))
    """
    front = back = 0
    while front < min(len(ref), len(alt)) and ref[front] == alt[front]:
        front += 1
    if len(ref) == len(alt):
        while back < len(ref) - front - 1 and ref[-1 - back] == alt[-1 - back]:
            back += 1
    own, other = ref[front : len(ref) - back], alt[front : len(alt) - back]
    start = pos + front
    if len(own) == len(other):
        kind, end = _KINDS.get(len(own), "ONP"), start + len(own) - 1
    elif len(own) < len(other):
        # Without a base of its own an insertion is named by its neighbours.
        kind = "INS"
        start, end = (start - 1, start) if not own else (start, start + len(own) - 1)
    else:
        kind, end = "DEL", start + len(own) - 1
    return Alleles(start, end, own or GAP, other or GAP, kind, front, back)


def classification(terms: Sequence[str], alleles: Alleles) -> str:
    """Return the GDC class of the most severe term.

    >>> classification(["missense_variant", "splice_region_variant"], maf_alleles(1, "A", "C"))
    'Missense_Mutation'
    >>> classification(["frameshift_variant"], maf_alleles(1, "AC", "A"))
    'Frame_Shift_Del'
    """
    if not terms:
        return UNCLASSED
    term = min(terms, key=lambda one: severity([one]))
    if term in CLASSES:
        return CLASSES[term]
    whole = term in IN_FRAME
    if term in EITHER_FRAME:
        whole = (bases(alleles.alt) - bases(alleles.ref)) % 3 == 0
    elif term not in FRAME_SHIFTS and not whole:
        return UNCLASSED
    side = {"INS": "Ins", "DEL": "Del"}.get(alleles.kind)
    if side is None:
        # A frame cannot change where no base comes or goes.
        return "Missense_Mutation"
    return f"{'In_Frame' if whole else 'Frame_Shift'}_{side}"


def bases(allele: str) -> int:
    """Return how many bases an allele has; none where it is a gap."""
    return 0 if allele == GAP else len(allele)


def without_accession(name: str) -> str:
    """Return an HGVS name without its accession.

    >>> without_accession("NP_000537.3:p.Arg175His"), without_accession("c.524G>A")
    ('p.Arg175His', 'c.524G>A')
    """
    return name.rpartition(":")[2].replace("%3D", "=")


def short_protein(hgvsp: str, hgvsc: str = "", terms: Sequence[str] = ()) -> str:
    """Return a protein name with one-letter residues; a splice site by its codon.

    >>> short_protein("NP_1.1:p.Arg175His"), short_protein("p.Glu1156GlyfsTer7")
    ('p.R175H', 'p.E1156Gfs*7')
    >>> short_protein("", "NM_1.1:c.494+1G>A", ["splice_donor_variant"])
    'p.X165_splice'
    """
    leading = min(terms, key=lambda one: severity([one])) if terms else ""
    if leading in SPLICE_SITES:
        found = _CODING.match(without_accession(hgvsc))
        if found:
            at = max(int(found.group(1)), 1)
            return f"p.X{round((at + at % 3) / 3)}_splice"
    return _RESIDUE.sub(lambda found: AMINO_ACIDS[found.group()], without_accession(hgvsp))
