"""Whether a statement's disease is the case's tumour type, a broader one, or another.

Names are compared as they are written, upper or lower case; a disease's DOID stands for its name.
Which names are the same and which are broader is the laboratory's to say (tables of synonyms and of
parents). Only two groups are known here: CIViC's "Cancer" (DOID 162) is any, and statements about
solid tumours are any but those of blood and lymph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Site = Literal["same", "parent", "pan-cancer", "other", "unknown"]
SITES: tuple[Site, ...] = ("same", "parent", "pan-cancer", "other")
ANY_CANCER = frozenset(("cancer", "doid:162", "malignant neoplasm", "neoplasm"))
SOLID = frozenset(
    (
        "solid tumor", "solid tumors", "solid tumour", "solid tumours", "malignant solid tumor",
        "malignant solid neoplasm", "solid neoplasm", "advanced solid tumor",
    )
)  # fmt: skip
# Words of neoplasms that are not solid.
BLOOD = (
    "leukemia", "leukaemia", "lymphoma", "myeloma", "myelodysplas", "myeloproliferative",
    "hematologic", "haematologic", "hematopoietic", "haematopoietic", "mastocytosis",
    "polycythemia", "myelofibrosis", "thrombocythemia", "histiocyt", "lymphoid", "myeloid",
)  # fmt: skip


def key(name: str) -> str:
    """Return a name as it is compared.

    >>> key(" Lung  Adenocarcinoma"), key("3910"), key("DOID:3910")
    ('lung adenocarcinoma', 'doid:3910', 'doid:3910')
    """
    said = " ".join(name.casefold().split())
    return f"doid:{said}" if said.isdigit() else said


@dataclass(frozen=True)
class TumorType:
    """A case's tumour type with the names that are the same, and those that are broader."""

    name: str
    synonyms: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]

    @cached_property
    def same(self) -> frozenset[str]:
        """Names of the tumour type."""
        own = key(self.name)
        return frozenset((own, *self.synonyms.get(own, ()))) if own else frozenset()

    @cached_property
    def broader(self) -> frozenset[str]:
        """Names of all groups above it."""
        found: set[str] = set()
        waiting = list(self.same)
        while waiting:
            for name in self.parents.get(waiting.pop(), ()):
                if name not in found and name not in self.same:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    @cached_property
    def is_solid(self) -> bool:
        """Whether no name says that it is of blood or lymph; False where no type is known."""
        names = self.same | self.broader
        return bool(names) and not any(word in name for name in names for word in BLOOD)

    def site_of(self, disease: str, doid: str = "") -> Site:
        """Return what a statement's disease is to this tumour type.

        >>> lung = TumorType("Lung adenocarcinoma", {}, {"lung adenocarcinoma":
        ...     frozenset(["lung non-small cell carcinoma"])})
        >>> [lung.site_of(name) for name in ("lung adenocarcinoma", "Lung Non-small Cell Carcinoma",
        ...     "Cancer", "Solid Tumor", "Melanoma")]
        ['same', 'parent', 'pan-cancer', 'pan-cancer', 'other']
        """
        names = {key(name) for name in (disease, doid) if name}
        if names & self.same:
            return "same"
        if names & ANY_CANCER or (names & SOLID and self.is_solid):
            return "pan-cancer"
        if not self.same:
            return "unknown"
        return "parent" if names & self.broader else "other"
