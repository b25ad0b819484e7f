"""The chapter on quality: what the results know of reads, noise, SNPs and accounts, in one place.

Nothing is measured here. A line whose number no result holds is unknown; one without a limit in
the settings of the step that needs it is noted and not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tumorkit.report.document import Node
from tumorkit.report.language import say, term
from tumorkit.report.quality_row import (
    ATTENTION,
    OK,
    UNSURE,
    QualityRow,
    account,
    at_least,
    balance,
    judged,
)
from tumorkit.report.text import fixed, number, percent, plural

NEGATIVE_SHARE = 0.95
FOREIGN = "another person"
# How the purity fit says that it was given no counts of SNPs.
NO_ALLELES = "no allele fractions"


@dataclass(frozen=True, kw_only=True)
class QualityView:
    """All lines by group, and how many ask for attention."""

    groups: tuple[tuple[str, tuple[QualityRow, ...]], ...]
    attention: int
    unsure: int


def quality_view(root: Node) -> QualityView:
    """Gather what the results of a profile know of its quality."""
    results = results_of(root)
    groups = (
        (say("Depth"), tuple(depth_rows(root, results))),
        (say("Copy ratios and SNPs"), tuple(copy_rows(results))),
        (say("Whose sample"), tuple(sample_rows(root, results))),
        (say("Accounts: what went in came out"), tuple(account_rows(results))),
    )
    answers = [row.answer for _, rows in groups for row in rows]
    return QualityView(
        groups=tuple((title, rows) for title, rows in groups if rows),
        attention=answers.count(ATTENTION),
        unsure=answers.count(UNSURE),
    )


def results_of(root: Node) -> dict[str, Node]:
    """Return the results by part, also those of biomarkers that are not evaluable.

    Depths, noise and counts of SNPs stay true where the biomarker that needs them has no answer.
    """
    found = {}
    for part in root.nodes("parts", required=True):
        result = part.maybe_node("result")
        if result is not None and part.text("status") != "failed":
            found[part.text("name")] = result
    return found


def quality_strip(root: Node) -> tuple[tuple[str, str], ...]:
    """Return the few lines of quality for page one."""
    results = results_of(root)
    depth, _, _ = gene_depth(root, results)
    share, _ = callable_share(root)
    noise, snps = noise_of(results), snps_of(results)
    rows = (
        (say("Median depth"), None if depth is None else f"{number(depth)}×"),
        (say("Bases deep enough"), None if share is None else percent(share)),
        (say("Noise of copy ratios"), None if noise is None else say("SD {sd}", sd=fixed(noise))),
        (say("Heterozygous SNPs"), None if snps is None else number(snps)),
    )
    known = [(label, value) for label, value in rows if value]
    lacking = [label[:1].lower() + label[1:] for label, value in rows if not value]
    return (*known, *([(say("Unknown:"), ", ".join(lacking))] if lacking else []))


def gene_depth(root: Node, results: Mapping[str, Node]) -> tuple[float | None, float | None, str]:
    """Return the median and the 5th percentile of depth, and where they were measured."""
    board = root.maybe_node("board")
    found = board.maybe_node("detection") if board else None
    depths: dict[str, float | None] = {}
    for row in found.nodes("rows") if found else []:
        depths[row.maybe_text("at") or ""] = row.maybe_number("depth")
    if found is not None and depths.get("median") is not None:
        genes = found.maybe_text("depths_from") == "coverage"
        where = say("the laboratory's genes") if genes else say("the listed calls")
        return depths["median"], depths.get("low"), where
    msi = results.get("msi")
    depth = msi.maybe_number("median_depth") if msi else None
    return depth, None, say("microsatellites") if depth is not None else ""


def callable_share(root: Node) -> tuple[float | None, int]:
    """Return the share of the laboratory's genes that was read deeply enough, and how many lack."""
    board = root.maybe_node("board")
    coverage = board.maybe_node("coverage") if board else None
    if board is None or coverage is None:
        return None, 0
    wanted = board.maybe_number("negative_share") or NEGATIVE_SHARE
    sizes = deep = 0.0
    lacking = 0
    for gene in coverage.nodes("genes"):
        size, share = gene.maybe_number("size"), gene.maybe_number("share")
        if size is None or share is None:
            continue
        sizes, deep = sizes + size, deep + size * share
        lacking += share < wanted
    return (deep / sizes if sizes else None), lacking


