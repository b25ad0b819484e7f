"""From lines to a conclusion, by rules that are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from tumorkit.errors import ParameterError
from tumorkit.verdict import hr, mmr
from tumorkit.verdict.documents import Document, of_kind, opened, samples_of
from tumorkit.verdict.lines import CAUSE
from tumorkit.verdict.params import HrTests, MmrTests
from tumorkit.verdict.result import Conclusion, Line, VerdictResult

State = Literal["", "deficient", "proficient"]
RULES = (
    "discordant: one line points to deficiency and another to proficiency",
    "concordant, deficient: lines of two kinds or more point to deficiency, none to proficiency",
    "concordant, proficient: two lines or more point to proficiency, none to deficiency, and one "
    "of them is {anchor}",
    "insufficient: anything else; for deficiency lines of one kind count once, for they see the "
    "same thing",
)
ANCHORS = {"mmr": "the microsatellites, their PCR or a full staining", "hr": "the HRD sum"}
MMR_LIMITS = (
    "a lost gene need not be seen: methylation of MLH1 and rearrangements leave no small variant",
    "loss of MSH6 or PMS2 may leave microsatellites stable",
    "the lines are not independent, so no joint probability is given",
)
HR_LIMITS = (
    "scars and signatures tell the past: a repair that came back (reversion) leaves them in place",
    "methylation of BRCA1 and RAD51C is a cause that only its own test shows",
    "unstable microsatellites make signatures of recombination unreadable",
    "the lines are not independent, so no joint probability is given",
)


def judge_mmr(documents: Sequence[Document], tests: MmrTests | None = None) -> VerdictResult:
    """Lay out what speaks for and against a failed mismatch repair.

    ``documents`` are results as JSON: a profile, or those of msi, tmb, purity and signatures.
    Raises :class:`InputError` for others and for two of one kind, :class:`ParameterError` where
    nothing at all was given.
    """
    tests = tests or MmrTests()
    given = opened(documents)
    lines = mmr.mmr_lines(given, tests)
    check_given(documents, lines)
    return judged("mmr", given, lines, mmr_conflicts(lines, given), MMR_LIMITS, tests)


def judge_hr(documents: Sequence[Document], tests: HrTests | None = None) -> VerdictResult:
    """Lay out what speaks for and against a failed homologous recombination.

    ``documents`` are results as JSON: a profile, or those of hrd, purity, msi and signatures.
    Raises as :func:`judge_mmr`.
    """
    tests = tests or HrTests()
    given = opened(documents)
    lines = hr.hr_lines(given, tests)
    check_given(documents, lines)
    return judged("hr", given, lines, hr_conflicts(lines, given), HR_LIMITS, tests)


def judged(
    repair: Literal["mmr", "hr"],
    given: Sequence[Document],
    lines: Sequence[Line],
    conflicts: Iterable[str],
    limits: tuple[str, ...],
    tests: MmrTests | HrTests,
) -> VerdictResult:
    """Conclude from the lines by the printed rules."""
    conclusion, state, because = concluded(lines, repair)
    return VerdictResult(
        sample=sample_of(given),
        build=build_of(given),
        repair=repair,
        conclusion=conclusion,
        state=state,
        because=because,
        lines=tuple(lines),
        conflicts=tuple(conflicts),
        rules=printed(repair),
        limits=limits,
        notes=tuple(notes_of(given)),
        params=tests,
    )


def printed(repair: str) -> tuple[str, ...]:
    """Return the rules in words."""
    return tuple(rule.format(anchor=ANCHORS[repair]) for rule in RULES)


def sample_of(documents: Sequence[Document]) -> str:
    """Return the sample, empty where documents name none or several."""
    names = samples_of(documents)
    return names[0] if len(names) == 1 else ""


def build_of(documents: Sequence[Document]) -> str:
    """Return the build, empty where documents name none or several."""
    names = list(dict.fromkeys(str(one.get("build")) for one in documents if one.get("build")))
    return names[0] if len(names) == 1 else ""


def notes_of(documents: Sequence[Document]) -> list[str]:
    """Say where documents may not belong together."""
    names = samples_of(documents)
    if len(names) > 1:
        return [f"the results name different samples: {', '.join(names)}; are they of one tumour?"]
    return []


def check_given(documents: Sequence[Document], lines: Sequence[Line]) -> None:
    """Raise where neither a result nor a test was given."""
    if not documents and all(line.evaluable == "not given" for line in lines):
        raise ParameterError(
            "nothing to judge was given",
            "give a profile.json or results of single commands, or what the laboratory tested",
        )


def concluded(lines: Sequence[Line], repair: str) -> tuple[Conclusion, State, str]:
    """Return conclusion, state and the rule that led there."""
    rules = printed(repair)
    against = [line for line in lines if line.direction == "proficient"]
    for_it = [line for line in lines if line.direction == "deficient"]
    if for_it and against:
        return "discordant", "", rules[0]
    if len({line.kind for line in for_it}) >= 2:
        return "concordant", "deficient", rules[1]
    if len(against) >= 2 and any(is_anchor(line, repair) for line in against):
        return "concordant", "proficient", rules[2]
    return "insufficient", "", rules[3]


def is_anchor(line: Line, repair: str) -> bool:
    """Whether a line may carry a verdict of proficiency: absence of scars that would be there."""
    if repair == "hr":
        return line.name == hr.SUM_NAME
    return line.name in (mmr.MSI_NAME, "microsatellite PCR", "immunohistochemistry")


def named(lines: Sequence[Line], name: str) -> Line:
    """Return the line of a name."""
    return next(line for line in lines if line.name == name)


def mmr_conflicts(lines: Sequence[Line], documents: Sequence[Document]) -> list[str]:
    """Return contradictions on mismatch repair, each with what to look at."""
    msi, tmb = named(lines, mmr.MSI_NAME), named(lines, mmr.TMB_NAME)
    pole = named(lines, mmr.POLE_NAME)
    causes = [line for line in lines if line.kind in (CAUSE, mmr.PROTEIN)]
    others = [
        line for line in lines
        if line.kind in (CAUSE, mmr.PROTEIN, mmr.SUBSTITUTIONS) or "signatures" in line.name
    ]  # fmt: skip
    found = opposed(lines)
    unseen = [line for line in others if line.evaluable == "yes"]
    if (
        msi.direction == "deficient"
        and unseen
        and not any(line.direction == "deficient" for line in others)
    ):
        found.append(
            "unstable microsatellites without two hits, a lost protein or a signature: look for "
            "contamination and test MLH1 methylation"
        )
    lost = [line for line in causes if line.direction == "deficient"]
    if msi.direction == "proficient" and lost:
        found.append(
            f"{lost[0].finding} with stable microsatellites: loss of MSH6 or PMS2 may do so, "
            "so may a late hit or a low purity"
        )
    burden = of_kind(documents, "tmb")
    high = burden is not None and burden.get("call") == "TMB-High"
    explained = pole.evaluable == "yes" and not pole.finding.startswith(mmr.NOTHING)
    if high and msi.direction == "proficient" and explained:
        found.append(f"high burden with stable microsatellites is explained: {pole.finding}")
    elif high and msi.direction == "proficient":
        found.append(
            f"high burden ({tmb.finding}) with stable microsatellites and no sign of a failed "
            "polymerase: look at POLE, exposures and germline filtering"
        )
    return found


def hr_conflicts(lines: Sequence[Line], documents: Sequence[Document]) -> list[str]:
    """Return contradictions on homologous recombination, each with what to look at."""
    total = named(lines, hr.SUM_NAME)
    causes = [line for line in lines if line.kind == CAUSE and line.direction == "deficient"]
    signatures = [line for line in lines if line.kind == hr.SIGNATURES]
    found = opposed(lines)
    if total.direction == "proficient" and causes:
        found.append(
            f"{causes[0].finding} with few scars: reversion, a late or subclonal hit, or a low "
            "purity"
        )
    missing = [line for line in signatures if line.direction == "proficient"]
    seen = [line for line in signatures if line.direction == "deficient"]
    if total.direction == "deficient" and missing and not seen:
        found.append(
            "many scars without the signature: look at other solutions of purity and ploidy, and "
            "at doubling of the genome"
        )
    if named(lines, "RAD51 foci").direction == "proficient" and total.direction == "deficient":
        found.append("many scars, yet RAD51 foci form: repair may have come back (reversion)")
    return found


def opposed(lines: Sequence[Line]) -> list[str]:
    """Name the lines that point in opposite directions."""
    for_it = [line.name for line in lines if line.direction == "deficient"]
    against = [line.name for line in lines if line.direction == "proficient"]
    if for_it and against:
        return [f"deficient by {', '.join(for_it)}; proficient by {', '.join(against)}"]
    return []
