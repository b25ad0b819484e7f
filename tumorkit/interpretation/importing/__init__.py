"""A knowledge base's own dump, taken over with its date and digest; offline, nothing is fetched.

>>> row = {"molecular_profile": "BRAF V600E", "evidence_id": "1409", "disease": "Melanoma",
...        "therapies": "Vemurafenib", "evidence_type": "Predictive", "evidence_level": "A",
...        "evidence_direction": "Supports", "significance": "Sensitivity/Response",
...        "citation": "Chapman et al., 2011", "rating": "5", "evidence_status": "accepted"}
>>> result = import_civic([row], date="2026-01-01")
>>> [(item.id, item.gene, item.alteration) for item in result.items]
[('EID1409', 'BRAF', 'V600E')]
"""

from tumorkit.interpretation.importing.analysis import import_civic
from tumorkit.interpretation.importing.params import ImportParams
from tumorkit.interpretation.importing.result import KnowledgeResult

__all__ = ["ImportParams", "KnowledgeResult", "import_civic"]
