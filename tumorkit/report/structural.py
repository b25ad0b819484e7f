"""Structural events of other callers: those a board asks for first, and who saw them in what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumorkit.genome.contigs import order
from tumorkit.genome.structural import Breakpoint, Observation, StructuralEvent
from tumorkit.report.document import EVENTS, Node, Part
from tumorkit.report.events import KNOWN_TARGETS
from tumorkit.report.language import say, term
from tumorkit.report.looked_for import CLASS_WORDS, caller_name, looked_for
from tumorkit.report.params import ReportParams
from tumorkit.report.ranking import KEPT, VERDICT_WORDS, verdict_of
from tumorkit.report.text import UNKNOWN, allele, listed, number, percent, plural
from tumorkit.report.variants import reads_text
from tumorkit.variants.structural.callers import FUSIONS, class_of, two_genes
from tumorkit.variants.structural.document import EarlierImport, read_import
from tumorkit.variants.structural.named import MET_SPLICE, NAMED, met_splice_variant

NAMES = frozenset(known.name for known in NAMED)
CONFIDENCE = ("high", "medium", "low")
TABLE = "structural.tsv"
MOST_CALLERS = 4
# In what order page one lists events.
BY_NAME, ASKED, KNOWN_GENE, TWO_GENES, OTHER, INHERITED = range(6)
# Half of the share in the tumour: more in the normal is inherited, or an artefact of both.
MOST_IN_NORMAL = 0.5


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one caller says of an event: its numbers, and its own fields as it wrote them."""

    caller: str
    file: str
    junction: str
    facts: str
    fields: str


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event, as texts; ``group`` is why it stands where it stands."""

    title: str
    group: int
    kind: str
    places: tuple[str, ...]
    length: str
    length_value: int | None
    frame: str
    reads: str
    reads_value: int | None
    vaf: str
    vaf_value: float | None
    callers: str
    filters: str
    seen: tuple[Seen, ...] = ()

    @property
    def reportable(self) -> bool:
        """Whether it has a name, or a gene that the laboratory looks for."""
        return self.group in (BY_NAME, ASKED)


@dataclass(frozen=True, kw_only=True)
class StructuralView:
    """Everything that the report says about structural events."""

    rows: tuple[EventRow, ...]
    first: tuple[EventRow, ...]
    n_total: int
    n_reportable: int
    n_records: int
    looked_for: tuple[str, ...]
    files: tuple[tuple[str, ...], ...]
    failed: tuple[str, ...]
    notes: tuple[str, ...]
    table: str

    @property
    def caption(self) -> str:
        """What the table of all events shows."""
        total = plural(self.n_total, "event")
        if len(self.rows) == self.n_total:
            return total
        return say(
            "{shown} of {total} (all in {file})",
            shown=number(len(self.rows)),
            total=total,
            file=self.table,
        )

    @property
    def first_caption(self) -> str:
        """How many events there are, and how many of them a board asks for."""
        return say(
            "{total}, {asked} with a name or a gene that was looked for",
            total=plural(self.n_total, "event"),
            asked=number(self.n_reportable),
        )


def imported(root: Node) -> EarlierImport | None:
    """Return the events that a profile holds; None where no file of events was given."""
    result = imported_part(root)
    return read_import(result.value, root.source) if result else None


def imported_part(root: Node) -> Node | None:
    """Return the result of the import of events, None where there is none."""
    for node in root.nodes("parts"):
        if node.maybe_text("name") == EVENTS and node.maybe_text("status") == "ok":
            return node.maybe_node("result")
    return None


def structural_view(
    root: Node, parts: Mapping[str, Part], params: ReportParams
) -> StructuralView | None:
    """Read the events of a profile; None where no file of events was given and none follows.

    Small variants that change a splice site of MET's exon 14 stand among the named events: they
    skip the exon as its deletion does.
    """
    found = imported(root)
    splice = list(splice_rows(root, parts.get("variants")))
    if found is None and not splice:
        return None
    events = found.events if found else ()
    asked = asked_genes(root)
    ranked = sorted((rank(event, asked), at) for at, event in enumerate(events))
    shown = [events[at] for _, at in ranked[: params.max_structural]]
    rows = [*splice, *(event_row(event, group_of(event, asked)) for event in shown)]
    reportable = sum(key[0] in (BY_NAME, ASKED) for key, _ in ranked)
    files = found.files if found else ()
    return StructuralView(
        rows=tuple(rows[: params.max_structural]),
        first=tuple(rows[: params.page_one_structural]),
        n_total=len(splice) + len(events),
        n_reportable=len(splice) + reportable,
        n_records=sum(len(event.observations) for event in events),
        looked_for=tuple(looked_for(parts)),
        files=tuple(
            (
                file.name,
                caller_name(file.caller),
                file.material or UNKNOWN,
                listed([term(CLASS_WORDS[name]) for name in file.looks_for], 3) or say("none"),
                number(file.read),
                number(file.kept),
                "; ".join(f"{number(n)} {term(why)}" for why, n in file.left_out.items()) or "–",
            )
            for file in files
        ),
        failed=tuple(file.reason for file in found.failed) if found else (),
        notes=found_notes(root),
        table=TABLE,
    )


def found_notes(root: Node) -> tuple[str, ...]:
    """Return what the import itself has to say."""
    for node in root.nodes("parts"):
        if node.maybe_text("name") == EVENTS and (result := node.maybe_node("result")):
            return tuple(result.texts("notes"))
    return ()


def asked_genes(root: Node) -> frozenset[str]:
    """Return the genes that the laboratory's table asks for."""
    board = root.maybe_node("board")
    asked = board.maybe_node("actionable") if board else None
    rows = asked.nodes("rows") if asked else []
    return frozenset(row.text("gene") for row in rows)


