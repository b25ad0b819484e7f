"""In which order and colours channels are drawn (those of COSMIC and of SigProfilerPlotting)."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.genome.channels import BASES, CHANNELS, DOUBLETS, SUBSTITUTIONS, Kind


@dataclass(frozen=True, kw_only=True)
class Block:
    """Neighbouring bars of one colour: their name above, the colour of the name's background."""

    name: str
    color: str
    channels: tuple[str, ...]
    labels: tuple[str, ...]
    text: str = "black"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A kind of spectrum as it is drawn; ``groups`` stand above the blocks."""

    kind: Kind
    blocks: tuple[Block, ...]
    groups: tuple[tuple[str, int], ...] = ()
    below: str = ""

    @property
    def order(self) -> tuple[int, ...]:
        """Places of the drawn channels in the standard order."""
        at = {name: place for place, name in enumerate(CHANNELS[self.kind])}
        return tuple(at[name] for block in self.blocks for name in block.channels)


_SBS = ("#03BCEE", "#010101", "#E32926", "#CAC9C9", "#A1CE63", "#EBC6C4")
_DBS = (
    "#03BCEE", "#0366CB", "#A1CE63", "#016601", "#FF9899", "#E32926", "#FEB166", "#FE8002",
    "#CB98FD", "#4C0198",
)  # fmt: skip
_ONE = (("1:Del:C", "C", "#FDBE6F"), ("1:Del:T", "T", "#FF8002"),
        ("1:Ins:C", "C", "#B0DD8B"), ("1:Ins:T", "T", "#36A12E"))  # fmt: skip
_LONG = (
    ("Del:R", ("#FDCAB5", "#FC8A6A", "#F14432", "#BC191A")),
    ("Ins:R", ("#D0E1F2", "#94C4DF", "#4A98C9", "#1764AB")),
    ("Del:M", ("#E2E2EF", "#B6B6D8", "#8683BD", "#62409B")),
)
_DARK = {"#010101", "#E32926", "#0366CB", "#016601", "#4C0198", "#36A12E", "#BC191A", "#1764AB",
         "#62409B", "#F14432", "#4A98C9", "#8683BD"}  # fmt: skip


def layout_of(kind: Kind) -> Layout:
    """Return how a kind of spectrum is drawn."""
    if kind == "SBS96":
        return _substitutions()
    return _doublets() if kind == "DBS78" else _indels()


def _block(name: str, color: str, channels: tuple[str, ...], labels: tuple[str, ...]) -> Block:
    return Block(
        name=name, color=color, channels=channels, labels=labels,
        text="white" if color in _DARK else "black",
    )  # fmt: skip


def _substitutions() -> Layout:
    blocks = []
    for change, color in zip(SUBSTITUTIONS, _SBS, strict=True):
        pairs = [(left, right) for left in BASES for right in BASES]
        channels = tuple(f"{left}[{change}]{right}" for left, right in pairs)
        labels = tuple(f"{left}{change[0]}{right}" for left, right in pairs)
        blocks.append(_block(change, color, channels, labels))
    return Layout(kind="SBS96", blocks=tuple(blocks))


def _doublets() -> Layout:
    blocks = [
        _block(f"{ref}>NN", color, tuple(f"{ref}>{alt}" for alt in alts), alts)
        for (ref, alts), color in zip(DOUBLETS.items(), _DBS, strict=True)
    ]
    return Layout(kind="DBS78", blocks=tuple(blocks))


def _indels() -> Layout:
    blocks = []
    for start, base, color in _ONE:
        channels = tuple(f"{start}:{k}" for k in range(6))
        shift = 1 if "Del" in start else 0
        labels = tuple(f"{k + shift}" + ("+" if k == 5 else "") for k in range(6))
        blocks.append(_block(base, color, channels, labels))
    for what, colors in _LONG:
        for size, color in zip(range(2, 6), colors, strict=True):
            counts = range(6) if what != "Del:M" else range(1, size if size < 5 else 6)
            shift = 1 if what == "Del:R" else 0
            blocks.append(
                _block(
                    f"{size}" + ("+" if size == 5 else ""),
                    color,
                    tuple(f"{size}:{what}:{k}" for k in counts),
                    tuple(f"{k + shift}" + ("+" if k == 5 else "") for k in counts),
                )
            )
    groups = (
        ("1 bp deletion", 2), ("1 bp insertion", 2), ("> 1 bp deletion at repeats", 4),
        ("> 1 bp insertion at repeats", 4), ("microhomology", 4),
    )  # fmt: skip
    below = "homopolymer length, repeat units or bases of microhomology"
    return Layout(kind="ID83", blocks=tuple(blocks), groups=groups, below=below)
