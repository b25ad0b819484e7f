"""Pictures put into the page: only drawing, own names, nothing that is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from markupsafe import Markup, escape

from tumorkit.errors import InputError
from tumorkit.report.language import spoken

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
ELEMENTS = frozenset(
    [
        "g",
        "path",
        "rect",
        "line",
        "circle",
        "ellipse",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "clipPath",
        "use",
        "image",
        "linearGradient",
        "radialGradient",
        "stop",
        "symbol",
        "marker",
    ]
)
ATTRIBUTES = re.compile(
    r"d|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|dx|dy|width|height|viewBox|points|transform|fill|stroke|"
    r"opacity|offset|gradientUnits|gradientTransform|clipPathUnits|preserveAspectRatio|id|style|"
    r"(fill|stroke|clip|font|text|stop|dominant|alignment|marker)-[a-z-]+|"
    r"refX|refY|markerWidth|markerHeight|orient"
)
# A backslash or a comment of CSS could hide what is looked for.
OUTSIDE = re.compile(
    r"url\s*\(\s*['\"]?(?!#)|@import|image-set|expression\s*\(|javascript:|\\|/\*", re.IGNORECASE
)
OWN_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
EMBEDDED = ("data:image/png;base64,", "data:image/jpeg;base64,")


def inline_svg(text: str, *, name: str, title: str, description: str) -> Markup:
    """Return an SVG picture for inlining, with a title and a description for who cannot see it.

    Elements and attributes that draw are kept; scripts, style sheets, foreign objects, event
    handlers and references to anything outside the picture are left out. Every id gets the
    picture's name in front, so that two pictures on one page do not meet.
    """
    root = parse(text, name)
    box = root.get("viewBox")
    if box is None:
        width, height = (re.sub(r"[a-z%]+$", "", root.get(k, "")) for k in ("width", "height"))
        box = f"0 0 {width or '100'} {height or '100'}"
    # matplotlib sets joins and caps in a style sheet that would reach the rest of the page.
    head = (
        f'<svg class="picture" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="{escape(box)}" stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    body = "".join(piece for child in root for piece in drawn(child, name))
    return Markup(head + body + "</svg>")  # noqa: S704 - every part is escaped or from a list


def parse(text: str, name: str) -> ElementTree.Element:
    """Parse a picture; one that is not an SVG, or that declares entities, is an error."""
    if "<!ENTITY" in text:
        raise InputError(name, "the picture declares entities", hint="draw it again")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise InputError(
            name, f"the picture is not well-formed SVG: {error}", hint="draw it again"
        ) from error
    if root.tag != f"{SVG}svg":
        raise InputError(name, "the picture is not an SVG", hint="draw it again")
    return root


def drawn(element: ElementTree.Element, prefix: str) -> Iterator[str]:
    """Yield an element and what is in it, if it draws."""
    tag = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
    if tag not in ELEMENTS:
        return
    yield f"<{tag}"
    for key, value in element.attrib.items():
        said = attribute(key, value, prefix)
        if said is not None:
            yield f' {said[0]}="{escape(said[1])}"'
    yield ">"
    if tag in ("text", "tspan") and element.text:
        yield str(escape(drawn_word(element.text)))
    for child in element:
        yield from drawn(child, prefix)
        if tag in ("text", "tspan") and child.tail:
            yield str(escape(child.tail))
    yield f"</{tag}>"


def drawn_word(text: str) -> str:
    """Return a word of a picture in the language of the report; its place allows short ones only.

    >>> drawn_word("gain")
    'gain'
    """
    found = spoken().find(f"picture: {text}")
    return text if found is None or found.startswith("picture: ") else found


def attribute(key: str, value: str, prefix: str) -> tuple[str, str] | None:
    """Return an attribute that draws, its references kept inside the picture; else None."""
    if key in ("href", XLINK_HREF):
        if value.startswith("#"):
            return "href", f"#{prefix}-{value[1:]}"
        return ("href", "".join(value.split())) if value.startswith(EMBEDDED) else None
    if not ATTRIBUTES.fullmatch(key) or OUTSIDE.search(value):
        return None
    if key == "id":
        return "id", f"{prefix}-{value}"
    return key, OWN_REFERENCE.sub(rf"url(#{prefix}-\1)", value)