def group_of(event: StructuralEvent, asked: Iterable[str]) -> int:
    """Return why an event stands where it stands."""
    if event.name in NAMES:
        return BY_NAME
    if in_normal(event):
        return INHERITED
    hit = genes_of(event.first) | genes_of(event.second)
    if hit & set(asked):
        return ASKED
    if hit & KNOWN_TARGETS:
        return KNOWN_GENE
    return TWO_GENES if class_of(event) == FUSIONS else OTHER


def in_normal(event: StructuralEvent) -> bool:
    """Whether the other sample of the file shows an event nearly as often as the tumour."""
    return bool(event.vaf and event.normal_vaf and event.normal_vaf > MOST_IN_NORMAL * event.vaf)


def rearranged(event: StructuralEvent) -> frozenset[str]:
    """Return the genes that an event may fuse: partners, or the one gene that a junction leaves.

    A small change inside one gene fuses nothing, unless it has a name. Neighbours of an
    intergenic breakpoint, which Arriba writes with a distance, are not hit.
    """
    ends = [genes_of(event.first), genes_of(event.second)]
    if event.name in NAMES or event.kind == "fusion" or two_genes(event):
        return frozenset().union(*ends)
    elsewhere = event.kind in ("translocation", "inversion", "breakend")
    return frozenset().union(*ends) if elsewhere else frozenset()


def genes_of(end: Breakpoint) -> frozenset[str]:
    """Return the genes that a breakpoint lies in."""
    return frozenset(name for name in end.gene.split(",") if name and "(" not in name)


def rank(event: StructuralEvent, asked: frozenset[str]) -> tuple[object, ...]:
    """Return a key that puts what a board asks for first, then the best supported."""
    said = event.confidence.lower()
    word = next((at for at, known in enumerate(CONFIDENCE) if said.startswith(known)), 0)
    reads = event.reads
    return (
        group_of(event, asked), word, event.imprecise, -len(event.callers),
        -1 if reads is None else -reads, order(event.first.contig), event.first.pos or 0,
        order(event.second.contig), event.second.pos or 0, event.caller,
    )  # fmt: skip


def event_row(event: StructuralEvent, group: int) -> EventRow:
    """Return an event as texts."""
    materials = dict.fromkeys(item.material for item in event.observations if item.material)
    kind = ", ".join((term(event.kind), *materials))
    return EventRow(
        title=title_of(event),
        group=group,
        kind=kind,
        places=tuple(place(end) for end in (event.first, event.second)),
        length=UNKNOWN if event.length is None else number(event.length, 12),
        length_value=event.length,
        frame=frame_words(event),
        reads=reads_of(event),
        reads_value=event.reads,
        vaf=percent(event.vaf),
        vaf_value=event.vaf,
        callers=listed([caller_name(name) for name in event.callers], MOST_CALLERS),
        filters=filters_of(event),
        seen=tuple(map(seen, event.observations)),
    )


def title_of(event: StructuralEvent) -> str:
    """Return an event's name, else its genes, else nothing but its kind.

    The genes of a junction of DNA stand in the order of the genome, parted by a slash.
    """
    if event.name:
        return event.name
    ends = [end.gene or say("no gene") for end in (event.first, event.second)]
    if event.first.gene or event.second.gene:
        return ends[0] if ends[0] == ends[1] else " / ".join(ends)
    return say("no gene named")


