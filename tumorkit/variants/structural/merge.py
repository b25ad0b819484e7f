"""One event that several callers saw becomes one, with what each of them says.

Two junctions of DNA are the same where both breakpoints lie within a distance (as SURVIVOR and SVDB
ask), the same sides are kept, and, of short events, the lengths agree. An insertion and a tandem
duplication of the same length at the same place are two ways to write one event. Two events of one
file stay two: its caller told them apart. Fusions of transcripts are the same where both partners
are, since one fusion is spliced at several places. What was seen in DNA and in RNA is kept apart,
as the breakpoints are different ones.

Source of the distances: Jeffares, Nat Commun 2017 (SURVIVOR); the limits are settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tumorkit.genome.contigs import order, standard
from tumorkit.genome.structural import Breakpoint, Observation, StructuralEvent
from tumorkit.variants.structural.params import StructuralParams

SHORT = 1_000
SAME_LENGTH, LEAST_DIFFERENCE = 0.1, 3
CONFIDENCE = ("high", "medium", "low")
Copied = frozenset(["insertion", "duplication"])


def merged(
    events: Sequence[StructuralEvent], params: StructuralParams | None = None
) -> tuple[StructuralEvent, ...]:
    """Return events that are each seen by one caller or more; every observation is in one of them.

    The nearest pairs are joined first, so that the order of files does not change what is joined.
    The result is in the order in which the first observation of each event comes.
    """
    params = params or StructuralParams()
    if not params.merge:
        return tuple(events)
    order_of = sorted(range(len(events)), key=lambda at: support(events[at]))
    ranked = [events[at] for at in order_of]
    groups = [[rank] for rank in range(len(ranked))]
    for _, first, second in sorted(pairs(ranked, params)):
        one, other = groups[first], groups[second]
        if one is not other and joinable(one, other, ranked, params):
            joined = sorted(one + other)
            for rank in joined:
                groups[rank] = joined
    whole = {group[0]: group for group in groups}.values()
    # A group stands where the first of its members stood.
    placed = sorted(whole, key=lambda group: min(order_of[rank] for rank in group))
    return tuple(as_one([ranked[rank] for rank in group]) for group in placed)


def joinable(
    one: Sequence[int],
    other: Sequence[int],
    ranked: Sequence[StructuralEvent],
    params: StructuralParams,
) -> bool:
    """Whether two groups may become one: the best events are the same, no file told them apart."""
    leads = ranked[one[0]], ranked[other[0]]
    if apart(*leads, params) is None:
        return False
    if partners(leads[0]) and partners(leads[0]) == partners(leads[1]):
        return True
    files = [{source(ranked[rank]) for rank in group} for group in (one, other)]
    return not files[0] & files[1]


def source(event: Observation) -> tuple[str, ...]:
    """Return whence an event comes; without a file each one is from elsewhere."""
    return (event.file, event.caller) if event.file else (str(id(event)),)


def pairs(
    ranked: Sequence[StructuralEvent], params: StructuralParams
) -> Iterator[tuple[int, int, int]]:
    """Yield distance and ranks of two events that may be one; only near ones are compared."""
    near: dict[tuple[object, ...], list[int]] = {}
    size = max(params.max_distance, params.max_imprecise_distance, SHORT)
    for rank, event in enumerate(ranked):
        found = {at for key in around(event, size) for at in near.get(key, ())}
        for at in sorted(found):
            distance = apart(ranked[at], event, params)
            if distance is not None:
                yield distance, at, rank
        for key in keys(event, size):
            near.setdefault(key, []).append(rank)


def support(event: StructuralEvent) -> tuple[object, ...]:
    """Return a key that puts the event of most evidence first, whatever the order of files."""
    said = event.confidence.lower()
    rank = next((at for at, word in enumerate(CONFIDENCE) if said.startswith(word)), 3)
    places = [(order(end.contig), end.pos or 0, end.gene) for end in (event.first, event.second)]
    return (
        event.imprecise, rank, -(event.reads or 0), *places, event.caller, event.file, event.id,
        event.kind, event.inserted, event.length or 0,
    )  # fmt: skip


def keys(event: Observation, size: int) -> Iterator[tuple[object, ...]]:
    """Yield where an event is filed: by its contigs and first breakpoint, or by its partners."""
    pair = partners(event)
    if pair:
        yield pair
    contigs = (standard(event.first.contig), standard(event.second.contig))
    yield (*contigs, (event.first.pos or 0) // size)


def around(event: Observation, size: int) -> Iterator[tuple[object, ...]]:
    """Yield where events may be filed that are the same as this one."""
    pair = partners(event)
    if pair:
        yield pair
    contigs = (standard(event.first.contig), standard(event.second.contig))
    here = (event.first.pos or 0) // size
    for step in (-2, -1, 0, 1, 2):
        yield (*contigs, here + step)


def apart(one: Observation, other: Observation, params: StructuralParams) -> int | None:
    """Return the distance of both breakpoints together, None where these are two events."""
    if one.material and other.material and one.material != other.material:
        return None
    ends = (one.first, one.second), (other.first, other.second)
    contigs = [[standard(end.contig) for end in pair] for pair in ends]
    if contigs[0] != contigs[1]:
        return None
    if partners(one) and partners(one) == partners(other):
        return sum(between(a, b) for a, b in zip(*ends, strict=True))
    imprecise = one.imprecise or other.imprecise
    limit = params.max_imprecise_distance if imprecise else params.max_distance
    if one.kind != other.kind and {one.kind, other.kind} == Copied:
        return as_copy(one, other, limit)
    if one.kind != other.kind or not same_sides(one, other) or not same_length(one, other):
        return None
    steps = [between(a, b) for a, b in zip(*ends, strict=True)]
    return sum(steps) if max(steps) <= limit else None


def as_copy(one: Observation, other: Observation, limit: int) -> int | None:
    """Return how far an insertion lies from an end of the duplication of the same length."""
    inserted, copied = (one, other) if one.kind == "insertion" else (other, one)
    if None in (one.length, other.length) or (copied.length or 0) >= SHORT:
        return None
    if not same_length(one, other):
        return None
    found = min(between(inserted.first, end) for end in (copied.first, copied.second))
    return found if found <= limit else None


def between(one: Breakpoint, other: Breakpoint) -> int:
    """Return the distance of two breakpoints; ends that were not found lie together."""
    return abs((one.pos or 0) - (other.pos or 0))


def same_sides(one: Observation, other: Observation) -> bool:
    """Whether the same sides are kept, as far as both say so."""
    pairs = zip((one.first, one.second), (other.first, other.second), strict=True)
    return all(a.keeps == b.keeps or "unknown" in (a.keeps, b.keeps) for a, b in pairs)


def same_length(one: Observation, other: Observation) -> bool:
    """Whether lengths agree; of long events the breakpoints say enough."""
    lengths = [n for n in (one.length, other.length) if n is not None]
    if len(lengths) < 2 or min(lengths) >= SHORT:
        return True
    return abs(lengths[0] - lengths[1]) <= max(LEAST_DIFFERENCE, SAME_LENGTH * max(lengths))


def partners(event: Observation) -> tuple[str, str] | None:
    """Return the partners of a fusion of transcripts, None where one is not a single gene."""
    names = (event.first.gene, event.second.gene)
    # Arriba writes an intergenic partner as its two neighbours with distances.
    single = all(name and not set(name) & set(",()") for name in names)
    rna = event.material == "RNA" and event.kind == "fusion"
    return (names[0], names[1]) if rna and single and names[0] != names[1] else None


def as_one(members: Sequence[StructuralEvent]) -> StructuralEvent:
    """Return one event: the first one's fields, and the frame of another where it has none.

    Observations that were joined before are kept flat.
    """
    lead = members[0]
    others: list[Observation] = list(lead.also)
    for member in members[1:]:
        others += member.observations
    framed = next((item for item in (lead, *others) if item.frame), lead)
    return replace(
        lead,
        name=next((item.name for item in members if item.name), ""),
        frame=framed.frame,
        frame_source=framed.frame_source,
        also=tuple(others),
    )
