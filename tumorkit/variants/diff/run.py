"""Reads two specifications and a VCF and writes what they judge differently."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.io.atomic import atomic_path
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.diff.analysis import diff_specifications
from tumorkit.variants.diff.params import DiffParams
from tumorkit.variants.diff.result import FLIPS, DiffResult, Flip
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.explain import in_words
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.run import FirstPasses, read_specification
from tumorkit.variants.filter.specification import Specification
from tumorkit.variants.roles import assign_roles


def run_diff(
    a: str,
    b: str,
    vcf: Path,
    *,
    output: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    files: CaseFiles | None = None,
    preparation: Preparation | None = None,
    params: DiffParams | None = None,
    progress: Progress = SILENT,
) -> DiffResult:
    """Judge a VCF by two specifications; ``a`` and ``b`` are presets by name or YAML files.

    ``output`` is a table of all flips; ``files`` say what is known of the case. Raises
    :class:`ParameterError` for an unknown preset and for what is wrong with a specification.
    """
    params, files = params or DiffParams(), files or CaseFiles()
    specifications = specification_named(a), specification_named(b)
    inputs = [input_file("somatic", vcf), *files.inputs()]
    inputs += [
        input_file(f"specification_{side}", Path(name))
        for side, name in (("a", a), ("b", b))
        if is_file(name)
    ]
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(open_vcf(vcf))
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=vcf)
        passes = FirstPasses(vcf, source.header, roles, params.block_size, progress)
        fitted: FittedCase | None = None
        for specification in specifications:
            fitted = fitted or stack.enter_context(passes.fitted(specification, files, None))
        first, second = (passes.ranked(s, fitted, preparation)[0] for s in specifications)
        table = stack.enter_context(_open_table(output)) if output is not None else None
        result = diff_specifications(
            progress.track(source.packed(params.block_size), label="Judging"),
            source.header,
            roles,
            (first, second),
            params,
            fitted=fitted,
            preparation=preparation,
            write=table.write if table else None,
        )
    return dataclasses.replace(result, inputs=tuple(inputs))


def is_file(name: str) -> bool:
    """Whether a specification is named by a path: it ends in .yaml or .yml, or has a folder.

    >>> is_file("my.yaml"), is_file("twist-solid")
    (True, False)
    """
    return name.endswith((".yaml", ".yml")) or "/" in name


def specification_named(name: str) -> Specification:
    """Return a preset by its name, or the specification of a YAML file."""
    return read_specification(Path(name), None) if is_file(name) else read_specification(None, name)


def write_diff(result: DiffResult, outputs: Outputs) -> None:
    """Write the JSON document and show the filters that make the difference."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())


class FlipTable:
    """Writes the table of flips row by row."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        handle.write(FLIPS.header() + "\n")

    def write(self, flip: Flip) -> None:
        """Write the rows of one flip."""
        for item in flip.filters:
            row = {
                "contig": flip.contig,
                "pos": flip.pos,
                "ref": flip.ref,
                "alt": flip.alt,
                "failed_by": flip.failed_by,
                "verdict_a": flip.verdict_a,
                "verdict_b": flip.verdict_b,
                "filter": item.reason.filter,
                "quantity": item.reason.quantity,
                "value": item.reason.value,
                "limit": item.reason.limit,
                "other": item.other,
                "other_limit": item.other_limit,
                "reason": in_words(item.reason),
            }
            self._handle.write(FLIPS.line(row) + "\n")


@contextlib.contextmanager
def _open_table(path: Path) -> Iterator[FlipTable]:
    if path == STDOUT:
        yield FlipTable(sys.stdout)
        return
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        yield FlipTable(out)
