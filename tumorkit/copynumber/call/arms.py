"""Chromosome arms, and the events of arms that name a tumour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from tumorkit.copynumber.call.params import (
    TWIST_BAF,
    TWIST_GAIN,
    TWIST_LOSS,
    TWIST_NEUTRAL,
    CallParams,
)
from tumorkit.copynumber.call.result import (
    GAINS,
    LOSSES,
    NOT_CALLABLE,
    ArmCall,
    ArmEvent,
    SegmentCall,
)
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import order, standard

GAINED, LOST = "gain", "loss"
WHOLE, PARTIAL, ABSENT, NOT_EVALUABLE = "present", "partial", "absent", "not evaluable"


@dataclass(frozen=True)
class Definition:
    """A named event: the arms that it needs, and the change of each.

    ``stretch`` events count from a loss that a karyotype would show; the others need whole arms.
    """

    name: str
    meaning: str
    parts: tuple[tuple[str, str], ...]
    stretch: bool = False


# WHO classification of tumours of the central nervous system, 5th edition: oligodendroglioma,
# IDH-mutant and 1p/19q-codeleted; glioblastoma, IDH-wildtype (+7/-10). WHO haematolymphoid
# tumours, 5th edition: -7, del(7q), del(5q), i(17q).
DEFINITIONS = (
    Definition("1p/19q codeletion", "oligodendroglioma", (("1p", LOST), ("19q", LOST))),
    Definition(
        "+7/-10",
        "glioblastoma",
        (("7p", GAINED), ("7q", GAINED), ("10p", LOST), ("10q", LOST)),
    ),
    Definition("-7", "myeloid neoplasm", (("7p", LOST), ("7q", LOST))),
    Definition("del(7q)", "myeloid neoplasm", (("7q", LOST),), stretch=True),
    Definition("del(5q)", "myeloid neoplasm", (("5q", LOST),), stretch=True),
    Definition("i(17q)", "myeloid neoplasm, medulloblastoma", (("17p", LOST), ("17q", GAINED))),
)


def call_arms(called: Sequence[SegmentCall], build: Build, params: CallParams) -> list[ArmCall]:
    """Return every arm that segments touch: how much of its evaluable length is lost or gained.

    Evaluable is what callable segments cover. A segment over the centromere counts for both arms.
    The state is that of at least ``arm_fraction`` of the evaluable length, else "partial
    ..." from ``partial_arm_fraction``, else neutral; an arm of which segments cover less than
    ``min_arm_covered`` is not callable.
    """
    pieces: dict[tuple[str, str], list[tuple[int, SegmentCall]]] = {}
    for item in called:
        for arm, start, end in arms_of(item, build):
            pieces.setdefault((standard(item.segment.contig), arm), []).append((end - start, item))
    found = []
    for contig, arm in sorted(pieces, key=lambda key: (order(key[0]), key[1])):
        found.append(call_arm(contig, arm, pieces[contig, arm], build, params))
    return found


def arms_of(item: SegmentCall, build: Build) -> Iterable[tuple[str, int, int]]:
    """Yield the arms that a segment touches, with its extent in each."""
    segment = item.segment
    for arm, low, high in arm_extents(standard(segment.contig), build):
        start, end = max(segment.start, low), min(segment.end, high)
        if end > start:
            yield arm, start, end


def arm_extents(contig: str, build: Build) -> list[tuple[str, int, int]]:
    """Return the arms of a contig without its centromere, empty for a contig that has none."""
    centromere, length = build.centromeres.get(contig), build.length(contig)
    if centromere is None or length is None:
        return []
    return [("p", 0, centromere[0]), ("q", centromere[1], length)]


def call_arm(
    contig: str,
    arm: str,
    pieces: Sequence[tuple[int, SegmentCall]],
    build: Build,
    params: CallParams,
) -> ArmCall:
    """Call one arm from its pieces of segments."""
    _, start, end = next(row for row in arm_extents(contig, build) if row[0] == arm)
    good = [(length, item) for length, item in pieces if item.state != NOT_CALLABLE]
    covered = sum(length for length, _ in good)

    def share(wanted: Callable[[SegmentCall], bool]) -> float | None:
        hit = sum(length for length, item in good if wanted(item))
        return hit / covered if covered else None

    alleles = [(length, loh) for length, item in good if (loh := loh_of(item, params)) is not None]
    known = sum(length for length, _ in alleles)
    lost = share(lambda item: counts_as(item, LOST, params))
    gained = share(lambda item: counts_as(item, GAINED, params))
    copies = [(length, item.segment.copy_number) for length, item in good]
    enough = covered >= params.min_arm_covered * (end - start)
    return ArmCall(
        contig=contig,
        arm=arm,
        start=start,
        end=end,
        covered=covered,
        # Others' segments may have copies and a state without a log2 ratio.
        log2_ratio=mean(
            [
                (length, None if isnan(item.segment.log2_ratio) else item.segment.log2_ratio)
                for length, item in good
            ]
        ),
        copy_number=None if any(c is None for _, c in copies) else mean(copies),
        loss_fraction=lost,
        gain_fraction=gained,
        loh_fraction=(sum(length for length, loh in alleles if loh) / known if known else None),
        largest_loss=largest(pieces, params),
        state=arm_state(lost, gained, params) if enough else NOT_CALLABLE,
    )


def mean(values: Sequence[tuple[int, float | None]]) -> float | None:
    """Return the mean by length, None of nothing."""
    known = [(length, value) for length, value in values if value is not None]
    total = sum(length for length, _ in known)
    return sum(length * value for length, value in known) / total if total else None


def counts_as(item: SegmentCall, change: str, params: CallParams) -> bool:
    """Whether a segment counts as lost or gained: by its state, for Twist's rule by its copies."""
    copies = item.segment.copy_number
    if params.arm_rule == "twist" and copies is not None:
        return copies < TWIST_LOSS if change == LOST else copies > TWIST_GAIN
    return item.state in (LOSSES if change == LOST else GAINS)


