"""Classes of mutations by plain text, one variant at a time: the oracle of the vectorised form."""

from __future__ import annotations

from tumorkit.genome.channels import DOUBLETS

PAIR = {"A": "T", "C": "G", "G": "C", "T": "A"}


class Text:
    """A reference in memory."""

    def __init__(self, **contigs: str) -> None:
        self.contigs = contigs
        self.lengths = {name: len(text) for name, text in contigs.items()}

    def name_of(self, contig: str) -> str | None:
        return contig if contig in self.contigs else None

    def fetch(self, contig: str, start: int, end: int) -> str:
        return self.contigs[contig][max(start, 0) : end]


def other_strand(text: str) -> str:
    return "".join(PAIR[base] for base in reversed(text))


def substitution(sequence: str, at: int, alt: str) -> str:
    left, ref, right = sequence[at - 1], sequence[at], sequence[at + 1]
    if ref in "AG":
        left, ref, alt, right = PAIR[right], PAIR[ref], PAIR[alt], PAIR[left]
    return f"{left}[{ref}>{alt}]{right}"


def doublet_class(ref: str, alt: str) -> str:
    for one, two in ((ref, alt), (other_strand(ref), other_strand(alt))):
        if two in DOUBLETS.get(one, ()):
            return f"{one}>{two}"
    raise AssertionError((ref, alt))


def indel(sequence: str, pos: int, ref: str, alt: str) -> str:
    """Class of a pure event: every place that gives the same sequence is tried, the first taken."""
    changed = sequence[: pos - 1] + alt + sequence[pos - 1 + len(ref) :]
    size = abs(len(ref) - len(alt))
    if len(ref) > len(alt):
        first = next(
            at
            for at in range(len(sequence) - size + 1)
            if sequence[:at] + sequence[at + size :] == changed
        )
        unit, rest, what = sequence[first : first + size], sequence[first + size :], "Del"
    else:
        first = next(
            at
            for at in range(len(sequence) + 1)
            if sequence[:at] + changed[at : at + size] + sequence[at:] == changed
        )
        unit, rest, what = changed[first : first + size], sequence[first:], "Ins"
    copies = 0
    while rest[copies * size : (copies + 1) * size] == unit:
        copies += 1
    if size == 1:
        return f"1:{what}:{'C' if unit in 'CG' else 'T'}:{min(copies, 5)}"
    shared = 0
    while shared < min(size - 1, len(rest)) and rest[shared] == unit[shared]:
        shared += 1
    if what == "Del" and not copies and shared:
        return f"{min(size, 5)}:Del:M:{min(shared, 5)}"
    return f"{min(size, 5)}:{what}:R:{min(copies, 5)}"
