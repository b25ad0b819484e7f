"""Hot loops over htslib; pysam brings the library, so it is imported first."""

import pysam as _pysam

__all__: list[str] = []
_ = _pysam.__version__
