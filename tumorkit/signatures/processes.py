"""What is known of signatures beforehand: the process behind each, and how common it is.

Names are COSMIC's; a table with other names has no processes and equal priors. Groups follow the
README of AlexandrovLab/SigProfilerAssignment; members stand with the most common first, the one
that is asked when it is said from which share a process would be found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Process:
    """A mutational process: its name, what it is called in a report, the signatures it makes.

    ``flat`` marks a process whose spectrum is so even that others imitate it: it counts as
    evidence only above its detectable share.
    """

    name: str
    title: str
    members: tuple[str, ...]
    flat: bool = False


def _process(name: str, title: str, members: str, *, flat: bool = False) -> Process:
    return Process(name=name, title=title, members=tuple(members.split()), flat=flat)


PROCESSES = (
    _process(
        "mmr",
        "mismatch repair deficiency",
        "SBS44 SBS15 SBS6 SBS26 SBS21 SBS20 SBS14 DBS7 DBS10 ID7",
    ),
    _process("pol", "polymerase proofreading", "SBS10a SBS10b SBS28 SBS10c SBS10d SBS10 DBS3"),
    _process("hr", "homologous recombination deficiency", "SBS3 DBS13 ID6", flat=True),
    _process("ber", "base excision repair deficiency", "SBS36 SBS30"),
    _process("apobec", "APOBEC", "SBS2 SBS13"),
    _process("tobacco", "tobacco", "SBS4 SBS92 SBS29 SBS100 SBS109 DBS2 ID3"),
    _process("uv", "ultraviolet light", "SBS7a SBS7b SBS7c SBS7d SBS7 SBS38 DBS1 ID13"),
    _process(
        "treatment",
        "chemotherapy",
        "SBS31 SBS35 SBS11 SBS25 SBS86 SBS87 SBS90 SBS99 DBS5",
    ),
    _process("aristolochic", "aristolochic acid", "SBS22a SBS22b SBS22 DBS20 ID23"),
    _process("colibactin", "colibactin", "SBS88 ID18"),
    _process("lymphoid", "immunoglobulin hypermutation", "SBS9 SBS84 SBS85"),
    _process(
        "artefact",
        "sequencing artefact",
        "SBS45 SBS27 SBS43 SBS46 SBS47 SBS48 SBS49 SBS50 SBS51 SBS52 SBS53 SBS54 SBS55 SBS56 "
        "SBS57 SBS58 SBS59 SBS60 SBS95 DBS14",
    ),
)
BY_NAME: Mapping[str, Process] = MappingProxyType({one.name: one for one in PROCESSES})
# Clock-like in nearly all tissues (Alexandrov 2015, Nature Genetics 47:1402; ID1 and ID2 are
# slippage at replication, seen in most genomes: Alexandrov 2020, Nature 578:94).
BACKGROUND = ("SBS1", "SBS5", "ID1", "ID2")
# Signatures that an exposure, a treatment, an inherited defect or one tissue brings, each seen in
# few tumours (Alexandrov 2020; COSMIC's pages). Expected less, ruled out never.
RARE = frozenset((
    "SBS10c", "SBS10d", "SBS11", "SBS14", "SBS20", "SBS22a", "SBS22b", "SBS23", "SBS24", "SBS25",
    "SBS29", "SBS30", "SBS31", "SBS32", "SBS33", "SBS34", "SBS35", "SBS36", "SBS38", "SBS41",
    "SBS42", "SBS84", "SBS85", "SBS86", "SBS87", "SBS88", "SBS89", "SBS90", "SBS91", "SBS92",
    "SBS94", "SBS96", "SBS97", "SBS98", "SBS99",
))  # fmt: skip
# Signatures of one process that are rarely seen apart.
PARTNERS = (
    ("SBS2", "SBS13"),
    ("SBS7a", "SBS7b"),
    ("SBS10a", "SBS10b"),
    ("SBS17a", "SBS17b"),
)
# Patterns that deaminated cytosine of formalin-fixed tissue resembles (Guo 2022, Nature
# Communications 13:4487: repaired like SBS30, unrepaired like SBS1).
FORMALIN = ("SBS30", "SBS1")
# Processes that are common in a tumour type (Alexandrov 2020): their prior odds are raised, those
# of no other are lowered.
TUMOR_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bladder": ("apobec",),
        "breast": ("apobec", "hr"),
        "cervix": ("apobec",),
        "colorectum": ("mmr", "pol", "colibactin"),
        "endometrium": ("mmr", "pol"),
        "head-and-neck": ("apobec", "tobacco"),
        "kidney": ("aristolochic",),
        "liver": ("aristolochic",),
        "lung": ("tobacco", "apobec"),
        "lymphoid": ("lymphoid",),
        "melanoma": ("uv",),
        "oesophagus": ("apobec",),
        "ovary": ("hr",),
        "pancreas": ("hr",),
        "prostate": ("hr", "mmr"),
        "skin": ("uv",),
        "stomach": ("mmr",),
        "urothelial": ("apobec", "aristolochic"),
    }
)


@cache
def process_of(signature: str) -> str:
    """Return the name of a signature's process, empty for none.

    >>> process_of("SBS44"), process_of("SBS5"), process_of("Signature_7")
    ('mmr', '', 'uv')
    """
    name = canonical(signature)
    return next((one.name for one in PROCESSES if name in one.members), "")


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts SBS2 before SBS10.

    >>> sorted(["SBS10a", "SBS2", "SBS1"], key=natural)
    ['SBS1', 'SBS2', 'SBS10a']
    """
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)
    )


def partners_in(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of pairs of partners in a list of signatures."""
    at = {canonical(name): place for place, name in enumerate(names)}
    return [(at[a], at[b]) for a, b in PARTNERS if a in at and b in at]


@cache
def canonical(name: str) -> str:
    """Return COSMIC's present name of a signature of an older table or of another spelling.

    >>> canonical("Signature_3"), canonical("Signature 7"), canonical("SBS3_GRCh37")
    ('SBS3', 'SBS7', 'SBS3')
    """
    text = re.sub(r"_(GRCh\d+|hg\d+|exome)$", "", name.strip())
    return re.sub(r"^signature[ ._]*(?=\d)", "SBS", text, flags=re.IGNORECASE)
