"""What a filter specification says, in sentences that can be read aloud, and the traps in it.

>>> from tumorkit.variants.filter import preset
>>> from tumorkit.variants.check import sentences
>>> sentences(preset("caller-pass"))[1]
'caller_flag (The caller itself flagged the call): fails where the number of filters that the
caller set on this allele is above 0; Tier1, Tier2, Tier3, Tier4 and Tier5 do not count.'
"""

from tumorkit.variants.check.words import aloud, sentences

__all__ = ["aloud", "sentences"]
