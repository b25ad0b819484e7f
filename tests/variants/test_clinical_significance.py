"""ClinVar's word reaches the listed variants, and puts them first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumorkit.variants.filter.run import run_filter


@pytest.mark.shared
def test_braf_v600e_leads_a_melanoma_of_forty_thousand_variants(shared: Path) -> None:
    result = run_filter(shared / "truth" / "colo829-nygc-v6.vcf.gz", preset="caller-pass")
    pathogenic = [row for row in result.variants if row.pathogenic]
    assert result.listed_of == 43_192
    assert {row.gene for row in pathogenic} == {"BRAF", "ADAMTS13", "SKIV2L"}
    assert pathogenic[0].hgvsp == "ENSP00000493543.1:p.Val600Glu"
    assert list(result.variants[:3]) == pathogenic
