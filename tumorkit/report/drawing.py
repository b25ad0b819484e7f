"""Small drawings of the chapters, as SVG that the page's own style sheet colours.

Every drawing has a title and a description, and a table on the page says the same in numbers.
Shapes differ as well as colours do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from tumorkit.report.text import number

# A number of width 1 of the letters that drawings use, at their size, in units of the drawing.
LETTER = 5.6


def placed(value: float) -> str:
    """Return a coordinate with one decimal at most, to keep drawings small.

    >>> placed(12.04), placed(3.16)
    ('12', '3.2')
    """
    return f"{value:.1f}".removesuffix(".0")


@dataclass
class Drawing:
    """A drawing under way, of ``width`` by ``height`` units; y grows downwards."""

    name: str
    width: float
    height: float
    pieces: list[str] = field(default_factory=list)

    def path(self, points: str, style: str) -> None:
        """Add a path in SVG's own words."""
        self.pieces.append(f'<path class="{style}" d="{points}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """Add a straight line."""
        self.path(f"M{placed(x1)} {placed(y1)}L{placed(x2)} {placed(y2)}", style)

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Add a rectangle; one without a size is left out."""
        if width > 0 and height > 0:
            self.path(
                f"M{placed(x)} {placed(y)}h{placed(width)}v{placed(height)}h{placed(-width)}z",
                style,
            )

    def dot(self, x: float, y: float, radius: float, style: str) -> None:
        """Add a circle."""
        self.pieces.append(
            f'<circle class="{style}" cx="{placed(x)}" cy="{placed(y)}" r="{placed(radius)}"/>'
        )

    def word(self, x: float, y: float, text: str, *, at: str = "", style: str = "") -> None:
        """Add a word; ``at`` is ``m`` for centred and ``e`` for ending at x."""
        names = " ".join(filter(None, (at, style)))
        marked = f' class="{names}"' if names else ""
        self.pieces.append(f'<text x="{placed(x)}" y="{placed(y)}"{marked}>{escape(text)}</text>')

    def done(self, title: str, description: str) -> Markup:
        """Return the finished drawing."""
        head = (
            f'<svg class="chart" role="img" aria-labelledby="{self.name}-t {self.name}-d" '
            f'viewBox="0 0 {placed(self.width)} {placed(self.height)}" '
            f'width="{placed(self.width)}" height="{placed(self.height)}">'
            f'<title id="{self.name}-t">{escape(title)}</title>'
            f'<desc id="{self.name}-d">{escape(description)}</desc>'
        )
        return Markup(head + "".join(self.pieces) + "</svg>")  # noqa: S704 - words are escaped


@dataclass(frozen=True)
class Scale:
    """An axis: values from ``low`` to ``high`` between two coordinates."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the coordinate of a value; beyond the ends it stays at the end."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values on an axis.

    >>> ticks(0, 200)
    [0.0, 50.0, 100.0, 150.0, 200.0]
    """
    span = high - low
    if span <= 0:
        return [low]
    power = 10.0 ** (len(f"{int(span):d}") - 1) if span >= 1 else 1.0
    while power > span:
        power /= 10
    steps = (power * factor for factor in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10))
    step = next((step for step in steps if span / step <= most), span)
    first = -(-low // step)
    return [
        round((first + k) * step, 10) for k in range(int((high - first * step) / step + 1e-9) + 1)
    ]


def axis(drawing: Drawing, scale: Scale, y: float, label: str) -> None:
    """Draw a level axis with its numbers and what they are."""
    drawing.line(scale.start, y, scale.end, y, "ax")
    for value in ticks(scale.low, scale.high):
        x = scale(value)
        drawing.line(x, y, x, y + 3, "ax")
        drawing.word(x, y + 13, number(value), at="m")
    drawing.word((scale.start + scale.end) / 2, y + 26, label, at="m")


def bars(
    drawing: Drawing,
    counts: Sequence[float],
    scale: Scale,
    edges: Sequence[float],
    *,
    base: float,
    top: float,
    most: float,
    style: str,
) -> None:
    """Draw bars between edges, from ``base`` up to ``top`` for a count of ``most``."""
    for count, low, high in zip(counts, edges, edges[1:], strict=False):
        if count and most > 0:
            tall = max((base - top) * count / most, 1.0)
            left, right = scale(low), scale(high)
            drawing.box(left + 0.4, base - tall, right - left - 0.8, tall, style)


def short(text: str, room: float) -> str:
    """Return a word that fits into a width, its end left out when it does not.

    >>> short("twist-gms560-ctdna", 60)
    'twist-gms…'
    """
    most = max(int(room / LETTER), 2)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def legend(drawing: Drawing, x: float, y: float, rows: Iterable[tuple[str, str, str]]) -> float:
    """Draw signs with their meaning, one a line: kind of sign, its style, words; return the end."""
    for sign, style, words in rows:
        if sign == "box":
            drawing.box(x, y - 7, 12, 7, style)
        elif sign == "dot":
            drawing.dot(x + 6, y - 3.5, 3, style)
        else:
            drawing.line(x, y - 3.5, x + 12, y - 3.5, style)
        drawing.word(x + 17, y, words)
        y += 14
    return y
