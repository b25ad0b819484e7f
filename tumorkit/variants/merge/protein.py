"""The protein change of substitutions that lie in one codon, from what VEP says of each.

Two changes of one codon make one amino acid that neither makes alone: CCA with TCA (Pro>Ser) and
CAA (Pro>Gln) is TAA, a stop. Codons, position and transcript are taken from one transcript's
entries of all parts; where they do not fit together nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tumorkit.genome.codons import STOP, THREE_LETTERS, translated
from tumorkit.genome.variant import trimmed
from tumorkit.variants.consequence import Annotations, highest, value
from tumorkit.variants.merge.calls import Call

# What an entry says of the transcript and not of the allele.
OF_TRANSCRIPT = (
    "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE", "EXON", "INTRON", "STRAND",
    "SYMBOL_SOURCE", "HGNC_ID", "CANONICAL", "MANE", "MANE_SELECT", "MANE_PLUS_CLINICAL", "TSL",
    "APPRIS", "CCDS", "ENSP", "PICK", "Protein_position", "ALLELE_NUM",
)  # fmt: skip
IMPACT_OF = {
    "stop_gained": "HIGH", "stop_lost": "HIGH", "start_lost": "HIGH",
    "missense_variant": "MODERATE", "synonymous_variant": "LOW", "stop_retained_variant": "LOW",
}  # fmt: skip
Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class ProteinChange:
    """What a haplotype does to one codon of one transcript; ``entries`` is its CSQ."""

    transcript: str
    position: str
    codons: str
    amino_acids: str
    consequence: str
    name: str
    entries: str

    @property
    def text(self) -> str:
        """The change as TK_PROTEIN holds it."""
        fields = (self.transcript, self.position, self.codons, self.amino_acids)
        return "|".join((*fields, self.consequence))


def rows_of(call: Call) -> Rows | None:
    """Return VEP's entries of a call's allele; None where VEP did not see it as it stands."""
    notes = call.file.reader.annotations
    if notes.tool != "CSQ" or not {"Codons", "Protein_position", "Feature"} <= notes.at.keys():
        return None
    if call.file.annotation_key != "CSQ" or was_moved(call):
        return None
    return notes.entries_of(call.record, call.at)


def was_moved(call: Call) -> bool:
    """Whether a call was left-aligned: cutting shared bases off does not move a change.

    >>> from tumorkit.variants.merge.calls import Call
    >>> call = Call.__new__(Call)
    >>> call.old, call.allele = "5/ACA/A", (1, "GCA", "G")
    >>> was_moved(call)
    True
    """
    if not call.old:
        return False
    pos, ref, alt = call.old.split("/")
    front, ref, alt = trimmed(ref, alt)
    return (int(pos) + front, ref, alt) != tuple(call.allele)


def codons_of(call: Call) -> set[tuple[str, str]] | None:
    """Return transcript and codon number of a substitution; None where nobody says."""
    rows = rows_of(call)
    if rows is None:
        return None
    at = call.file.reader.annotations.at
    return {
        (value(row, at["Feature"]), position(row, at))
        for row in rows
        if whole_codon(value(row, at["Codons"]))
    }


def position(row: Sequence[str], at: dict[str, int]) -> str:
    """Return the number of the codon; VEP may add the protein's length behind a slash."""
    return value(row, at["Protein_position"]).partition("/")[0]


def whole_codon(text: str) -> bool:
    """Whether codons are those of a substitution: three bases before and after."""
    before, _, after = text.partition("/")
    return len(before) == len(after) == 3


def combined(codons: Sequence[str]) -> tuple[str, str] | None:
    """Return the codon before and after several substitutions; None where they do not fit.

    >>> combined(["Cca/Tca", "cCa/cAa"]), combined(["Cca/Tca", "Gca/Tca"])
    (('CCA', 'TAA'), None)
    """
    before = codons[0].partition("/")[0].upper()
    after = list(before)
    changed: set[int] = set()
    for text in codons:
        ref, _, alt = text.upper().partition("/")
        differs = [at for at in range(3) if ref[at] != alt[at]]
        if ref != before or len(differs) != 1 or changed & set(differs):
            return None
        changed.update(differs)
        after[differs[0]] = alt[differs[0]]
    return before, "".join(after)


