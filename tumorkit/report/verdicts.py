"""Whether the lines on a repair of DNA agree: judged from the profile, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.contract.result import plain
from tumorkit.errors import InputError
from tumorkit.report.document import Node
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN
from tumorkit.report.two_hits import hit_words
from tumorkit.verdict.analysis import judge_hr, judge_mmr
from tumorkit.verdict.documents import Document
from tumorkit.verdict.params import MMR_PROTEINS, HrTests, MmrTests

KEPT = ("repair", "conclusion", "state", "because", "lines", "conflicts", "limits", "notes")
TITLES = {"mmr": "Mismatch repair", "hr": "Homologous recombination"}
STAINED = ("ihc", "immunohisto")
LOST = ("lost", "loss", "absent", "negative")
RETAINED = ("retained", "intact", "preserved", "present", "positive")
STATES = {"yes": "evaluated", "no": "not evaluable", "not given": "not assessed"}
INSUFFICIENT = "insufficient"
DISCORDANT = "discordant"


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """One line of evidence in words."""

    name: str
    finding: str
    points_to: str
    status: str
    status_words: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VerdictView:
    """A verdict; ``telling`` is whether page one should name it."""

    title: str
    word: str
    tone: str
    because: str
    telling: bool
    discordant: bool
    carried_by: str
    lines: tuple[LineRow, ...]
    conflicts: tuple[str, ...]
    limits: tuple[str, ...]


def judged(document: Mapping[str, Any], source: str = "profile.json") -> list[dict[str, Any]]:
    """Return both verdicts on a profile; tests from elsewhere speak as well.

    Raises :class:`InputError` for a profile whose results cannot be read.
    """
    given = [Document(source, document)]
    mmr, hr = other_tests((document.get("board") or {}).get("external") or ())
    try:
        found = [plain(judge_mmr(given, mmr)), plain(judge_hr(given, hr))]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(source, "its results on repair cannot be read", hint=str(error)) from error
    return [{name: verdict[name] for name in KEPT} for verdict in found]


def other_tests(external: Iterable[Mapping[str, Any]]) -> tuple[MmrTests, HrTests]:
    """Return what the laboratory's table of other tests says on repair.

    >>> rows = [{"biomarker": "MLH1", "method": "IHC", "value": "lost"},
    ...         {"biomarker": "RAD51 foci", "method": "IF", "value": "absent"}]
    >>> other_tests(rows)[0].ihc_lost, other_tests(rows)[1].rad51_foci
    (('MLH1',), 'absent')
    """
    lost, retained = [], []
    mmr: dict[str, Any] = {}
    hr: dict[str, Any] = {}
    for row in external:
        name, method = str(row["biomarker"]).strip(), str(row["method"]).lower()
        value = str(row["value"]).strip().lower()
        stained = any(word in method for word in STAINED)
        if name.upper() in MMR_PROTEINS and stained and value.startswith(LOST):
            lost.append(name.upper())
        elif name.upper() in MMR_PROTEINS and stained and value.startswith(RETAINED):
            retained.append(name.upper())
        elif name.upper() == "MSI" and "pcr" in method and value in ("msi-h", "msi-l", "mss"):
            mmr["pcr"] = value.upper()
        elif value in ("methylated", "unmethylated") and name.lower() == "mlh1 methylation":
            mmr["mlh1_methylation"] = value
        elif value in ("methylated", "unmethylated") and name.lower() == "brca1 methylation":
            hr["brca1_methylation"] = value
        elif value in ("methylated", "unmethylated") and name.lower() == "rad51c methylation":
            hr["rad51c_methylation"] = value
        elif name.lower() == "rad51 foci" and value in ("present", "absent"):
            hr["rad51_foci"] = value
    return (
        MmrTests(ihc_lost=tuple(lost), ihc_retained=tuple(retained), **mmr),
        HrTests(**hr),
    )


def verdict_views(root: Node) -> tuple[VerdictView, ...]:
    """Read the verdicts of a profile; none where it holds none, or where nothing speaks."""
    board = root.maybe_node("board")
    found = map(verdict_view, board.nodes("verdicts") if board else ())
    return tuple(view for view in found if any(row.status == "ok" for row in view.lines))


def verdict_view(node: Node) -> VerdictView:
    """Read one verdict."""
    conclusion, state = node.text("conclusion"), node.text("state")
    lines = node.nodes("lines")
    conflicts = tuple(node.texts("conflicts"))
    pointing = [line for line in lines if line.text("direction") != "neither"]
    repair = node.text("repair")
    return VerdictView(
        title=term(TITLES.get(repair, repair)),
        word=term(state or conclusion),
        tone={"deficient": "bad", "proficient": "good"}.get(state, "warn"),
        because=node.text("because"),
        telling=conclusion != INSUFFICIENT or bool(conflicts),
        discordant=conclusion == DISCORDANT,
        carried_by="; ".join(f"{short_name(n)}: {told_finding(n)}" for n in pointing),
        lines=tuple(map(line_row, lines)),
        conflicts=conflicts,
        limits=tuple(node.texts("limits")),
    )


def short_name(node: Node) -> str:
    """Return the name of a line; of that of genes without those that were asked."""
    name = node.text("name")
    return say("two hits") if name.startswith("two hits in ") else term(name)


def told_finding(node: Node) -> str:
    """Return what a line found, in the language of the report where it is known."""
    return hit_words(term(node.text("finding")))


def line_row(node: Node) -> LineRow:
    """Read one line."""
    evaluable, direction = node.text("evaluable"), node.text("direction")
    words = STATES.get(evaluable, evaluable)
    return LineRow(
        name=term(node.text("name")),
        finding=told_finding(node) or UNKNOWN,
        points_to=UNKNOWN if direction == "neither" else term(direction),
        status="ok" if evaluable == "yes" else "not_evaluable",
        status_words=term(words),
        reason=node.text("reason"),
    )
