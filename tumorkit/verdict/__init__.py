"""Verdicts: whether several tests of one repair say the same.

Mismatch repair is seen in the lengths of microsatellites, in signatures, in the burden of
insertions and deletions, in the genes themselves, and in a laboratory's staining or PCR;
homologous recombination in scars of copy number, in signatures and in the genes. A verdict lays
these lines side by side: what each found, in which direction it points, whether it could be
judged. It says concordant, discordant or insufficient by rules that are printed. No probability is
given: the lines are not independent of each other.

>>> score = {"schema": "tumorkit/msi", "value": 0.42, "status": "ok", "call": "MSI-H",
...          "unit": "", "cutoffs": [{"name": "MSI-H", "value": 0.2, "certainty": "clear"}]}
>>> found = judge_mmr([Document("msi.json", score)], MmrTests(ihc_lost=("MLH1", "PMS2")))
>>> found.conclusion, found.state
('concordant', 'deficient')
"""

from tumorkit.verdict.analysis import judge_hr, judge_mmr
from tumorkit.verdict.documents import Document
from tumorkit.verdict.params import HrTests, MmrTests
from tumorkit.verdict.result import Line, VerdictResult

__all__ = ["Document", "HrTests", "Line", "MmrTests", "VerdictResult", "judge_hr", "judge_mmr"]
