"""Colours, sizes and formats that all pictures share."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tumorkit.contract.visible import show_letters
from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    DEEP_LOSS,
    GAIN,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
    LOSS,
    NOT_CALLABLE,
    SegmentCall,
)
from tumorkit.genome.segment import Segment

Format = Literal["svg", "png", "pdf"]

POINTS = ("#8a9199", "#b9bec4")
BAND = "#f4f5f7"
CENTROMERE = "#e3e6ea"
CHANGED = 0.2  # log2 from which a segment is coloured; the same as for gains without a purity
UNBALANCED = 0.001  # p-value below which alleles of a segment without a purity are out of balance
BREAK = "#9467a9"
OFF_BALANCE = 0.55  # major-allele fraction below which an imbalance is too small for a colour
FONT = 7.5
WIDTH = 13.0


@dataclass(frozen=True)
class Look:
    """How a state is drawn and what the legend calls it."""

    name: str
    color: str


# Okabe and Ito's colours; words stand beside them in the legend, so that none speaks alone.
DEEP = Look("deep loss", "#0072B2")
LOST = Look("loss", "#56B4E9")
USUAL = Look("neutral", "#333333")
GAINED = Look("gain", "#E69F00")
HIGH = Look("high gain", "#D55E00")
ONE_PARENT = Look("copy-neutral LOH", "#009E73")
UNEVEN = Look("alleles out of balance", "#CC79A7")
UNCALLED = Look("not callable", "#999999")
LOOKS = (DEEP, LOST, USUAL, GAINED, HIGH, ONE_PARENT, UNEVEN, UNCALLED)
# Small text needs more contrast than thick lines.
INK = {True: "#0072B2", False: "#B84700"}
BY_STATE = {
    HOMOZYGOUS_DELETION: Look("homozygous deletion", DEEP.color),
    DEEP_LOSS: DEEP,
    LOSS: LOST,
    GAIN: GAINED,
    HIGH_GAIN: HIGH,
    AMPLIFICATION: Look("amplification", HIGH.color),
    NOT_CALLABLE: UNCALLED,
}


def look_of(segment: Segment, called: SegmentCall | None) -> Look:
    """Return how a segment is drawn: by its state, else by its log2 ratio and alleles alone.

    >>> look_of(Segment(contig="chr1", start=0, end=9, log2_ratio=0.4, bins=3), None).name
    'gain'
    """
    if called is None:
        if abs(segment.log2_ratio) >= CHANGED:
            return GAINED if segment.log2_ratio > 0 else LOST
    elif called.state in BY_STATE:
        return BY_STATE[called.state]
    elif called.loh:
        return ONE_PARENT
    clear = segment.baf is not None and segment.baf >= OFF_BALANCE
    if clear and segment.imbalance_p is not None and segment.imbalance_p < UNBALANCED:
        return UNEVEN
    return USUAL


def new_figure(height: float) -> Figure:
    """Return an empty figure that lays itself out."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def text_width(figure: Figure, text: str, size: float = FONT) -> float:
    """Return the width of a text in inches, as this machine draws it."""
    from matplotlib.font_manager import FontProperties

    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    width, _, _ = renderer.get_text_width_height_descent(text, FontProperties(size=size), False)
    return float(width) / figure.dpi


def figure_bytes(figure: Figure, kind: Format, *, dpi: int = 150) -> bytes:
    """Return a figure as SVG, PNG or PDF; equal figures give equal bytes.

    Letters of an SVG stay text, so that they can be searched and a browser's fonts draw them.
    """
    metadata: dict[str, Any] = {
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        "png": {"Software": None},
    }[kind]
    out = BytesIO()
    show_letters(figure)
    with rc_context({"svg.hashsalt": "tumorkit", "svg.fonttype": "none", "pdf.fonttype": 42}):
        figure.savefig(out, format=kind, dpi=dpi, metadata=metadata)
    return out.getvalue()
