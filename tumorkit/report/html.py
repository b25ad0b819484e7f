"""The report as one HTML file that fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from tumorkit.contract.visible import visible
from tumorkit.report import page_one, provenance
from tumorkit.report.amendment import amendment_view
from tumorkit.report.biomarkers import BiomarkerRow, biomarker_row, without_value
from tumorkit.report.consent import without_germline
from tumorkit.report.copy_number import copy_number_view
from tumorkit.report.detection import detection_view, external_rows
from tumorkit.report.document import Node, Part, open_document, read_parts
from tumorkit.report.hrd import hrd_view
from tumorkit.report.interpretation import interpretation_view
from tumorkit.report.language import language_named, say, speaking, spoken, term, told
from tumorkit.report.listing import missing_of
from tumorkit.report.msi import msi_view
from tumorkit.report.negatives import asked_genes, class_title, negatives_view, outcome_words
from tumorkit.report.params import ReportParams
from tumorkit.report.picture import inline_svg
from tumorkit.report.purity import purity_view
from tumorkit.report.quality import quality_strip, quality_view
from tumorkit.report.signatures import signatures_view
from tumorkit.report.structural import structural_view
from tumorkit.report.text import UNKNOWN, brief, number, plural
from tumorkit.report.tmb import tmb_view
from tumorkit.report.tracks import viewer_data
from tumorkit.report.variants import variants_view
from tumorkit.report.verdicts import verdict_views

DEFAULT_SOURCE = "profile.json"
# Rows of a long table that a browser lays out at once; the others wait until they are opened.
OPEN_ROWS = 200
# Alterations of tiers I and II on page one; further ones are counted and can be opened.
TIER_ROWS = 12
OWN_CHAPTERS = (
    "variants", "copy_number", "purity", "signatures", "tmb", "msi", "hrd", "fusions",
    "structural_variants", "internal_tandem_duplications",
)  # fmt: skip
PICTURES = {
    "copy_number": (
        "Genome-wide copy number",
        "Log2 copy ratios of all bins along the genome, with segments. "
        "The tables of genes and segments give the same in numbers.",
    )
}
PURITY_PICTURES = {
    "purity": (
        "Fit of purity and ploidy",
        "Above, how well each purity and ploidy fits, with the solutions, and the segments among "
        "the places of whole copies; below, copies along the genome.",
    )
}
SIGNATURES_PICTURES = {
    "signatures": (
        "Mutations by class, and the fit",
        "Above, how many mutations each class has; below, how many the signatures of the answer "
        "expect.",
    )
}


@dataclass(frozen=True)
class Picture:
    """A picture ready for inlining, or None where its file is missing."""

    svg: Markup | None
    file: str


def render_report(
    document: Mapping[str, Any],
    *,
    pictures: Mapping[str, str] | None = None,
    tracks: str | None = None,
    params: ReportParams | None = None,
    source: str = DEFAULT_SOURCE,
    sheet: bool = False,
) -> str:
    """Return the report of a profile as one self-contained HTML text.

    ``sheet`` is page one alone, without script, for paper.

    ``document`` is a profile as read from ``profile.json``; ``pictures`` are SVG texts by the
    names that the document uses, and a picture that is missing is said to be. ``tracks`` is the
    text of the profile's track file, for the viewer of copy number. ``source`` is the
    name that errors give to the document. A key that is missing, or a value of another kind than
    the schema's, raises :class:`~tumorkit.errors.InputError` with its place.
    Equal documents give equal text: there is no clock and no random number in it.
    """
    params = params or ReportParams()
    with speaking(language_named(params.language)):
        return rendered(document, pictures or {}, params, source, tracks=tracks, sheet=sheet)


def rendered(
    document: Mapping[str, Any],
    pictures: Mapping[str, str],
    params: ReportParams,
    source: str,
    *,
    tracks: str | None = None,
    sheet: bool = False,
) -> str:
    """Return the report in the language that is spoken."""
    root = open_document(document, source)
    if not params.germline_consent:
        root = open_document(without_germline(document, source), source)
    parts = read_parts(root)
    biomarkers = [biomarker_row(node) for node in root.nodes("biomarkers", required=True)]
    purity = page_one.known_purity(root, biomarkers)
    variants = variants_view(parts["variants"], params, asked=asked_genes(root))
    copy_number = copy_number_view(
        parts["copy_number"], purity=purity, params=params, purity_part=parts["purity"]
    )
    data = viewer_data(parts["copy_number"], tracks, source)
    script = asset("report.js") + (asset("viewer.js") if data else "")
    return (
        environment()
        .get_template("report.html")
        .render(
            sample=root.text("sample"),
            sheet=sheet,
            lang=spoken().code,
            version=root.maybe_text("tumorkit_version") or "",
            identity=page_one.identity(root, biomarkers),
            quality=page_one.quality(parts, biomarkers, verdict_views(root)),
            parts=parts,
            verdicts=verdict_views(root),
            amendment=amendment_view(root),
            biomarkers=biomarkers,
            without=without_value(biomarkers),
            levels=sorted({row.level for row in biomarkers if row.ok and row.level}),
            variants=variants,
            copy_number=copy_number,
            structural=structural_view(root, parts, params),
            pictures=drawn_pictures(root, pictures, PICTURES),
            purity_pictures=drawn_pictures(root, pictures, PURITY_PICTURES),
            signatures_pictures=drawn_pictures(root, pictures, SIGNATURES_PICTURES),
            **chapters(root, parts, biomarkers),
            interpretation=interpretation_view(root, parts),
            tracks=data,
            decimal=spoken().decimal,
            negatives=negatives_view(root, parts, consent=params.germline_consent),
            detection=detection_view(root),
            external=external_rows(root, biomarkers, parts),
            not_assessed=page_one.not_assessed(parts, biomarkers),
            failed=[part for part in parts.values() if part.status == "failed"],
            limits=page_one.limits(root, biomarkers, variants, parts),
            hints=page_one.hint_rows(root),
            method=provenance.method_line(root, biomarkers, variants),
            details=part_details(parts, biomarkers),
            settings=provenance.settings_rows(root, parts.values()),
            inputs=provenance.input_rows(root),
            style=Markup(asset("report.css")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def part_details(
    parts: Mapping[str, Part], biomarkers: Sequence[BiomarkerRow]
) -> list[provenance.PartDetail]:
    """Return the details of the parts that have no chapter of their own."""
    return [
        provenance.part_detail(part, biomarkers)
        for part in parts.values()
        if part.ok and part.name not in OWN_CHAPTERS
    ]


def chapters(
    root: Node, parts: Mapping[str, Part], biomarkers: Sequence[BiomarkerRow]
) -> dict[str, object]:
    """Return what the chapters on biomarkers and on quality show, by the templates' names."""
    return {
        "purity_view": purity_view(root),
        "signatures": signatures_view(parts["signatures"], root.text("sample")),
        "strip": quality_strip(root),
        "tmb": tmb_view(parts["tmb"], biomarkers, root.node("case")),
        "msi": msi_view(parts["msi"], biomarkers),
        "hrd": hrd_view(parts["hrd"], biomarkers),
        "missing": {name: missing_of(parts[name], biomarkers) for name in ("tmb", "msi", "hrd")},
        "qc": quality_view(root),
    }