def place(end: Breakpoint) -> str:
    """Return a breakpoint's place."""
    if end.pos is None:
        return say("end not found")
    return f"{end.contig}:{end.pos}"


def frame_words(event: StructuralEvent) -> str:
    """Return the reading frame; where other records say another one, that, too."""
    if not event.frame:
        return UNKNOWN
    others = {item.frame for item in event.also if item.frame} - {event.frame}
    if others:
        other = ", ".join(term(frame) for frame in sorted(filter(None, others)))
        return say("{frame}, also {other}", frame=term(event.frame), other=other)
    if event.frame_source == "length":
        return say("{frame} (by its length)", frame=term(event.frame))
    return term(event.frame)


def reads_of(item: Observation) -> str:
    """Return split reads and spanning pairs, and the depth where the caller counted it."""
    if item.reads is None:
        return UNKNOWN
    parts = [number(n) if n is not None else "?" for n in (item.split_reads, item.spanning_pairs)]
    said = " + ".join(parts) if item.spanning_pairs is not None else parts[0]
    return said if item.depth is None else f"{said} / {number(item.depth)}"


def filters_of(item: Observation) -> str:
    """Return the caller's filters and its confidence."""
    # Tables of fusions have no filters; what they list has passed, and their confidence says more.
    own = () if item.material == "RNA" and item.confidence else item.filters
    said = [*own, item.confidence.strip(", ")]
    said += [say("normal {vaf}", vaf=percent(item.normal_vaf))] if item.normal_vaf else []
    said += [term("imprecise")] if item.imprecise else []
    return ", ".join(filter(None, said)) or UNKNOWN


def seen(item: Observation) -> Seen:
    """Return what a caller says of an event."""
    sides = [
        say("{place} and what is {side} it", place=place(end), side=term(end.keeps))
        if end.keeps != "unknown" and end.pos is not None
        else place(end)
        for end in (item.first, item.second)
    ]
    return Seen(
        caller=", ".join(filter(None, (caller_name(item.caller), item.material))),
        file=item.file,
        junction=" – ".join(sides),
        facts=", ".join(facts_of(item)),
        fields="; ".join(f"{key}={value}" for key, value in item.evidence.items()),
    )


def facts_of(item: Observation) -> Iterable[str]:
    """Yield what a caller says in numbers and words; what it does not say is left out."""
    if item.reads is not None:
        yield say("reads {reads}", reads=reads_of(item))
    if item.vaf is not None:
        yield f"VAF {percent(item.vaf)}"
    if item.frame:
        yield term(item.frame)
    yield filters_of(item)


def splice_rows(root: Node, part: Part | None) -> Iterable[EventRow]:
    """Yield small variants that change a splice site of MET's exon 14, told by their position."""
    build = root.maybe_text("build") or ""
    rows = part.result.nodes("variants") if part and part.result else []
    for node in rows:
        contig, pos = node.text("contig"), node.count("pos")
        ref, alt = node.text("ref"), node.text("alt")
        if verdict_of(node) not in KEPT or not met_splice_variant(contig, pos, ref, alt, build):
            continue
        vaf, depth = node.maybe_number("vaf"), node.maybe_number("alt_depth")
        yield EventRow(
            title=term(MET_SPLICE),
            group=BY_NAME,
            kind=f"{say('small variant')}, DNA",
            places=(f"{contig}:{pos} {allele(ref)}>{allele(alt)}",),
            length=UNKNOWN,
            length_value=None,
            frame=UNKNOWN,
            reads=reads_text(depth, node.maybe_number("depth")),
            reads_value=None if depth is None else int(depth),
            vaf=percent(vaf),
            vaf_value=vaf,
            callers=node.joined("callers") or UNKNOWN,
            filters=term(VERDICT_WORDS[verdict_of(node)]),
        )


def event_notes(view: StructuralView | None, parts: Mapping[str, Part]) -> list[str]:
    """Return the events in a line or two for a terminal."""
    if view is None:
        return []
    titles = [
        " ".join(filter(None, (row.title, row.frame if row.frame != UNKNOWN else "")))
        for row in view.rows
        if row.group not in (OTHER, INHERITED)
    ]
    said = plural(view.n_total, "event")
    if titles:
        said += f": {listed(list(dict.fromkeys(titles)), MOST_CALLERS)}"
    by = "; ".join(looked_for(parts))
    return [f"{say('Structural events')}: {said}" + (f" ({by})" if by else "")]
