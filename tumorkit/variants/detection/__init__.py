"""How faint a variant the filters still let through, at a given depth.

The limit of detection, LoD95, is the smallest variant allele fraction at which a true variant
passes the *whole* filter specification with probability .95 or more. Reads with the change are
drawn from the depth by chance; each count that can come is judged by the filters themselves, with
their tiers, rescues and missing values, and the chances of those that pass are added up. So the
limit follows from the rules that were used, not from a table. What a caller misses before the
filters is not in it.

>>> from tumorkit.variants.filter import preset
>>> limit = detection_limit(preset("twist-solid"), depth=500)
>>> round(limit.vaf, 4), limit.reads
(0.0553, 20)
"""

from tumorkit.variants.detection.analysis import (
    DetectionLimit,
    Site,
    depth_needed,
    detection_limit,
    pass_probability,
)
from tumorkit.variants.detection.params import DetectionParams

__all__ = [
    "DetectionLimit",
    "DetectionParams",
    "Site",
    "depth_needed",
    "detection_limit",
    "pass_probability",
]
