"""The rules of scarHRD in their slowest form: every list is gone through anew after each change.

Written from the rules in docs/methods/hrd.md, on plain rows (contig, first, last, total, A, B);
``usual`` is the column that scarHRD's rule of imbalanced ends looks at: allele A, or the total.
"""

from __future__ import annotations

import itertools

Row = tuple[str, int, int, int, int, int]
Seg = dict[str, int]


def shrunk(rows: list[Seg]) -> list[Seg]:
    """Merge list neighbours of equal copies until nothing is left to merge."""
    rows = [dict(row) for row in rows]
    while True:
        for at in range(1, len(rows)):
            left, right = rows[at - 1], rows[at]
            if (left["major"], left["minor"]) == (right["major"], right["minor"]):
                left["last"] = max(left["last"], right["last"])
                del rows[at]
                break
        else:
            return rows


def prepared(rows: list[Row], usual: str) -> dict[str, list[Seg]]:
    """Group rows by chromosome, leave X and Y out, name the larger allele major, merge."""
    found: dict[str, list[Seg]] = {}
    for contig, first, last, total, a, b in rows:
        if contig.removeprefix("chr") in ("X", "Y", "x", "y", "23", "24"):
            continue
        found.setdefault(contig, []).append(
            {
                "first": first, "last": last, "major": max(a, b), "minor": min(a, b),
                "usual": a if usual == "A" else total,
            }
        )  # fmt: skip
    return {name: shrunk(listed) for name, listed in found.items()}


def loh(rows: dict[str, list[Seg]]) -> int:
    count = 0
    for own in rows.values():
        if all(seg["minor"] == 0 for seg in own):
            continue
        flat = shrunk([{**seg, "major": min(seg["major"], 1)} for seg in own])
        for seg in flat:
            lost = seg["minor"] == 0 and seg["major"] != 0
            count += lost and seg["last"] - seg["first"] > 15e6
    return count


def tai(rows: dict[str, list[Seg]], centromeres: dict[str, tuple[int, int]]) -> int:
    long = {
        name: shrunk([seg for seg in own if seg["last"] - seg["first"] >= 1e6])
        for name, own in rows.items()
    }
    order = []
    for own in long.values():
        for seg in own:
            if seg["usual"] not in order:
                order.append(seg["usual"])
    count = 0
    for name, own in long.items():
        best, ploidy = -1, None
        for value in order:
            size = sum(s["last"] - s["first"] for s in own if s["usual"] == value)
            if value != 0 and size > best:
                best, ploidy = size, value
        marks = []
        for seg in own:
            if ploidy is not None and (ploidy == 1 or ploidy % 2 == 0):
                marks.append(seg["major"] != seg["minor"])
            else:
                marks.append(not (seg["major"] + seg["minor"] == ploidy and seg["minor"] != 0))
        if len(own) > 1:
            count += marks[0] and own[0]["last"] < centromeres[name][0]
            count += marks[-1] and own[-1]["first"] > centromeres[name][1]
    return count


def lst(rows: dict[str, list[Seg]], centromeres: dict[str, tuple[int, int]]) -> int:
    count = 0
    for name, own in rows.items():
        if len(own) < 2:
            continue
        start, end = centromeres[name]
        p_arm = shrunk([seg for seg in own if seg["first"] <= start])
        q_arm = shrunk([seg for seg in own if seg["last"] >= end])
        if p_arm:
            p_arm[-1]["last"] = start
        if q_arm:
            q_arm[0]["first"] = end
        for arm in (p_arm, q_arm):
            while True:
                short = [at for at, s in enumerate(arm) if s["last"] - s["first"] < 3e6]
                if not short:
                    break
                del arm[short[0]]
                arm = shrunk(arm)  # noqa: PLW2901
            for left, right in itertools.pairwise(arm):
                both = min(left["last"] - left["first"], right["last"] - right["first"])
                count += both >= 10e6 and right["first"] - left["last"] < 3e6
    return count


def counts(
    rows: list[Row], centromeres: dict[str, tuple[int, int]], usual: str
) -> tuple[int, int, int]:
    """Return LOH, TAI and LST."""
    own = prepared(rows, usual)
    return loh(own), tai(own, centromeres), lst(own, centromeres)