def loh_of(item: SegmentCall, params: CallParams) -> bool | None:
    """Whether an allele is lost, None where alleles are unknown.

    For Twist's rule: alleles far from balance at about two copies.
    """
    copies, baf = item.segment.copy_number, item.segment.baf
    if params.arm_rule == "twist" and copies is not None:
        low, high = TWIST_NEUTRAL
        return None if baf is None else low <= copies <= high and max(baf, 1 - baf) > TWIST_BAF
    return item.loh


def largest(pieces: Sequence[tuple[int, SegmentCall]], params: CallParams) -> int:
    """Return the longest run of neighbouring pieces that are lost, in bases."""
    best = run = 0
    for length, item in sorted(pieces, key=lambda piece: piece[1].segment.start):
        run = run + length if counts_as(item, LOST, params) else 0
        best = max(best, run)
    return best


def arm_state(lost: float | None, gained: float | None, params: CallParams) -> str:
    """Return the state of an arm by the shares of it that are lost and gained."""
    lost, gained = lost or 0.0, gained or 0.0
    word, most = (LOST, lost) if lost >= gained else (GAINED, gained)
    if most >= params.arm_fraction:
        return word
    return f"partial {word}" if most >= params.partial_arm_fraction else "neutral"


def arm_events(arms: Sequence[ArmCall], params: CallParams) -> list[ArmEvent]:
    """Judge every named event; an arm that cannot be judged makes its events not evaluable."""
    by_name = {f"{item.contig.removeprefix('chr')}{item.arm}": item for item in arms}
    return [judge(definition, by_name, params) for definition in DEFINITIONS]


def judge(definition: Definition, arms: dict[str, ArmCall], params: CallParams) -> ArmEvent:
    """Judge one named event.

    ``present`` where every part is whole, ``partial`` where every part has at least
    ``partial_arm_fraction``: for 1p/19q that is no codeletion, the known false positive.
    """
    missing = [
        name for name, _ in definition.parts if name not in arms or arms[name].state == NOT_CALLABLE
    ]
    if missing:
        reason = f"too little of {', '.join(missing)} is covered"
        return ArmEvent(
            event=definition.name,
            meaning=definition.meaning,
            status=NOT_EVALUABLE,
            reason=reason,
            fractions={},
        )
    fractions = {
        f"{name} {change}": fraction_of(arms[name], change) for name, change in definition.parts
    }
    least = min(fractions.values())
    if definition.stretch:
        status, reason = by_stretch(definition, arms, params)
    elif least >= params.arm_fraction:
        status, reason = WHOLE, f"every arm by at least {params.arm_fraction:.0%}"
        if params.arm_rule == "twist":
            reason += " (Twist's rule; WHO asks for whole arms)"
    elif least >= params.partial_arm_fraction:
        status = PARTIAL
        reason = f"an arm changed by {least:.0%} only: whole arms are asked for"
    else:
        status, reason = ABSENT, f"an arm changed by {least:.0%} at most"
    return ArmEvent(
        event=definition.name,
        meaning=definition.meaning,
        status=status,
        reason=reason,
        fractions=fractions,
    )


def by_stretch(
    definition: Definition, arms: dict[str, ArmCall], params: CallParams
) -> tuple[str, str]:
    """Judge an interstitial or terminal deletion by its longest stretch."""
    (name, _), *_ = definition.parts
    longest = arms[name].largest_loss / 1e6
    if longest >= params.karyotype_mb:
        return WHOLE, f"{longest:.1f} Mb of {name} in one stretch"
    return ABSENT, f"the longest loss in {name} is {longest:.1f} Mb"


def fraction_of(arm: ArmCall, change: str) -> float:
    """Return the share of an arm that is changed in one direction."""
    return (arm.loss_fraction if change == LOST else arm.gain_fraction) or 0.0