def noise_of(results: Mapping[str, Node]) -> float | None:
    """Return the spread of neighbouring bins."""
    copy_number = results.get("copy_number")
    noise = copy_number.maybe_node("noise") if copy_number else None
    return noise.maybe_number("sd") if noise else None


def snps_of(results: Mapping[str, Node]) -> float | None:
    """Return how many heterozygous SNPs were counted; None where nobody counted any."""
    purity = results.get("purity")
    fitted = purity.maybe_node("fitted") if purity else None
    used = fitted.maybe_node("used") if fitted else None
    return used.maybe_number("snps") if used and not uncounted(results) else None


def uncounted(results: Mapping[str, Node]) -> bool:
    """Whether the fit had no allele counts at all, which is not the same as no SNP among them."""
    purity = results.get("purity")
    fitted = purity.maybe_node("fitted") if purity else None
    return any(note.startswith(NO_ALLELES) for note in (fitted.texts("notes") if fitted else ()))


def depth_rows(root: Node, results: Mapping[str, Node]) -> Iterator[QualityRow]:
    """Yield depths, the share of genes read deeply enough, and reads that were left out."""
    board = root.maybe_node("board")
    coverage = board.maybe_node("coverage") if board else None
    needed = coverage.maybe_number("needed_depth") if coverage else None
    vaf = coverage.maybe_number("needed_vaf") if coverage else None
    median, low, where = gene_depth(root, results)
    spread = "" if low is None else f", {say('5th percentile')} {number(low)}×"
    yield QualityRow(
        what=say("Median depth of the tumour"),
        found=say("unknown") if median is None else f"{number(median)}×{spread}",
        asked=""
        if needed is None
        else say("{depth}× for a variant of {vaf}", depth=number(needed), vaf=percent(vaf)),
        answer=judged(median, needed),
        source=where,
    )
    share, lacking = callable_share(root)
    wanted = (board.maybe_number("negative_share") if board else None) or NEGATIVE_SHARE
    yield QualityRow(
        what=say("Coding bases read deeply enough"),
        found=say("unknown: no coverage of genes was given (--coverage)")
        if share is None
        else say(
            "{share}; {genes} below the limit", share=percent(share), genes=plural(lacking, "gene")
        ),
        asked="" if share is None else say("{share} of every gene", share=percent(wanted)),
        answer=UNSURE if share is None else ATTENTION if lacking else OK,
        source=say("the laboratory's genes") if share is not None else "",
    )
    yield from msi_depth_rows(results.get("msi"))
    yield from territory_rows(results.get("tmb"))


