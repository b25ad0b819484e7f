"""What may be said of a process, and what a reader must be told beside it."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.signatures.fit.params import FitParams
from tumorkit.signatures.fit.result import Call, SignatureFit
from tumorkit.signatures.processes import FORMALIN, Process, canonical

# Of a share unexplained beyond chance so many times may stand under a wrong name; signatures that
# few tumours have need so many times the least share, for small ones are the table's errors.
UNTRUSTED = 3.0
# From this P on the unexplained share is not chance.
CHANCE = 0.001
# A share of formalin's patterns or of noise below which it is not worth a word.
NOTABLE = 0.1
# A process is possible above this probability, where the counts also raised its odds so often:
# positive evidence (Kass and Raftery 1995, J. American Statistical Association 90:773).
POSSIBLE, RAISED = 0.1, 3.0


def process_call(
    process: Process,
    probability: float,
    prior: float,
    share: float,
    limit: float,
    params: FitParams,
    *,
    rare: bool = False,
    unexplained: float = 0.0,
) -> tuple[Call, str | None]:
    """Return the call of a process, and why it is not simply present or absent.

    A process that others imitate, and one found by a ``rare`` signature, is evidence only above
    its detectable share. Where a share is ``unexplained`` beyond chance, the table is not right for
    this sample, and small shares are no evidence.

    >>> from tumorkit.signatures.processes import BY_NAME
    >>> process_call(BY_NAME["hr"], 0.9, 0.02, 0.2, 0.4, FitParams())
    ('possible', 'share 0.2 is below the detectable share 0.4: no evidence')
    >>> process_call(BY_NAME["uv"], 0.9, 0.1, 0.2, 0.4, FitParams())
    ('present', None)
    """
    if probability > 0.5:
        if (process.flat or rare) and share < limit:
            told = f"{limit:.2g}" if limit <= 1 else "of any size"
            return (
                "possible",
                f"share {share:.2g} is below the detectable share {told}: no evidence",
            )
        base = params.min_share * (UNTRUSTED if rare else 1)
        least = max(base, UNTRUSTED * unexplained)
        if share < least:
            why = ", needed of a rare signature" if rare else ""
            if least > base:
                why = ", the table leaving more than chance unexplained"
            return "possible", f"share {share:.2g} is below {least:.2g}{why}"
        return "present", None
    odds = probability / (1 - probability)
    if probability > POSSIBLE and odds > RAISED * prior / (1 - prior):
        return "possible", f"probability {probability:.2g}"
    if limit > params.max_detectable:
        told = f"it would be found from a share of {limit:.2g}" if limit <= 1 else (
            "no share of it would be found"
        )  # fmt: skip
        return "not_evaluable", f"{told} with this many mutations"
    return "not_seen", None


def flags_of(
    rows: Sequence[SignatureFit], p: float, excess: float, params: FitParams
) -> tuple[str, ...]:
    """Return what a reader must know beside the numbers."""
    flags = []
    formalin = [
        row for row in rows if row.named and canonical(row.name) in FORMALIN and row.share > NOTABLE
    ]
    for row in formalin:
        pattern = f"{row.name} has {row.share:.0%} of the mutations"
        if params.preparation == "ffpe":
            flags.append(f"{pattern}: in FFPE this pattern may be formalin, not biology")
        elif params.preparation == "unknown" and canonical(row.name) == FORMALIN[0]:
            flags.append(f"{pattern}: in FFPE formalin leaves this pattern; preparation not said")
    artefacts = [row.name for row in rows if row.named and row.role == "artefact"]
    if artefacts:
        flags.append(f"named as sequencing artefact by COSMIC: {', '.join(artefacts)}")
    noise = sum(row.share for row in rows if row.named and row.role == "noise")
    if noise > NOTABLE:
        flags.append(
            f"{noise:.0%} of the mutations lie evenly over classes or bases: noise, or a process "
            "that the table does not know"
        )
    if p < CHANCE and excess > 0.02:
        flags.append(
            f"{excess:.0%} of the mutations lie where no mixture of the table puts them: "
            "another process, artefacts, or another genome"
        )
    return tuple(flags)
