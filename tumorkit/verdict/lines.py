"""Lines that both verdicts have: genes with two hits, signatures of a process."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tumorkit.verdict.documents import (
    Document,
    genes_of,
    of_kind,
    processes_of,
    why_failed,
)
from tumorkit.verdict.result import Direction, Line

NOT_GIVEN = "not given"
CAUSE = "cause"
# A failed repair need not make more of the mutations than this: where only larger shares would be
# seen, none seen says little. The limit is our own.
TELLING = 0.3
# A protein that ends early or never begins, by its change or by its term; one that ends late (ext)
# has not lost its function.
TRUNCATED = re.compile(
    r"^(?!.*ext).*(Ter|fs|\*|Met1\?|splice_donor|splice_acceptor|stop_gained|frameshift|start_lost|"
    r"transcript_ablation)"
)


def absent(name: str, kind: str, what: str) -> Line:
    """Return the line of something that nobody gave."""
    return Line(
        name=name, kind=kind, finding="", direction="neither", evaluable="not given",
        reason=what, source="",
    )  # fmt: skip


def closed(name: str, kind: str, reason: str, source: str) -> Line:
    """Return the line of something that could not be judged."""
    return Line(
        name=name, kind=kind, finding="", direction="neither", evaluable="no", reason=reason,
        source=source,
    )  # fmt: skip


def said(
    name: str, kind: str, finding: str, direction: Direction, source: str, reason: str = ""
) -> Line:
    """Return the line of something that was judged."""
    return Line(
        name=name, kind=kind, finding=finding, direction=direction, evaluable="yes",
        reason=reason, source=source,
    )  # fmt: skip


def gene_line(documents: Sequence[Document], names: Sequence[str], untested: str) -> Line:
    """Return what is known of genes: two hits point to a deficiency, anything less nowhere."""
    name = f"two hits in {', '.join(names)}"
    purity = of_kind(documents, "purity")
    if purity is None:
        return absent(name, CAUSE, "no purity fit with --genes was given")
    if why_failed(purity):
        return closed(name, CAUSE, why_failed(purity), purity.source)
    rows = genes_of(documents, names)
    if not rows:
        return absent(name, CAUSE, "the purity fit was made without these genes (--genes)")
    two = [row for row in rows.values() if row["status"] == "two hits"]
    if not two:
        return fewer_hits(name, rows, [one for one in names if one not in rows], purity, untested)
    words = "; ".join(f"{row['gene']}: {', '.join(row['hits'])}" for row in two)
    sure = [row["hits"] for row in two if is_disabled(row["hits"])]
    if sure:
        return said(name, CAUSE, words, "deficient", purity.source, lost_allele(sure))
    why = "a hit that is no truncation may be a bystander: its effect is not known"
    return said(name, CAUSE, words, "neither", purity.source, why)


def fewer_hits(
    name: str,
    rows: Mapping[str, Mapping[str, Any]],
    lacking: Sequence[str],
    purity: Document,
    untested: str,
) -> Line:
    """Return the line of genes of which none has two hits, with all that it may have missed."""
    unclear = [gene for gene, row in rows.items() if row["status"] == "not evaluable"]
    if len(unclear) == len(rows):
        return closed(
            name, CAUSE, f"{', '.join([*unclear, *lacking])} not evaluable", purity.source
        )
    one_hit = [gene for gene, row in rows.items() if row["status"] == "one hit"]
    words = f"one hit in {', '.join(one_hit)}" if one_hit else "no gene has two hits"
    doubts = [untested]
    if unclear or lacking:
        doubts.append(f"{', '.join([*unclear, *lacking])} not evaluable")
    if (purity.get("used") or {}).get("mutations") == 0:
        doubts.append("no somatic variant was given")
    if any("not assessed" in str(row["germline"]) for row in rows.values()):
        doubts.append("germline variants were not looked at")
    return said(name, CAUSE, words, "neither", purity.source, "; ".join(doubts))


def lost_allele(listed: Sequence[Sequence[str]]) -> str:
    """Return the doubt where every pair is LOH and an inherited variant: either allele may be lost.

    >>> lost_allele([["LOH", "germline BRCA1 p.Cys61Gly"]])
    'which allele was lost is not told: the inherited variant may have gone'
    >>> lost_allele([["LOH", "germline BRCA1 p.Cys61Gly"], ["homozygous deletion"]])
    ''
    """
    if any("homozygous deletion" in hits for hits in listed):
        return ""
    kinds = [{hit.partition(" ")[0] for hit in hits} for hits in listed]
    if all(kind == {"LOH", "germline"} for kind in kinds):
        return "which allele was lost is not told: the inherited variant may have gone"
    return ""


def is_disabled(hits: Sequence[str]) -> bool:
    """Whether hits take out both alleles for sure: losses, truncations, inherited pathogenic ones.

    Two variants in a hypermutated tumour are often bystanders; a substitution alone proves nothing.

    >>> is_disabled(["LOH", "somatic MSH2 p.Trp318Ter"])
    True
    >>> is_disabled(["LOH", "somatic MSH2 p.Ala98Thr"])
    False
    >>> is_disabled(["LOH", "somatic BRCA1 splice_donor_variant"])
    True
    >>> is_disabled(["somatic MLH1 p.Arg1Ter", "somatic MLH1 p.Gln9Ter", "phase unknown"])
    False
    """
    if "homozygous deletion" in hits:
        return True
    if "phase unknown" in hits:  # both may lie on one allele
        return False
    sure = [
        hit for hit in hits if hit == "LOH" or hit.startswith("germline") or TRUNCATED.search(hit)
    ]
    return len(sure) >= 2


def signature_lines(
    documents: Sequence[Document], process: str, kinds: Mapping[str, tuple[str, str]]
) -> list[Line]:
    """Return a line for each catalogue; ``kinds`` has its name and what it looks at."""
    rows = {kind: (one, row) for kind, one, row in processes_of(documents, process)}
    given = {str(one.get("kind")): one for one in documents if one.kind == "signatures"}
    broken = next((d for d in documents if d.kind == "signatures" and why_failed(d)), None)
    found = []
    for catalogue, (name, kind) in kinds.items():
        if broken is not None:
            found.append(closed(name, kind, why_failed(broken), broken.source))
        elif catalogue in rows:
            one, row = rows[catalogue]
            found.append(signature_line(name, kind, row, one.source))
        elif catalogue in given:
            reason = (given[catalogue].get("samples") or [{}])[0].get("reason")
            words = reason or "its table has no signature of this process"
            found.append(closed(name, kind, words, given[catalogue].source))
        else:
            found.append(absent(name, kind, f"no fit of {catalogue} signatures was given"))
    return found


def signature_line(name: str, kind: str, row: Mapping[str, Any], source: str) -> Line:
    """Return what a fit says of a process: a share below the detectable one is no evidence."""
    call = row.get("call")
    if not row.get("evaluable") and call != "present":
        return closed(name, kind, row.get("reason") or "too few mutations to tell", source)
    share = (row.get("share") or {}).get("value")
    words = "" if share is None else f", {share:.0%} of the mutations"
    if call == "present":
        return said(name, kind, f"present{words}", "deficient", source)
    if call == "not_seen":
        limit = row.get("detectable_share")
        at = "" if limit is None else f"; {limit:.0%} would be seen"
        if limit is None or limit > TELLING:
            why = f"its absence tells only where a share of {TELLING:.0%} would be seen"
            return said(name, kind, f"not seen{at}", "neither", source, why)
        return said(name, kind, f"not seen{at}", "proficient", source)
    return said(name, kind, f"possible{words}", "neither", source, row.get("reason") or "not sure")
