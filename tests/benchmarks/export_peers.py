"""Programs of others that read our files, installed into a folder where they are not there yet.

TUMORKIT_EXPORT_PEERS names a folder that keeps them between runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Name of the environment, its packages, and how pip is to take them.
ENVIRONMENTS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "files": (("fhir.resources", "multiqc", "openpyxl"), ()),
    "scout": (("scout-browser",), ()),
    "gens": (("gens-input-data-tools",), ("--no-deps", "--ignore-requires-python")),
    "hydra": (("hydra-genetics", "pysam", "pyyaml", "packaging"), ("--no-deps",)),
}

FHIR = """
import json, sys
from importlib.metadata import version
from fhir.resources.R4B.bundle import Bundle
for path in sys.argv[1:]:
    found = len(Bundle.model_validate(json.load(open(path))).entry)
    print("fhir.resources", version("fhir.resources"), found, "resources")
"""
FHIR_JS = """
const {Fhir} = require('fhir'), fs = require('fs');
const fhir = new Fhir(), kinds = new Set(['error', 'fatal']);
for (const path of process.argv.slice(2)) {
  const bundle = JSON.parse(fs.readFileSync(path));
  const said = [bundle, ...bundle.entry.map(item => item.resource)].flatMap(
    item => fhir.validate(item, {errorOnUnexpected: true}).messages);
  const errors = said.filter(item => kinds.has(item.severity));
  console.log(bundle.entry.length, 'resources', errors.length, 'errors');
  for (const item of errors.slice(0, 5)) console.log(item.location, item.message);
}
"""
XLSX = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print({sheet.title: sheet.max_row for sheet in book})
assert {"Settings", "Versions and inputs"} <= set(book.sheetnames)
kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
assert kinds <= {"n", "s", "inlineStr"}, kinds
"""
SCOUT = """
import os, sys, yaml
from importlib.metadata import version
from cyvcf2 import VCF
from scout.parse.case import parse_case_data
from scout.parse.variant.headers import parse_vep_header
from scout.parse.variant.variant import parse_variant
os.chdir(os.path.dirname(sys.argv[1]))
case = parse_case_data(config=yaml.safe_load(open(sys.argv[1])))
calls = VCF(case["vcf_files"]["vcf_cancer"])
place = {name: at for at, name in enumerate(calls.samples)}
own = {**case, "_id": case["case_id"]}
fields = parse_vep_header(calls)
found = [parse_variant(item, own, "clinical", None, fields, place, "cancer") for item in calls]
said = version("scout-browser"), len(case["individuals"]), "samples", len(found), "variants"
print("scout", *said)
"""
GENS = """
import io, sys
from gens_input_data_tools.generate_cov_and_baf import BAF_SKIP_N, PREFIXES, generate_baf_bed
out = io.StringIO()
for step, letter in zip(BAF_SKIP_N, PREFIXES):
    generate_baf_bed(sys.argv[1], step, letter, out)
print(out.getvalue(), end="")
"""


def asked(*words: str | Path, cwd: Path | None = None) -> str:
    """Return what a program says; fail with its last words where it fails."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, cwd=cwd
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-500:]
    return done.stdout


def python_with(folder: Path, name: str) -> Path:
    """Return the Python of an environment, made where it is not there yet."""
    root = Path(os.environ.get("TUMORKIT_EXPORT_PEERS") or folder) / name
    python = root / "bin" / "python"
    if not (root / "made").exists():
        packages, options = ENVIRONMENTS[name]
        asked(sys.executable, "-m", "venv", "--clear", root)
        asked(python, "-m", "pip", "install", "-q", *options, *packages)
        (root / "made").touch()
    return python


def node_with(folder: Path, package: str) -> Path:
    """Return a folder in which node finds a package of npm."""
    root = Path(os.environ.get("TUMORKIT_EXPORT_PEERS") or folder) / "npm"
    if not (root / "node_modules" / package.partition("@")[0]).exists():
        root.mkdir(parents=True, exist_ok=True)
        asked("npm", "install", "--silent", "--no-audit", "--no-fund", package, cwd=root)
    return root
