"""Purity and ploidy: given and fitted apart, which is used and why, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tumorkit.report.document import STATUS_WORDS, Node
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, fixed, percent, plural
from tumorkit.report.two_hits import hit_words

STATES = {
    "solved": "solved",
    "highly_diploid": "solved: nearly all of the genome is diploid",
    "no_tumor_signal": "no tumour signal",
    "not_identifiable": "not identifiable",
}
MOST_VARIANTS = 60
TWO_HITS = "two hits"
COPY_HITS = frozenset({"homozygous deletion", "LOH"})


@dataclass(frozen=True, kw_only=True)
class PurityView:
    """Everything that the report says about purity; tables are rows of text."""

    status: str
    status_words: str
    facts: tuple[tuple[str, str], ...]
    solutions: tuple[tuple[str, ...], ...]
    fractions: tuple[tuple[str, ...], ...]
    genes: tuple[tuple[str, ...], ...]
    germline: str
    copies_unused: bool
    losses: str
    variants: tuple[tuple[str, ...], ...]
    n_variants: int
    notes: tuple[str, ...]

    @property
    def variants_caption(self) -> str:
        """What the table of variants shows."""
        shown = len(self.variants)
        if shown == self.n_variants:
            return plural(shown, "somatic variant")
        total = plural(self.n_variants, "somatic variant")
        return say(
            "{shown} of {total}, the most reads first (all in purity.variants.tsv)",
            shown=shown,
            total=total,
        )


def purity_view(root: Node) -> PurityView | None:
    """Read the purity part, also one without an answer; None where nobody gave or fitted one."""
    found = [part for part in root.nodes("parts", required=True) if part.text("name") == "purity"]
    result = found[0].maybe_node("result") if found else None
    if result is None or found[0].text("status") == "failed":
        return None
    fitted = result.maybe_node("fitted")
    status = found[0].text("status")
    # Copies and shares of cells of a fit that is not used would be read as findings.
    used = status == "ok"
    hit = [item for item in rows(fitted, "genes") if item.maybe_text("status") == TWO_HITS]
    return PurityView(
        status=status,
        status_words=term(STATUS_WORDS[status]),
        facts=facts_of(root.node("case"), result, fitted),
        solutions=tuple(solution_row(*item) for item in enumerate(rows(fitted, "solutions"), 1)),
        fractions=tuple(fraction_row(item) for item in rows(fitted, "fractions")),
        genes=tuple(
            gene_row(item, copies=used)
            for item in hit
            if used or COPY_HITS.isdisjoint(item.texts("hits"))
        ),
        germline=germline_words(fitted),
        copies_unused=not used and bool(rows(fitted, "genes")),
        losses=losses_of(fitted) if used else "",
        variants=tuple(map(variant_row, ranked(fitted)[:MOST_VARIANTS])) if used else (),
        n_variants=len(rows(fitted, "mutations")),
        notes=tuple(fitted.texts("notes")) if fitted else (),
    )


def rows(fitted: Node | None, key: str) -> list[Node]:
    """Return a table of the fit; none without a fit."""
    return fitted.nodes(key) if fitted else []


def facts_of(case: Node, result: Node, fitted: Node | None) -> tuple[tuple[str, str], ...]:
    """Return what is used, given and fitted, each under its own name."""
    given = result.maybe_node("given")
    said = [
        (say("Used"), term(result.maybe_text("used") or UNKNOWN)),
        (say("Rule"), term(result.maybe_text("rule") or "")),
    ]
    if given is not None:
        ploidy = given.maybe_number("ploidy")
        beside = (
            say("no ploidy given") if ploidy is None else say("ploidy {value}", value=fixed(ploidy))
        )
        purity = say("purity {value}", value=fixed(given.maybe_number("purity")))
        said.append((say("Given"), f"{purity}, {beside}"))
    else:
        said.append((say("Given"), say("none")))
    pathology = case.maybe_number("pathology_purity")
    if pathology is not None:
        prior = say("{value}: a prior of the fit, never its value", value=fixed(pathology))
        said.append((say("Pathologist"), prior))
    if fitted is None:
        said.append((say("Fitted"), say("none")))
        return tuple((label, text or UNKNOWN) for label, text in said)
    said += [
        (say("Fitted purity"), ranged(fitted)),
        (say("Fitted ploidy"), ranged(fitted.node("ploidy"))),
        (say("State of the fit"), term(STATES.get(fitted.text("state"), fitted.text("state")))),
        (say("Reason"), term(fitted.maybe_text("reason_of_state") or "")),
        (say("Genome doubled"), doubled(fitted)),
    ]
    return tuple((label, text) for label, text in said if text)


def ranged(estimate: Node) -> str:
    """Return a value with its 95 % range, or that there is none."""
    value = estimate.maybe_number("value")
    if value is None:
        return say("no answer")
    low, high = fixed(estimate.maybe_number("low")), fixed(estimate.maybe_number("high"))
    return f"{fixed(value)} ({low} {say('to')} {high})"


def doubled(fitted: Node) -> str:
    """Return whether the genome was doubled, with the probability."""
    probability = fitted.maybe_number("doubling_probability")
    word = fitted.maybe_text("doubling") or UNKNOWN
    if probability is None:
        return term(word)
    return say("{word} (probability {value})", word=term(word), value=fixed(probability))


def solution_row(rank: int, item: Node) -> tuple[str, ...]:
    """Return one solution: rank, purity, ploidy, weight, probability of a doubling."""
    spans = [
        f"{fixed(item.maybe_number(name))} ({fixed(item.maybe_number(f'{name}_low'))} {say('to')} "
        f"{fixed(item.maybe_number(f'{name}_high'))})"
        for name in ("purity", "ploidy")
    ]
    shares = [fixed(item.maybe_number(name)) for name in ("weight", "doubled")]
    return (str(rank), *spans, *shares)


def fraction_row(item: Node) -> tuple[str, ...]:
    """Return a tumour fraction: its source, as share of cells, as share of DNA."""
    return (term(item.text("source")), *(ranged(item.node(kind)) for kind in ("cells", "dna")))


def gene_row(item: Node, *, copies: bool) -> tuple[str, ...]:
    """Return a gene with two hits: name, hits, copies where the fit is used."""
    total = item.maybe_number("total_cn") if copies else None
    return (
        item.text("gene"),
        "; ".join(map(hit_words, item.texts("hits"))),
        UNKNOWN if total is None else fixed(total, 0),
    )


def germline_words(fitted: Node | None) -> str:
    """Return whether inherited variants were among the hits that were looked for."""
    said = [item.maybe_text("germline") or "" for item in rows(fitted, "genes")]
    return said[0] if said and "not assessed" in said[0] else ""


def losses_of(fitted: Node | None) -> str:
    """Return how much of the autosomes lost an allele, and how much a part of the tumour has."""
    used = fitted.maybe_node("used") if fitted else None
    if used is None or fitted is None or fitted.maybe_number("value") is None:
        return ""
    changed, subclonal = used.maybe_number("aberrant"), used.maybe_number("subclonal")
    lost = used.maybe_number("loh")
    loh = say("LOH unknown") if lost is None else say("LOH in {share}", share=percent(lost))
    return say(
        "{changed} of the autosomes are changed, {loh}, {subclonal} in a part of the tumour cells",
        changed=percent(changed),
        loh=loh,
        subclonal=percent(subclonal),
    )


def ranked(fitted: Node | None) -> list[Node]:
    """Return the variants whose share of cells is known, those of genes and many reads first."""
    known = [item for item in rows(fitted, "mutations") if item.maybe_number("ccf") is not None]
    return sorted(known, key=lambda item: (not item.maybe_text("gene"), -item.count("depth")))


def variant_row(item: Node) -> tuple[str, ...]:
    """Return a variant: gene, place, share of reads, copies, multiplicity, share of cells."""
    change = f"{item.text('contig')}:{item.count('pos')} {item.text('ref')}>{item.text('alt')}"
    copies = [item.maybe_number(name) for name in ("total_cn", "multiplicity")]
    low, high = fixed(item.maybe_number("ccf_low")), fixed(item.maybe_number("ccf_high"))
    return (
        item.maybe_text("gene") or UNKNOWN,
        change,
        fixed(item.maybe_number("vaf")),
        *(UNKNOWN if value is None else fixed(value, 0) for value in copies),
        f"{fixed(item.maybe_number('ccf'))} ({low} {say('to')} {high})",
        fixed(item.maybe_number("clonal_probability")),
    )


def used_note(case: Mapping[str, object]) -> str:
    """Return which purity is used, for the terminal; empty where nobody gave or fitted one."""
    said = case.get("purity_used")
    return f"Purity: {said}" if said else ""
