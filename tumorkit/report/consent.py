"""What a report leaves out where the patient did not consent to see possible germline findings.

It is taken out of the document before anything is read from it, so that no chapter, verdict or
list of two hits names what the table of variants leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tumorkit.errors import InputError
from tumorkit.report.verdicts import judged

GERMLINE = "germline"
INHERITED = "germline "
LOSSES = ("homozygous deletion", "LOH")
SOMATIC = "somatic "
UNSURE = "of unknown origin "
# The words by which a verdict knows that nobody looked at the germline.
WITHHELD = "germline not assessed: no consent to show its findings"
Allele = tuple[Any, ...]


def without_germline(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a profile without variants that are probably germline, and without inherited hits.

    Genes lose their inherited hits, and both verdicts on repair are judged anew on what is left.
    What is no list or no object is left as it is: whoever reads it says so.
    """
    made = dict(document)
    parts = [dict(part) if isinstance(part, Mapping) else part for part in rows_of(made, "parts")]
    results = {
        str(part.get("name")): part.get("result") for part in parts if isinstance(part, dict)
    }
    alleles = hidden_alleles(results.get("variants"))
    changes: dict[Any, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
        "variants": lambda result: shortened(result, ("variants", "near_misses"), alleles),
        "tmb": lambda result: shortened(result, ("variants",), alleles),
        "purity": lambda result: purity_without(result, alleles),
    }
    changed = False
    for part in parts:
        change = changes.get(str(part.get("name"))) if isinstance(part, dict) else None
        if change and isinstance(part.get("result"), Mapping):
            found = change(part["result"])
            changed = changed or (part["name"] == "purity" and found is not part["result"])
            part["result"] = found
    if isinstance(made.get("parts"), (list, tuple)):
        made["parts"] = parts
    if isinstance(made.get("board"), Mapping):
        made["board"] = board_without(made, alleles, judge=changed or bool(alleles))
    return made


def rows_of(value: Any, key: str) -> list[Any]:
    """Return a list of a document, empty where it is none."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return list(found) if isinstance(found, (list, tuple)) else []


def allele_of(row: Any) -> Allele:
    """Return contig, position and alleles of a row."""
    return tuple(str(row.get(key)) for key in ("contig", "pos", "ref", "alt"))


def hidden_alleles(result: Any) -> frozenset[Allele]:
    """Return the variants whose most probable origin is the germline."""
    listed = [*rows_of(result, "variants"), *rows_of(result, "near_misses")]
    return frozenset(
        allele_of(row)
        for row in listed
        if isinstance(row, Mapping) and row.get("origin") == GERMLINE
    )


def without(rows: Iterable[Any], alleles: frozenset[Allele]) -> list[Any]:
    """Return rows that are none of the alleles."""
    return [row for row in rows if not isinstance(row, Mapping) or allele_of(row) not in alleles]


def shortened(
    result: Mapping[str, Any], keys: Iterable[str], alleles: frozenset[Allele]
) -> Mapping[str, Any]:
    """Return a result whose lists hold none of the alleles, and which says that some are left out.

    How many variants it lists of all is counted without them.
    """
    if not alleles:
        return result
    made = dict(result)
    for key in keys:
        if isinstance(made.get(key), (list, tuple)):
            kept = without(made[key], alleles)
            left_out = len(made[key]) - len(kept)
            if key == "variants" and isinstance(made.get("listed_of"), int):
                made["listed_of"] -= left_out
            made[key] = kept
    return {**made, "germline_hidden": True}


def purity_without(result: Mapping[str, Any], alleles: frozenset[Allele]) -> Mapping[str, Any]:
    """Return the purity part without inherited hits; as it is where none were looked for."""
    fitted = result.get("fitted")
    if not isinstance(fitted, Mapping):
        return result
    genes = rows_of(fitted, "genes")
    looked_at = [
        row
        for row in genes
        if isinstance(row, Mapping) and "not assessed" not in str(row.get("germline"))
    ]
    if not looked_at and not alleles:
        return result
    made = dict(fitted)
    if looked_at:
        made["genes"] = [gene_without(row) if isinstance(row, Mapping) else row for row in genes]
    if isinstance(made.get("mutations"), (list, tuple)):
        made["mutations"] = without(made["mutations"], alleles)
    return {**result, "fitted": made}


def gene_without(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a gene without inherited hits, its state told from those that are left.

    >>> row = {"hits": ["LOH", "germline BRCA1 p.Cys61Gly"], "status": "two hits"}
    >>> gene_without(row)["hits"], gene_without(row)["status"]
    (['LOH'], 'one hit')
    """
    hits = [str(hit) for hit in rows_of(row, "hits")]
    left = [hit for hit in hits if not hit.startswith(INHERITED)]
    made = {**row, "germline": WITHHELD}
    if left == hits:
        return made
    sure = [hit for hit in left if hit in LOSSES or hit.startswith(SOMATIC)]
    unsure = [hit for hit in left if hit.startswith(UNSURE)]
    two = len(sure) >= 2 or LOSSES[0] in left
    if not two:
        # Without a second hit there is no question whether both lie on one allele.
        left = [hit for hit in left if hit in sure or hit in unsure]
    unclear = row.get("loh") is None or len(sure) + len(unsure) >= 2
    one = "not evaluable" if unclear and "loh" in row else "one hit" if sure else "no hit"
    return {**made, "hits": left, "status": "two hits" if two else one}


def marked(row: Any) -> bool:
    """Whether a change is one of a variant that either report took for germline."""
    return isinstance(row, Mapping) and row.get("germline") is True


def with_mark(row: Mapping[str, Any], mark: bool) -> Mapping[str, Any]:
    """Return a change, marked where it is of the germline."""
    return {**row, "germline": True} if mark else row


def mark_germline(
    changes: Mapping[str, Any], documents: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return changes between two profiles, those of either's germline variants marked."""
    alleles: frozenset[Allele] = frozenset()
    told: set[tuple[Any, Any]] = set()
    for document in documents:
        parts = [part for part in rows_of(document, "parts") if isinstance(part, Mapping)]
        for part in parts:
            if part.get("name") == "variants":
                alleles |= hidden_alleles(part.get("result"))
        board = document.get("board")
        interpretation = board.get("interpretation") if isinstance(board, Mapping) else None
        told |= {
            (row.get("gene"), row.get("alteration"))
            for row in rows_of(interpretation, "variants")
            if isinstance(row, Mapping) and allele_of(row) in alleles
        }
    made = dict(changes)
    made["variants"] = [with_mark(row, allele_of(row) in alleles) for row in changes["variants"]]
    made["tiers"] = [
        with_mark(row, (row.get("gene"), row.get("alteration")) in told) for row in changes["tiers"]
    ]
    return made


def board_without(
    document: Mapping[str, Any], alleles: frozenset[Allele], *, judge: bool
) -> dict[str, Any]:
    """Return the board's part of a document whose other parts are shortened already."""
    board = dict(document["board"])
    told = board.get("interpretation")
    if alleles and isinstance(told, Mapping) and rows_of(told, "variants"):
        board["interpretation"] = {**told, "variants": without(rows_of(told, "variants"), alleles)}
    told = board.get("amendment")
    for key in ("variants", "tiers"):
        if isinstance(told, Mapping) and rows_of(told, key):
            kept = [row for row in rows_of(told, key) if not marked(row)]
            told = board["amendment"] = {**told, key: kept}
    if judge and rows_of(board, "verdicts"):
        try:
            board["verdicts"] = judged({**document, "board": board})
        except InputError:
            # Verdicts of a document that cannot be judged anew may name what is to be left out.
            board["verdicts"] = []
    return board
