"""The viewer's data: compact, thinned, and unable to end the script that holds it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tumorkit.report
from tests.report.builders import make_copy_number, make_gene, make_part, make_profile
from tests.report.test_html import EVIL, Page
from tumorkit.errors import InputError
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.snps import SnpCounts
from tumorkit.report import ReportParams, render_report
from tumorkit.report.run import run_report
from tumorkit.report.tracks import MOST_BINS, thinned, tracks_from, tracks_of

TEMPLATES = Path(tumorkit.report.__file__).parent / "templates"


def ratios(count: int = 40, contig: str = "chr7") -> CopyRatios:
    start = np.arange(count, dtype=np.int64) * 1000
    return CopyRatios(
        contig=np.array([contig] * count),
        start=start,
        end=start + 500,
        log2_ratio=np.linspace(-0.5, 0.5, count),
        weight=np.ones(count),
        gene=np.array(["-"] * count),
        depth=np.full(count, np.nan),
        target=np.ones(count, dtype=bool),
    )


def page(tracks: dict[str, Any] | str | None, **options: Any) -> str:
    text = tracks if isinstance(tracks, str) or tracks is None else json.dumps(tracks)
    return render_report(make_profile(), tracks=text, **options)


@given(
    st.lists(st.integers(0, 5_000_000), min_size=1, max_size=80, unique=True),
    st.integers(1, 7),
)
def test_thinning_keeps_means_and_order(positions: list[int], step: int) -> None:
    at = np.array(sorted(positions), dtype=np.int64)
    values = (at % 300) / 100 - 1.5
    steps, levels = thinned(at, values, step)
    places = np.cumsum(steps)
    assert len(places) == -(-at.size // step)
    assert (np.diff(places) > 0).all()
    for k, (place, level) in enumerate(zip(places, levels, strict=True)):
        part = slice(k * step, (k + 1) * step)
        assert place == int(at[part].sum() // at[part].size)
        assert level / 100 == pytest.approx(values[part].mean(), abs=0.006)


def test_many_bins_are_thinned_and_it_is_said() -> None:
    count = MOST_BINS + 1
    bins = {"chr1": (np.arange(count, dtype=np.int64) * 100, np.zeros(count))}
    found = tracks_of(bins, {}, {"chr1": 248_956_422})
    assert found["every"] == 2
    assert len(found["contigs"][0]["at"]) == -(-count // 2)
    assert found["contigs"][0]["length"] == 248_956_422


def test_only_heterozygous_snps_are_drawn() -> None:
    snps = SnpCounts(
        contig=np.array(["chr7"] * 4),
        position=np.array([100, 200, 300, 400]),
        ref=np.array([30, 0, 20, 3]),
        alt=np.array([10, 40, 20, 3]),
        normal_ref=np.array([20, 0, 40, 20]),
        normal_alt=np.array([20, 40, 0, 20]),
    )
    contig = tracks_from(ratios(), snps, {})["contigs"][0]
    # The second is homozygous, the third too in the normal, the fourth has six reads.
    assert contig["snp_at"] == [100]
    assert contig["baf"] == [25]


def test_unknown_ratios_are_left_out_and_deep_ones_end_at_the_axis() -> None:
    bins = ratios(4)
    bins.log2_ratio[:] = [np.nan, -20.0, 0.5, np.nan]
    assert tracks_from(bins, None, {})["contigs"][0]["log2"] == [-500, 50]


def test_the_viewer_stands_beside_the_tables_with_one_script_that_runs() -> None:
    html = page(tracks_from(ratios(), None, {}))
    made = Page(html)
    kinds = [attrs.get("type") for _, attrs in made.named("script")]
    assert kinds == ["application/json", None]
    assert "zoom in" in html
    held = re.search(r'<script type="application/json" id="tracks">(.*?)</script>', html, re.DOTALL)
    assert held is not None
    data = json.loads(held.group(1))
    assert {row[0] for row in data["genes"]} >= {"EGFR", "MET", "BRAF"}


def test_without_tracks_there_is_no_viewer() -> None:
    assert "viewer" not in re.sub(r"<style>.*?</style>", "", page(None), flags=re.DOTALL)


def test_a_gene_name_cannot_end_the_script() -> None:
    tracks = tracks_from(ratios(contig="chr7"), None, {})
    genes = [{**make_gene("EGFR"), "gene": f"</script>{EVIL}"}]
    document = make_profile(results={"copy_number": make_copy_number(genes=genes)})
    made = Page(render_report(document, tracks=json.dumps(tracks)))
    assert len(list(made.named("script"))) == 2
    assert not list(made.named("img"))


@pytest.mark.parametrize("text", ["{", "[]", '{"tracks": 2, "contigs": []}', '{"tracks": 1}'])
def test_damaged_tracks_are_one_line(text: str) -> None:
    with pytest.raises(InputError, match="no track file"):
        page(text)


def test_tracks_are_read_from_beside_the_profile(tmp_path: Path) -> None:
    document = make_profile()
    part = make_part("copy_number", make_copy_number(), files=["../x/copy_number.tracks.json"])
    document["parts"] = [p for p in document["parts"] if p["name"] != "copy_number"] + [part]
    (tmp_path / "profile.json").write_text(json.dumps(document))
    assert 'id="tracks"' not in run_report(tmp_path / "profile.json").html
    (tmp_path / "copy_number.tracks.json").write_text(json.dumps(tracks_from(ratios(), None, {})))
    html = run_report(tmp_path / "profile.json", params=ReportParams(language="sv")).html
    assert 'id="tracks"' in html
    assert "zooma in" in html


def test_scripts_stay_small_and_handle_no_inline_events() -> None:
    texts = {path.name: path.read_text() for path in TEMPLATES.iterdir()}
    assert sum(len(text) for name, text in texts.items() if name.endswith(".js")) < 20_000
    for name, text in texts.items():
        if name.endswith(".html"):
            assert not re.search(r"\son[a-z]+=", text), name