def msi_depth_rows(result: Node | None) -> Iterator[QualityRow]:
    """Yield depths at microsatellites, how many served, and the reads that told nothing."""
    if result is None:
        return
    params = result.maybe_node("params")
    least = params.maybe_number("min_depth") if params else None
    sites = params.maybe_number("min_sites") if params else None
    source = say("microsatellites")
    asked = at_least(least, "×")
    depth, usable = result.maybe_number("median_depth"), result.maybe_number("usable")
    yield QualityRow(
        what=say("Median depth at microsatellites, tumour"),
        found=say("unknown") if depth is None else f"{number(depth)}×",
        asked=asked, answer=judged(depth, least), source=source,
    )  # fmt: skip
    if result.flag("paired"):
        own = result.maybe_number("normal_median_depth")
        yield QualityRow(
            what=say("Median depth at microsatellites, normal"),
            found=say("unknown") if own is None else f"{number(own)}×",
            asked=asked, answer=judged(own, least), source=source,
        )  # fmt: skip
    yield QualityRow(
        what=say("Microsatellites that could be judged"),
        found=say(
            "{usable} of {listed}", usable=number(usable),
            listed=number(result.maybe_number("listed")),
        ),
        asked=at_least(sites),
        answer=judged(usable, sites), source=source,
    )  # fmt: skip
    for key, who in (("lost_reads", say("tumour")), ("normal_lost_reads", say("normal"))):
        lost, kept = result.maybe_node(key), "votes" if key == "lost_reads" else "normal_votes"
        if lost is None:
            continue
        counts = {name: lost.maybe_number(name) or 0 for name in lost.value}
        most = sorted(counts.items(), key=lambda pair: -pair[1])[:3]
        named = ", ".join(
            f"{term(name.replace('_', ' '))} {number(count)}" for name, count in most if count
        )
        total = sum(counts.values())
        yield QualityRow(
            what=say("Alignments at microsatellites, {who}", who=who),
            found=say(
                "{kept} fragments told a length; {lost} alignments did not",
                kept=number(result.maybe_number(kept)), lost=number(total),
            ) + (f" ({named})" if named else ""),
            source=source,
        )  # fmt: skip


def territory_rows(result: Node | None) -> Iterator[QualityRow]:
    """Yield the territory of the burden against the least that gives one."""
    params = result.maybe_node("params") if result else None
    evidence = result.maybe_node("evidence") if result else None
    size = evidence.maybe_number("megabases") if evidence else None
    if params is None or size is None:
        return
    least = params.maybe_number("min_megabases")
    yield QualityRow(
        what=say("Territory of the burden"), found=f"{number(size)} Mb",
        asked=at_least(least, " Mb"),
        answer=judged(size, least), source=say("burden"),
    )  # fmt: skip


def copy_rows(results: Mapping[str, Node]) -> Iterator[QualityRow]:
    """Yield noise of bins, slow waves, heterozygous SNPs, and the genome open to scars."""
    copy_number = results.get("copy_number")
    noise = copy_number.maybe_node("noise") if copy_number else None
    sd = noise.maybe_number("sd") if noise else None
    bins = noise.maybe_number("bins") if noise else None
    yield QualityRow(
        what=say("Noise: spread of neighbouring bins"),
        found=say("unknown")
        if sd is None
        else say("SD {sd} of log2, {bins}", sd=fixed(sd), bins=plural(int(bins or 0), "bin")),
        answer=judged(sd, None), source=say("copy number") if sd is not None else "",
    )  # fmt: skip
    wave = noise.maybe_number("lag50_ratio") if noise else None
    if wave is not None:
        yield QualityRow(
            what=say("Slow waves: bins 50 apart against neighbours"),
            found=say("{ratio}-fold (1: none)", ratio=fixed(wave)), source=say("copy number"),
        )  # fmt: skip
    snps, none = snps_of(results), uncounted(results)
    found = say("unknown") if snps is None else snps_words(results["purity"], snps)
    if none:
        found = say("not counted: copies of single alleles, LOH and scars stay unknown")
    yield QualityRow(
        what=say("Heterozygous SNPs with reads of both alleles"),
        found=found,
        answer=ATTENTION if snps == 0 or none else judged(snps, None),
        source=say("purity") if snps is not None or none else "",
    )
    hrd = results.get("hrd")
    share = hrd.maybe_number("evaluable") if hrd else None
    params = hrd.maybe_node("params") if hrd else None
    if share is not None:
        least = params.maybe_number("min_evaluable") if params else None
        yield QualityRow(
            what=say("Autosomes on which scars can be seen"), found=percent(share),
            asked="" if least is None else say("at least {value}", value=percent(least)),
            answer=judged(share, least), source=say("scars"),
        )  # fmt: skip