def drawn_pictures(
    root: Node, given: Mapping[str, str], wanted: Mapping[str, tuple[str, str]]
) -> tuple[Picture, ...]:
    """Return the pictures that the document names or that were given, ready for inlining."""
    named = root.maybe_node("pictures")
    drawn = []
    for name, (title, description) in wanted.items():
        file = named.maybe_text(name) if named else None
        text = given.get(name)
        if file is None and text is None:
            continue
        svg = (
            inline_svg(text, name=name, title=say(title), description=say(description))
            if text
            else None
        )
        drawn.append(Picture(svg=svg, file=file or f"{name}.svg"))
    return tuple(drawn)


@cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: everything escaped, every name defined."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("tumorkit.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["plural"] = plural
    made.filters["brief"] = brief
    made.filters["count"] = number
    made.filters["told"] = told
    made.filters["term"] = term
    made.filters["outcome"] = outcome_words
    made.filters["class_title"] = class_title
    made.globals["_"] = say
    made.globals["open_rows"] = OPEN_ROWS
    made.globals["tier_rows"] = TIER_ROWS
    return made


def shown(value: Any) -> Any:
    """Return what a template prints: a dash for nothing, invisible characters written out."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


@cache
def asset(name: str) -> str:
    """Return a style sheet or script of ours."""
    return (resources.files("tumorkit.report") / "templates" / name).read_text(encoding="utf-8")
