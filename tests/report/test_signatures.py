"""What the report says of mutational signatures: processes first, unknown never as zero."""

from __future__ import annotations

from typing import Any

from tests.report.builders import make_estimate, make_picture, make_profile
from tumorkit.report import ReportParams, render_report, summarize_report


def process(name: str, title: str, call: str, share: float, **changes: Any) -> dict[str, Any]:
    return {
        "name": name, "title": title, "members": [], "call": call, "reason": None,
        "share": make_estimate(share, low=share / 2, high=share * 1.5, unit="share of mutations"),
        "probability": 0.996, "prior": 0.1, "detectable_share": 0.287, "evaluable": True, **changes,
    }  # fmt: skip


def explained(**changes: Any) -> dict[str, Any]:
    signature = {
        "name": "SBS44", "process": "mmr", "probability": 0.82, "prior": 0.02, "share": 0.28,
        "low": 0.0, "high": 0.52, "mutations": 24.9, "named": True,
    }  # fmt: skip
    fit = {
        "sample": "T1", "mutations": 89.0, "status": "ok", "reason": None,
        "processes": [
            process("hr", "homologous recombination deficiency", "not_evaluable", 0.0,
                    probability=0.0, detectable_share=0.556),
            process("uv", "ultraviolet light", "possible", 0.044, reason="share 0.044 is below"),
            process("mmr", "mismatch repair deficiency", "present", 0.35),
        ],
        "signatures": [signature, {**signature, "name": "SBS15", "named": False}],
        "unexplained": make_estimate(0.01, low=0.0, high=0.07), "cosine": 0.846,
        "cosine_expected": 0.845, "flags": ["SBS1 has 30% of the mutations"],
    }  # fmt: skip
    result = {"kind": "SBS96", "table": "table.txt", "samples": [fit | changes], "notes": []}
    return make_profile(results={"signatures": result})


def test_processes_signatures_and_picture_are_on_the_page() -> None:
    page = render_report(explained(), pictures={"signatures": make_picture(3)})
    chapter = page[page.index('id="signatures"') :].partition("</section>")[0]
    assert "<figure>" in chapter
    for said in ("SBS44", "35.0", "28.7", "share 0.044 is below", "SBS1 has 30%"):
        assert said in chapter
    assert "SBS15" not in chapter
    assert "mismatch repair deficiency 35.0" in page.partition('id="signatures"')[0]


def test_a_process_that_could_not_be_seen_has_no_share() -> None:
    page = render_report(explained())
    row = page[page.index("<td>homologous recombination") :].partition("</tr>")[0]
    assert "not evaluable" in row
    assert "<td>0" not in row
    assert "&lt; .001" not in row


def test_the_terminal_names_the_processes() -> None:
    notes = "\n".join(summarize_report(explained()).notes)
    assert "Mutational signatures: mismatch repair deficiency 35.0" in notes
    assert "possible: ultraviolet light; not evaluable: 1 process; 89 mutations" in notes


def test_nothing_is_said_of_too_few_mutations_or_another_sample() -> None:
    for document in (explained(status="insufficient"), make_profile()):
        assert 'id="signatures"' not in render_report(document)
    assert "defekt mismatchreparation" in render_report(
        explained(), params=ReportParams(language="sv")
    )