def consequence_of(before: str, after: str, number: str) -> str:
    """Return the Sequence Ontology term of one amino acid for another.

    >>> consequence_of("P", "*", "28"), consequence_of("P", "P", "28")
    ('stop_gained', 'synonymous_variant')
    """
    if before == after:
        return "stop_retained_variant" if before == STOP else "synonymous_variant"
    if STOP in (before, after):
        return "stop_gained" if after == STOP else "stop_lost"
    return "start_lost" if number == "1" and before == "M" else "missense_variant"


def protein_change(calls: Sequence[Call], contig: str, alt: str) -> ProteinChange | None:
    """Return what substitutions do together, None where no transcript has all in one codon.

    All calls must be annotated by entries of the same fields.
    """
    notes = calls[0].file.reader.annotations
    tables: list[dict[str, list[str]]] = []
    for call in calls:
        rows = rows_of(call)
        if rows is None or call.file.reader.annotations.fields != notes.fields:
            return None
        at = notes.at
        tables.append(
            {
                value(row, at["Feature"]): row
                for row in rows
                if whole_codon(value(row, at["Codons"]))
            }
        )
    made: dict[str, ProteinChange] = {}
    for transcript in tables[0]:
        rows = [table[transcript] for table in tables if transcript in table]
        if len(rows) == len(tables):
            change = change_on(transcript, rows, notes, contig, alt)
            if change is not None:
                made[transcript] = change
    if not made:
        return None
    chosen = notes.choose([tables[0][transcript] for transcript in made])
    transcript = value(chosen, notes.at["Feature"]) if chosen else next(iter(made))
    best = made[transcript]
    entries = ",".join(change.entries for change in made.values())
    return ProteinChange(
        transcript=transcript,
        position=best.position,
        codons=best.codons,
        amino_acids=best.amino_acids,
        consequence=best.consequence,
        name=best.name,
        entries=entries,
    )


def change_on(
    transcript: str, rows: Rows, notes: Annotations, contig: str, alt: str
) -> ProteinChange | None:
    """Return what substitutions do together on one transcript."""
    at = notes.at
    numbers = {position(row, at) for row in rows}
    codons = combined([value(row, at["Codons"]) for row in rows])
    if len(numbers) != 1 or not next(iter(numbers)) or codons is None:
        return None
    before, after = (translated(codon, contig) for codon in codons)
    if before is None or after is None:
        return None
    number = numbers.pop()
    term = consequence_of(before, after, number)
    protein = value(rows[0], at.get("HGVSp")).rpartition(":")[0]
    last = THREE_LETTERS[after] if before != after else "%3D"
    name = f"p.{THREE_LETTERS[before]}{number}{last}"
    said = {name: value(rows[0], at[name]) for name in OF_TRANSCRIPT if name in at}
    said |= {
        "Allele": alt,
        "Consequence": term,
        "IMPACT": IMPACT_OF[term],
        "Codons": "/".join(codons),
        "Amino_acids": before if before == after else f"{before}/{after}",
        "HGVSp": f"{protein}:{name}" if protein else name,
    }
    for field, index in notes.csq_frequencies:
        # A haplotype is no more frequent than the rarest of its parts.
        known = [highest(value(row, index)) for row in rows if value(row, index)]
        numbers_known = [one for one in known if one is not None]
        said[field] = f"{min(numbers_known):.6g}" if len(numbers_known) == len(rows) else ""
    return ProteinChange(
        transcript=transcript,
        position=number,
        codons="/".join(codons),
        amino_acids=f"{before}/{after}",
        consequence=term,
        name=name.replace("%3D", "="),
        entries="|".join(said.get(field, "") for field in notes.fields),
    )
