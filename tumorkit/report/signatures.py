"""Mutational signatures: processes, signatures, and what they leave unexplained."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, number, percent, plural, probability

CALLS = {
    "present": "present",
    "possible": "possible",
    "not_seen": "not seen",
    "not_evaluable": "not evaluable",
}


@dataclass(frozen=True, kw_only=True)
class SignaturesView:
    """What the report says about signatures; tables are rows of text."""

    headline: str
    facts: tuple[tuple[str, str], ...]
    processes: tuple[tuple[str, ...], ...]
    signatures: tuple[tuple[str, ...], ...]
    reasons: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]


def signatures_view(part: Part, sample: str) -> SignaturesView | None:
    """Read the part of signatures; None where no mutations were explained."""
    fit = fit_of(part, sample)
    if fit is None or part.result is None:
        return None
    processes = sorted(fit.nodes("processes"), key=lambda node: list(CALLS).index(call_of(node)))
    named = sorted(fit.nodes("signatures"), key=lambda node: -(node.maybe_number("share") or 0.0))
    return SignaturesView(
        headline=headline(fit, processes),
        facts=facts_of(part.result, fit),
        processes=tuple(map(process_row, processes)),
        signatures=tuple(signature_row(node) for node in named if node.flag("named")),
        reasons=tuple(
            (term(node.text("title")), reason)
            for node in processes
            if call_of(node) == "possible"
            and (reason := node.maybe_text("reason"))
            and not reason.startswith("probability")
        ),
        flags=(*fit.texts("flags"), *part.result.texts("notes")),
    )


def fit_of(part: Part, sample: str) -> Node | None:
    """Return the fit of the case's sample, else the only one."""
    if not part.ok or part.result is None:
        return None
    fits = part.result.nodes("samples")
    own = [fit for fit in fits if fit.text("sample") == sample] or fits[: len(fits) == 1]
    return own[0] if own and own[0].maybe_text("status") == "ok" else None


def call_of(process: Node) -> str:
    """Return what may be said of a process."""
    call = process.text("call")
    if call not in CALLS:
        raise process.wrong("call", call, ", ".join(CALLS))
    return call


def headline(fit: Node, processes: list[Node]) -> str:
    """Return the processes that are there, and how many could not have been seen, in a sentence."""
    said = [
        f"{term(node.text('title'))} {share_of(node.node('share'))}, P {p_of(node)}"
        for node in processes
        if call_of(node) == "present"
    ]
    text = "; ".join(said) or say("no process is shown")
    possible = [term(node.text("title")) for node in processes if call_of(node) == "possible"]
    if possible:
        text += "; " + say("possible: {names}", names=", ".join(possible))
    unseen = sum(call_of(node) == "not_evaluable" for node in processes)
    if unseen:
        text += "; " + say(
            "not evaluable: {processes}", processes=plural(unseen, "process", "processes")
        )
    return text + "; " + say("{count} mutations", count=number(fit.maybe_number("mutations")))


def p_of(node: Node) -> str:
    """Return the probability that something acts, as ``= .77``."""
    value = node.maybe_number("probability")
    return UNKNOWN if value is None else probability(value)


def share_of(node: Node, value: str = "value") -> str:
    """Return a share of the mutations with its range."""
    found = node.maybe_number(value)
    if found is None:
        return UNKNOWN
    low, high = percent(node.maybe_number("low")), percent(node.maybe_number("high"))
    return f"{percent(found)} ({low} {say('to')} {high})"


def process_row(node: Node) -> tuple[str, ...]:
    """Return a process: name, call, probability, share, and from which share it would be seen."""
    limit, call = node.maybe_number("detectable_share"), call_of(node)
    # What could not have been seen has no share: 0 would read as absent.
    unknown = call == "not_evaluable"
    return (
        term(node.text("title")),
        term(CALLS[call]),
        UNKNOWN if unknown else p_of(node).removeprefix("= "),
        UNKNOWN if unknown else share_of(node.node("share")),
        say("no share") if limit is None or limit > 1 else percent(limit),
    )


def signature_row(node: Node) -> tuple[str, ...]:
    """Return a signature of the answer: name, probability, share, mutations."""
    return (
        node.text("name"),
        p_of(node).removeprefix("= "),
        share_of(node, "share"),
        number(node.maybe_number("mutations")),
    )


def facts_of(result: Node, fit: Node) -> tuple[tuple[str, str], ...]:
    """Return what was explained by what, and how well."""
    likeness, chance = fit.maybe_number("cosine"), fit.maybe_number("cosine_expected")
    both = say("{found}; chance leaves {expected}", found=number(likeness), expected=number(chance))
    rest = fit.node("unexplained")
    return (
        (say("Mutations"), f"{number(fit.maybe_number('mutations'))} ({result.text('kind')})"),
        (say("Table"), result.text("table")),
        (say("Unexplained"), share_of(rest)),
        (say("Cosine of counts and fit"), both),
    )