def snps_words(purity: Node, snps: float) -> str:
    """Return the SNPs, and what they say: how many segments have alleles."""
    fitted = purity.maybe_node("fitted")
    used = fitted.maybe_node("used") if fitted else None
    known = used.maybe_number("segments_with_alleles") if used else None
    total = used.maybe_number("segments") if used else None
    if snps == 0:
        return say("none: copies of single alleles, LOH and scars stay unknown")
    return number(snps) + (
        ""
        if known is None
        else "; "
        + say("{known} of {total} segments with allele counts", known=number(known),
              total=number(total))
    )  # fmt: skip


def sample_rows(root: Node, results: Mapping[str, Node]) -> Iterator[QualityRow]:
    """Yield what is known of whose DNA it is; what no result compares is unknown."""
    purity = results.get("purity")
    fitted = purity.maybe_node("fitted") if purity else None
    pair = fitted.maybe_node("pair") if fitted else None
    told = pair is not None and pair.maybe_number("foreign") is not None
    if root.node("case").value.get("tumor_only") is False or told:
        yield person_row(say("Tumour and normal of one person"), pair, "other")
    foreign = [
        note for result in results.values() for note in result.texts("notes") if FOREIGN in note
    ]
    if foreign:
        yield QualityRow(what=say("Another person's DNA"), found=term(foreign[0]), answer=ATTENTION)
    else:
        yield person_row(say("Another person's DNA"), pair, "foreign")
    variants = results.get("variants")
    evidence = variants.maybe_node("evidence") if variants else None
    leaked = evidence.maybe_node("tumor_in_normal") if evidence else None
    if leaked is not None and leaked.maybe_text("status") == "ok":
        yield QualityRow(
            what=say("Tumour cells in the normal"),
            found=percent(leaked.maybe_number("value")), source=say("variants"),
        )  # fmt: skip


def person_row(what: str, pair: Node | None, key: str) -> QualityRow:
    """Return a comparison of tumour and normal at the normal's homozygous SNPs."""
    share = pair.maybe_number(key) if pair else None
    limit = pair.maybe_number(f"{key}_limit") if pair else None
    if share is None or limit is None:
        return QualityRow(
            what=what,
            found=say("not compared: too few counted SNPs have a single allele in the normal")
            if pair is not None
            else say("not compared: no reads of SNPs were counted"),
            answer=UNSURE,
        )
    said = (
        say("a second allele in a quarter of the reads at {share} of SNPs with one in the normal")
        if key == "other"
        else say("a second allele at {share} of SNPs with one in the normal")
    )
    return QualityRow(
        what=what,
        found=said.format(share=percent(share)),
        asked=say("at most {value}", value=percent(limit)),
        answer=ATTENTION if share > limit else OK,
        source=say("purity"),
    )


def account_rows(results: Mapping[str, Node]) -> Iterator[QualityRow]:
    """Yield the accounts: what went in equals what came out, by the results' own counts."""
    variants, tmb, msi = (results.get(name) for name in ("variants", "tmb", "msi"))
    if variants is not None:
        yield account(
            say("Records of the somatic VCF"), variants, "records",
            (("records_written", say("written")), ("records_dropped", say("left out"))),
            say("variants"),
        )  # fmt: skip
        yield account(
            say("Alleles, by verdict"), variants, "alleles",
            (
                ("passed", say("passing")), ("failed", say("failing")),
                ("rescued", say("kept by a rescue")),
            ),
            say("variants"),
        )  # fmt: skip
    if tmb is not None:
        yield account(
            say("Alleles for the burden"), tmb, "seen",
            (("counted", say("that count")), ("rejected", say("that do not"))), say("burden"),
        )  # fmt: skip
    lost = msi.maybe_node("lost_sites") if msi else None
    if msi is not None and lost is not None:
        out = sum(lost.maybe_number(name) or 0 for name in lost.value)
        yield balance(
            say("Microsatellites"), msi.maybe_number("listed"),
            ((msi.maybe_number("usable"), say("used")), (out, say("left out"))),
            say("microsatellites"),
        )  # fmt: skip
