"""Signatures beside SigProfilerAssignment: pytest -s -m benchmark tests/benchmarks.

``TUMORKIT_SIGPROFILER`` names the Python of an environment with SigProfilerAssignment, whose
tables of COSMIC serve both programs. Without it only our speed on made-up signatures is shown.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measure import measure, python, show
from tests.signatures.simulated import MIXTURES, catalogues, drawn, made_up
from tumorkit.genome.profiles import Profiles
from tumorkit.io.profiles import profiles_text, read_profiles
from tumorkit.signatures.fit import fit_signatures

MAIN = "import sys; from tumorkit.cli import run; sys.exit(run(sys.argv[1:]))"
PEER = (
    "import sys\nfrom SigProfilerAssignment import Analyzer\n"
    "if __name__ == '__main__':\n"
    "    Analyzer.cosmic_fit(samples=sys.argv[1], output=sys.argv[2], input_type='matrix', "
    "context_type='96', genome_build='GRCh37', cosmic_version=3.4, make_plots=False, cpu=1)\n"
)
EACH = int(os.environ.get("TUMORKIT_BENCHMARK_EACH", "20"))
# Of the facts that were measured for peers before; nothing was tuned on them.
FIVE: tuple[Mapping[str, float], ...] = (
    {"SBS4": 0.6, "SBS5": 0.2, "SBS1": 0.05, "SBS2": 0.07, "SBS13": 0.08},
    {"SBS7a": 0.55, "SBS7b": 0.3, "SBS5": 0.1, "SBS1": 0.05},
    {"SBS15": 0.25, "SBS44": 0.35, "SBS1": 0.2, "SBS5": 0.2},
    {"SBS3": 0.6, "SBS5": 0.3, "SBS1": 0.1},
    {"SBS2": 0.35, "SBS13": 0.35, "SBS5": 0.2, "SBS1": 0.1},
)
# Other tumours, with shares drawn from a Dirichlet distribution.
OTHERS = (
    "SBS10a SBS10b SBS28 SBS1 SBS5", "SBS17a SBS17b SBS18 SBS1 SBS5",
    "SBS12 SBS16 SBS5 SBS1 SBS22a", "SBS24 SBS5 SBS1 SBS4", "SBS11 SBS1 SBS5",
    "SBS31 SBS35 SBS5 SBS1", "SBS36 SBS18 SBS1 SBS5", "SBS88 SBS1 SBS5 SBS18",
    "SBS9 SBS84 SBS85 SBS5 SBS1", "SBS40a SBS5 SBS1 SBS40b", "SBS6 SBS26 SBS21 SBS1 SBS5",
    "SBS2 SBS13 SBS18 SBS8 SBS1 SBS5", "SBS3 SBS18 SBS8 SBS1 SBS5", "SBS30 SBS5 SBS1",
    "SBS4 SBS16 SBS18 SBS2 SBS13 SBS5 SBS1", "SBS1 SBS5", "SBS87 SBS1 SBS5", "SBS32 SBS5 SBS1",
)  # fmt: skip


def peer_tables() -> tuple[str, Profiles] | None:
    program = os.environ.get("TUMORKIT_SIGPROFILER")
    if program is None:
        return None
    code = "import SigProfilerAssignment as s; print(s.__path__[0])"
    folder = subprocess.run([program, "-c", code], capture_output=True, text=True, check=True)
    path = Path(folder.stdout.strip()) / "data/Reference_Signatures/GRCh37"
    return program, read_profiles(path / "COSMIC_v3.4_SBS_GRCh37.txt")


def mixtures(kind: str, rng: np.random.Generator) -> list[dict[str, float]]:
    if kind == "five":
        return [dict(one) for one in FIVE for _ in range(EACH)]
    found = []
    for listed in OTHERS:
        for _ in range(max(EACH * 5 // len(OTHERS), 1) + 1):
            shares = np.zeros(1)
            while shares.min() < 0.05:
                shares = rng.dirichlet(np.full(len(listed.split()), 2.0))
            found.append(dict(zip(listed.split(), shares.tolist(), strict=True)))
    return found


def peer_names(program: str, folder: Path, matrix: Path) -> list[dict[str, float]]:
    out = folder / f"{matrix.stem}_out"
    script = folder / "peer.py"
    script.write_text(PEER)
    subprocess.run(
        [program, str(script), str(matrix), str(out)], capture_output=True, check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    text = next(out.rglob("*Activities.txt")).read_text().splitlines()
    names = text[0].split("\t")[1:]
    return [
        {name: float(n) for name, n in zip(names, line.split("\t")[1:], strict=True) if float(n)}
        for line in text[1:]
    ]


def our_names(table: Profiles, matrix: Profiles) -> list[dict[str, float]]:
    return [
        {row.name: row.mutations for row in sample.signatures if row.named}
        for sample in fit_signatures(matrix, table).samples
    ]


def told(
    found: list[dict[str, float]], truths: list[dict[str, float]], left_out: frozenset[str]
) -> str:
    hits = named = real = 0
    for one, truth in zip(found, truths, strict=True):
        a, b = set(one) - left_out, set(truth) - left_out
        hits, named, real = hits + len(a & b), named + len(a), real + len(b)
    return f"{hits / max(named, 1):.3f}/{hits / real:.3f}"


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
def test_names_at_few_mutations(tmp_path: Path) -> None:
    peer = peer_tables()
    if peer is None:
        pytest.skip("TUMORKIT_SIGPROFILER is not set")
    program, table = peer
    print(f"\nprecision/recall of names, SBS1 and SBS5 left out behind the bar; {EACH} each")
    for kind in ("five", "others"):
        for total in (1000, 200, 50, 20):
            rng = np.random.default_rng(total)
            truths = mixtures(kind, rng)
            matrix = catalogues([drawn(table, truth, total, rng) for truth in truths])
            path = tmp_path / f"{kind}{total}.txt"
            path.write_text(profiles_text(matrix))
            line = f"{kind:7} {total:5}"
            for name, found in (
                ("tumorkit", our_names(table, matrix)),
                ("SigProfilerAssignment", peer_names(program, tmp_path, path)),
            ):
                bare = told(found, truths, frozenset(("SBS1", "SBS5")))
                line += f"  {name} {told(found, truths, frozenset())} | {bare}"
            print(line)


@pytest.mark.benchmark
@pytest.mark.shared
@pytest.mark.timeout(1800)
def test_flat_signatures(shared: Path, tmp_path: Path) -> None:
    peer = peer_tables()
    if peer is None:
        pytest.skip("TUMORKIT_SIGPROFILER is not set")
    program, table = peer
    folder = shared / "signatures" / "Input_scenario_8"
    samples = read_profiles(folder / "Samples.txt")
    samples = samples.chosen(samples.names[:100])
    lines = (folder / "ground.truth.syn.exposures.csv").read_text().splitlines()
    real = [line.replace('"', "").split(",") for line in lines[1:]]
    truths = [
        {row[0]: float(row[at]) for row in real if float(row[at]) > 0} for at in range(1, 101)
    ]
    path = tmp_path / "flat.txt"
    path.write_text(profiles_text(samples))
    for name, found in (
        ("tumorkit", our_names(table, samples)),
        ("SigProfilerAssignment", peer_names(program, tmp_path, path)),
    ):
        merged = [
            {("SBS40" if key.startswith("SBS40") else key): n for key, n in one.items()}
            for one in found
        ]
        print(f"\n{name}: {told(merged, truths, frozenset())}")


@pytest.mark.benchmark
def test_thousand_samples(tmp_path: Path) -> None:
    peer = peer_tables()
    table = made_up() if peer is None else peer[1]
    rng = np.random.default_rng(5)
    rows = [drawn(table, MIXTURES[k % len(MIXTURES)], 500, rng) for k in range(1000)]
    matrix, signatures, one = tmp_path / "m.all", tmp_path / "s.txt", tmp_path / "one.all"
    matrix.write_text(profiles_text(catalogues(rows)))
    one.write_text(profiles_text(catalogues(rows[:1])))
    signatures.write_text(profiles_text(table))
    told = ["signatures", "fit", "--signatures", str(signatures), "-o", str(tmp_path / "o.tsv")]
    env = {"OPENBLAS_NUM_THREADS": "1"}
    rows_shown = [
        measure(f"{len(rows)} samples x {len(table)}", python(MAIN, *told, matrix), env=env),
        measure("1 sample", python(MAIN, *told, one), env=env),
        measure("1 sample, 200 bootstraps", python(MAIN, *told, one, "--bootstraps", 200), env=env),
    ]
    show(rows_shown, base="1 sample")


@pytest.mark.benchmark
def test_matrix_of_many_variants(tmp_path: Path) -> None:
    import pysam

    rng = np.random.default_rng(1)
    text = "".join(rng.choice(list("ACGT"), 5_000_000))
    reference = tmp_path / "r.fa"
    reference.write_text(f">chr1\n{text}\n")
    pysam.faidx(str(reference))
    places = np.sort(rng.choice(np.arange(100, len(text) - 100), 100_000, replace=False))
    lines = ["##fileformat=VCFv4.2", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"]
    for at in places.tolist():
        ref = text[at]
        alt = "ACGT".replace(ref, "")[int(rng.integers(3))]
        if rng.random() < 0.1:
            size = int(rng.integers(1, 7))
            ref, alt = (text[at : at + size + 1], ref) if rng.random() < 0.5 else (ref, ref + alt)
        lines.append(f"chr1\t{at + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.")
    vcf = tmp_path / "v.vcf"
    vcf.write_text("\n".join(lines) + "\n")
    told = ["signatures", "matrix", str(vcf), "--reference", str(reference), "-o",
            str(tmp_path / "m.all")]  # fmt: skip
    show([measure("100,000 variants", python(MAIN, *told))], base="100,000 variants")
