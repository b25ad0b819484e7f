"""Whether the files of a finished case are still those that were made, and can be made again.

The manifest of a case holds the digest of every input and output. A byte that changed, a file that
is gone, and a result that comes out otherwise are each named.

>>> kept = {"outputs": [{"role": "output", "name": "a.tsv", "sha256": "12"}]}
>>> [file.state for file in check_files(kept, {"a.tsv": "12"}).files]
['equal']
>>> [file.state for file in check_files(kept, {}).files]
['missing']
"""

from tumorkit.report.verify.analysis import check_files
from tumorkit.report.verify.result import CheckedFile, ReportVerifyResult

__all__ = ["CheckedFile", "ReportVerifyResult", "check_files"]
