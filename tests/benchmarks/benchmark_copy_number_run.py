"""A whole copy-number run: planted events by purity, and CPU time beside CNVkit.

``pytest -s -m benchmark tests/benchmarks/benchmark_copy_number_run.py``; seeds a purity by the
variable TUMORKIT_BENCHMARK_SEEDS. CNVkit is the program ``cnvkit.py`` of the search path, or that
named by TUMORKIT_CNVKIT.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.measure import measure, show
from tests.copynumber.planted import Found, judge, run_case, simulate_case

PURITIES = (0.2, 0.5, 0.8)
SEEDS = int(os.environ.get("TUMORKIT_BENCHMARK_SEEDS", "2"))


def kind_of(event: str) -> str:
    """Return what an event is, without the gene that a seed chose."""
    return "deletion of two exons" if event.endswith("two exons") else event


@pytest.mark.benchmark
def test_planted_events_by_purity(tmp_path: Path) -> None:
    rows: dict[float, list[Found]] = {}
    for purity in PURITIES:
        for doubled in (False, True):
            for seed in range(1, SEEDS + 1):
                folder = tmp_path / "case"
                shutil.rmtree(folder, ignore_errors=True)
                params = simulate_case(folder, purity=purity, seed=seed, doubled=doubled)
                result = run_case(folder, folder / "out", params)
                found = judge(folder, folder / "out", result, doubled=doubled)
                rows.setdefault(purity, []).append(found)
    print(table_of(rows))


def table_of(rows: dict[float, list[Found]]) -> str:
    """Return recall and false calls by purity as a table."""
    names = sorted(
        {kind_of(name) for cases in rows.values() for one in cases for name in one.events}
    )
    lines = ["| | " + " | ".join(f"purity {purity:g}" for purity in rows) + " |"]
    lines.append("|---|" + "---|" * len(rows))
    for name in names:
        cells = []
        for cases in rows.values():
            listed = [
                shown
                for one in cases
                for event, shown in one.events.items()
                if kind_of(event) == name
            ]
            cells.append(f"{sum(listed)} of {len(listed)}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    sums = {purity: total(cases) for purity, cases in rows.items()}
    for words, shown, of in (
        ("breakpoints found", "found_breaks", "true_breaks"),
        ("segments out of balance, seen so", "found_unbalanced", "unbalanced"),
        ("segments in balance, called out of it", "false_unbalanced", "balanced"),
    ):
        cells = [f"{one[shown]} of {one[of]}" for one in sums.values()]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    for words, shown in (("false breakpoints", "false_breaks"), ("false focal", "false_focal")):
        cells = [f"{sums[purity][shown] / len(rows[purity]):.1f} a case" for purity in rows]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    cells = [
        f"{sum(one.copies_right for one in cases) / len(cases):.0%}" for cases in rows.values()
    ]
    lines.append("| bins with the right total copies | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def total(cases: list[Found]) -> Counter[str]:
    """Sum the counts of cases."""
    counts: Counter[str] = Counter()
    for one in cases:
        counts.update({k: v for k, v in vars(one).items() if isinstance(v, int)})
    return counts


@pytest.mark.benchmark
def test_a_run_beside_cnvkit(tmp_path: Path) -> None:
    program = os.environ.get("TUMORKIT_CNVKIT") or shutil.which("cnvkit.py")
    case = tmp_path / "case"
    simulate_case(case, purity=0.5, seed=1, size=2.0)
    ours = [sys.executable, "-W", "ignore", "-m", "tumorkit", "cnv", "run", "-q"]
    inputs = ["--tumor", case / "tumor.bam", "--normal", case / "normal.bam"]
    inputs += ["--targets", case / "targets.bed", "--reference", case / "reference.fa.gz"]
    snps = ["--germline", case / "germline.vcf.gz"]
    base = "cnvkit.py batch"
    rows = []
    if program is not None:
        theirs = [program, "batch", case / "tumor.bam", "--normal", case / "normal.bam"]
        theirs += ["--targets", case / "targets.bed", "--fasta", case / "reference.fa.gz"]
        theirs += ["--output-dir", tmp_path / "cnvkit", "-p", "1", "--scatter"]
        rows.append(measure(base, [str(word) for word in theirs], best_of=1))
    for name, more in (("tumorkit cnv run", []), ("the same with SNPs", snps)):
        words = [*ours, *inputs, *more, "--outdir", tmp_path / "ours"]
        if not more:
            # No SNPs, as there; without a list they would be looked for in the reads.
            words += ["--snp-least-depth", "1000000"]
        rows.append(measure(name, [str(word) for word in words]))
    size = sum((case / name).stat().st_size for name in ("tumor.bam", "normal.bam"))
    print(f"\ntumour and normal, {size / 1e6:.0f} MB")
    show(rows, base=base)
    if program is not None:
        print(f"CNVkit takes {rows[0].cpu / rows[-1].cpu:.1f} times the CPU of a run with SNPs")
