"""Small variants: who is tumour and who normal, what each caller counted, which calls to believe.

Every caller writes its counts in its own fields. :mod:`tumorkit.variants.calls` reads them all
into one :class:`~tumorkit.genome.variant.Variant` per alternative allele; what a caller does not
say stays unknown.
"""

from tumorkit.variants.calls import CallReader, variants_of
from tumorkit.variants.roles import Roles, assign_roles
from tumorkit.variants.transcripts import TranscriptList, choose_consequence

__all__ = [
    "CallReader",
    "Roles",
    "TranscriptList",
    "assign_roles",
    "choose_consequence",
    "variants_of",
]
