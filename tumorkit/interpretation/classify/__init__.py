"""Tiers and oncogenicity of alterations by tables that the laboratory gives.

Oncogenicity follows the points of Horak 2022 with all 17 criteria shown: met, not met, or not
assessable. Tiers follow a table of the laboratory from evidence of a knowledge base; without such
evidence there is no tier. The laboratory's own entries come first until they expire.

>>> from tumorkit.interpretation.nouns import Alteration, HotspotRow, Tables
>>> spot = HotspotRow(gene="BRAF", residue="V600", residue_count=897, change="V600E",
...                   change_count=833)
>>> found = Alteration(gene="BRAF", protein="V600E", terms=("missense_variant",),
...                    population_asked=True)
>>> item, = classify([found], Tables(hotspots=(spot,))).variants
>>> item.points, [c.code for c in item.criteria if c.counted], item.oncogenicity, item.tier
(5, ['OS3', 'OP4'], 'VUS', None)
"""

from tumorkit.interpretation.classify.analysis import classify
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.classify.result import Classified, ClassifyResult

__all__ = ["Classified", "ClassifyParams", "ClassifyResult", "classify"]
