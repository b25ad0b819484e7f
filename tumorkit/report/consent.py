"""What a report leaves out where the patient did not consent to see inherited variants.

A variant that is probably germline, or that a germline VCF holds, stands in many results of one
profile: the list of variants keeps it back by itself, all others are freed of it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.report.verdicts import judged

Place = tuple[str, int, str, str]
GERMLINE = "germline"
KINDS = ("somatic ", "germline ", "of unknown origin ")
WHOLE = "homozygous deletion"
LOSSES = (WHOLE, "LOH")
TWO = 2


def without_germline(document: Mapping[str, Any], source: str) -> Mapping[str, Any]:
    """Return a profile whose results other than the variants hold no germline variant.

    The document itself comes back where it holds none. Verdicts on repair that rest on such a
    variant are judged anew without it. ``source`` is the name that errors give to the document.
    """
    places, names = germline_of(document)
    hits = [hit for gene in two_hit_rows(document) for hit in hits_of(gene)]
    hidden = places or any(is_hidden(hit, names) for hit in hits)
    if not hidden and not any(map(is_marked, changes_of(document))):
        return document
    parts = [
        part if part.get("name") == "variants" else freed(part, places)
        for part in rows_of(document, "parts")
    ]
    found = {**document, "parts": parts}
    board = document.get("board")
    if isinstance(board, Mapping):
        found["board"] = freed(board, places)
        free_amendment(found["board"].get("amendment"), names)
        unmark(found["board"].get("amendment"))
    for gene in two_hit_rows(found):
        judge_gene(gene, names)
    if isinstance(board, Mapping) and board.get("verdicts"):
        found["board"]["verdicts"] = judged(found, source)
    return found


def germline_of(document: Mapping[str, Any]) -> tuple[set[Place], set[str]]:
    """Return places and names of the variants that are probably germline."""
    places: set[Place] = set()
    names: set[str] = set()
    held = result_of(document, "variants")
    for row in (*rows_of(held, "variants"), *rows_of(held, "near_misses")):
        if row.get("origin") == GERMLINE:
            if (place := place_of(row)) is not None:
                places.add(place)
            names |= names_of(row)
    return places, names


def names_of(row: Mapping[str, Any]) -> set[str]:
    """Return the names under which the purity fit knows a variant.

    >>> names_of({"gene": "BRCA2", "hgvsp": "NP_000050.3:p.Glu97Ter"})
    {'BRCA2 p.Glu97Ter'}
    >>> names_of({"gene": "BRCA1", "hgvsp": None, "consequence": "splice_donor_variant"})
    {'BRCA1 splice_donor_variant'}
    """
    gene, protein = row.get("gene"), str(row.get("hgvsp") or "").rpartition(":")[2]
    if protein and not protein.endswith("?"):
        return {f"{gene} {protein}"}
    terms = re.findall(r"\w+", str(row.get("consequence") or ""))
    place = f"{row.get('contig')}:{row.get('pos')} {row.get('ref')}>{row.get('alt')}"
    return {f"{gene} {term}" for term in terms} or {place}


def result_of(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the result of a part; an empty one where there is none."""
    for part in rows_of(document, "parts"):
        if part.get("name") == name and isinstance(part.get("result"), Mapping):
            result: Mapping[str, Any] = part["result"]
            return result
    return {}


def rows_of(held: Mapping[str, Any], key: str) -> list[Any]:
    """Return the rows of a table; what is no row is an error of whoever reads it next."""
    found = held.get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def place_of(row: Mapping[str, Any]) -> Place | None:
    """Return the place of a row that is a variant, None for any other row."""
    contig, pos, ref, alt = (row.get(key) for key in ("contig", "pos", "ref", "alt"))
    if not (isinstance(contig, str) and isinstance(ref, str) and isinstance(alt, str)):
        return None
    return (contig, pos, ref, alt) if isinstance(pos, int) else None


