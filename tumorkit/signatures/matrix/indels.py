"""The 83 classes of insertions and deletions (Alexandrov 2020; rules as SigProfiler applies them).

Events are first moved as far left as they go, so that a class does not depend on which of several
alignments a caller wrote.
"""

from __future__ import annotations

MOST = 5


def indel_class(unit: str, left: str, right: str, *, deletion: bool) -> str:
    """Return the class of a pure deletion or insertion.

    ``unit`` are the bases lost or gained, ``left`` the reference up to them, ``right`` the
    reference after them (for a deletion: after the lost bases). Six lengths of the unit on each
    side decide every class.

    >>> indel_class("T", "GCA", "TTTG", deletion=True)
    '1:Del:T:3'
    >>> indel_class("CA", "GG", "CTG", deletion=True)
    '2:Del:M:1'
    >>> indel_class("AC", "GT", "ACACG", deletion=False)
    '2:Ins:R:2'
    """
    unit, left, right = left_aligned(unit, left, right, deletion=deletion)
    copies = 0
    while copies < MOST and right.startswith(unit, copies * len(unit)):
        copies += 1
    size = min(len(unit), MOST)
    what = "Del" if deletion else "Ins"
    if len(unit) == 1:
        base = "C" if unit in "CG" else "T"
        return f"1:{what}:{base}:{copies}"
    if deletion and not copies:
        shared = shared_prefix(unit[:-1], right)
        if shared:
            return f"{size}:Del:M:{min(shared, MOST)}"
    return f"{size}:{what}:R:{copies}"


def left_aligned(unit: str, left: str, right: str, *, deletion: bool) -> tuple[str, str, str]:
    """Move an event left while the base before it equals its last base.

    >>> left_aligned("CA", "GCACA", "T", deletion=True)
    ('CA', 'G', 'CACAT')
    """
    moved = 0
    size = len(unit)
    text = left + unit
    while moved < len(left) and text[-1 - moved] == text[-1 - moved - size]:
        moved += 1
    if not moved:
        return unit, left, right
    at = len(left) - moved
    taken = text[at : at + size]
    # The reference holds lost bases once, gained ones not at all: what follows differs.
    after = text[at + size :] + right if deletion else left[at:] + right
    return taken, left[:at], after


def shared_prefix(one: str, two: str) -> int:
    """Return how many first bases two sequences share.

    >>> shared_prefix("ACG", "ACT")
    2
    """
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count
