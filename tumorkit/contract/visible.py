"""Texts that were given, made safe to look at: on a terminal, on a page, in a picture."""

from __future__ import annotations

import unicodedata
from typing import Any

# Controls, what only formats, halves of surrogates, separators of lines. Those of direction can
# make a name read as another one (Unicode TR 36, section 2.5).
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def visible(text: str, *, keep: str = "\n\t") -> str:
    r"""Return text with control, format and direction characters written out, save ``keep``.

    An escape sequence in a sample's name could move a terminal's cursor or rename its window.

    >>> visible("TP53\u202e\x07")
    'TP53\\u202e\\u0007'
    >>> visible("TP53\tKRAS", keep="")
    'TP53\\u0009KRAS'
    """
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in HIDDEN and c not in keep else c
        for c in text
    )


def visible_strings(value: Any) -> Any:
    r"""Return a document with all its texts as :func:`visible` gives them.

    >>> visible_strings({"name": ["T1\x1b[2J", 7]})
    {'name': ['T1\\u001b[2J', 7]}
    """
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): visible_strings(inner) for key, inner in value.items()}
    return [visible_strings(inner) for inner in value] if isinstance(value, list) else value


def show_letters(figure: Any) -> None:
    """Make every text of a matplotlib figure plain letters: no control character, no formula.

    A control character is no part of XML, so that one in a gene's name would spoil an SVG; and
    between two dollar signs a name would be read as mathematics.
    """
    for artist in figure.findobj(lambda item: hasattr(item, "set_parse_math")):
        artist.set_parse_math(False)
        said = artist.get_text()
        if not said.isprintable():
            artist.set_text(visible(said, keep="\n"))