def freed(value: Any, places: set[Place]) -> Any:
    """Return a copy of a JSON value without the rows that are such variants."""
    if isinstance(value, Mapping):
        return {key: freed(item, places) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [
            freed(item, places)
            for item in value
            if not (isinstance(item, Mapping) and place_of(item) in places)
        ]
    return value


def free_amendment(amendment: Any, names: set[str]) -> None:
    """Take changes of tier of such variants; these rows know a gene and a change, and no place."""
    if not isinstance(amendment, dict):
        return
    hidden = {(name.split(" ")[0], residue(name)) for name in names if " " in name}
    amendment["tiers"] = [
        row
        for row in rows_of(amendment, "tiers")
        if (row.get("gene"), residue(str(row.get("alteration") or ""))) not in hidden
    ]


def changes_of(document: Mapping[str, Any]) -> list[Any]:
    """Return the changes of variants and tiers since a previous report."""
    board = document.get("board")
    amendment = board.get("amendment") if isinstance(board, Mapping) else None
    held = amendment if isinstance(amendment, Mapping) else {}
    return [*rows_of(held, "variants"), *rows_of(held, "tiers")]


def is_marked(row: Mapping[str, Any]) -> bool:
    """Whether a change is one of a variant that either report took for germline."""
    return row.get(GERMLINE) is True


def unmark(amendment: Any) -> None:
    """Take the changes that are marked as those of germline variants."""
    if isinstance(amendment, dict):
        for key in ("variants", "tiers"):
            if any(map(is_marked, rows_of(amendment, key))):
                amendment[key] = [row for row in amendment[key] if not is_marked(row)]


def mark_germline(
    changes: Mapping[str, Any], documents: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return changes between two profiles, those of either's germline variants marked.

    A variant that the new profile no longer lists has its origin in the previous one alone.
    """
    places: set[Place] = set()
    told: set[tuple[Any, Any]] = set()
    for document in documents:
        places |= germline_of(document)[0]
        board = document.get("board")
        found = board.get("interpretation") if isinstance(board, Mapping) else None
        rows = rows_of(found, "variants") if isinstance(found, Mapping) else []
        told |= {
            (row.get("gene"), row.get("alteration")) for row in rows if place_of(row) in places
        }
    made = dict(changes)
    made["variants"] = [
        {**row, GERMLINE: True} if place_of(row) in places else row for row in changes["variants"]
    ]
    made["tiers"] = [
        {**row, GERMLINE: True} if (row.get("gene"), row.get("alteration")) in told else row
        for row in changes["tiers"]
    ]
    return made


def residue(change: str) -> str:
    """Return the first residue that a protein change names.

    >>> residue("MSH2 p.Trp318Ter"), residue("p.W318*"), residue("amplification")
    ('318', '318', '')
    """
    found = re.search(r"p\.\D*(\d+)", change)
    return found.group(1) if found else ""


def two_hit_rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of genes with their hits."""
    result = result_of(document, "purity")
    fitted = result.get("fitted")
    return rows_of(fitted if isinstance(fitted, Mapping) else result, "genes")


def hits_of(gene: Mapping[str, Any]) -> list[str]:
    """Return the hits of a gene in words."""
    found = gene.get("hits")
    return [str(hit) for hit in found] if isinstance(found, (list, tuple)) else []


def is_hidden(hit: str, names: set[str]) -> bool:
    """Whether a hit is a variant that must not be shown."""
    kind = next((kind for kind in KINDS if hit.startswith(kind)), "")
    return kind == "germline " or (bool(kind) and hit.removeprefix(kind) in names)


def judge_gene(gene: dict[str, Any], names: set[str]) -> None:
    """Take the hidden hits from a gene; with fewer than two of the others it is not told."""
    hits = hits_of(gene)
    left = [hit for hit in hits if not is_hidden(hit, names)]
    if len(left) == len(hits):
        return
    sure = sum(hit in LOSSES or hit.startswith("somatic ") for hit in left)
    gene["hits"] = left
    gene["germline"] = "germline not assessed"
    if gene.get("status") == "two hits" and sure < TWO and WHOLE not in left:
        gene["status"] = "not evaluable"
