"""Read the laboratory's tables, measure the depth of its genes, and add both to a profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import plain
from tumorkit.errors import InputError, suggestion
from tumorkit.genome.interval import Interval
from tumorkit.genome.segment import Gene
from tumorkit.io.alignment import open_alignment, placed_on
from tumorkit.io.coverage import read_depths
from tumorkit.io.depth import groups_of, walk
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.genes import read_genes
from tumorkit.io.text import read_lines, require_file
from tumorkit.report.board.coverage import Coverage, GeneCoverage, Stretch, gene_coverage
from tumorkit.report.board.coverage import target_coverage as summarized_targets
from tumorkit.report.board.detection import (
    CALLED,
    COVERED,
    limits_of,
    needed_depth,
    without_limits,
)
from tumorkit.report.board.params import BoardParams
from tumorkit.report.board.tables import ANY, Actionable, External, class_named, rows_for
from tumorkit.report.consent import mark_germline
from tumorkit.report.diff import diff_profiles
from tumorkit.report.document import open_document
from tumorkit.report.verdicts import judged
from tumorkit.variants.filter import Specification, preset, preset_names
from tumorkit.variants.filter.run import read_specification

INTERPRETATION = "tumorkit/interpretation.classify"
ALIGNED = (".bam", ".cram")
ACTIONABLE = ("gene", "class", "tumor_type", "note")
EXTERNAL = ("biomarker", "method", "value", "date", "source")


@dataclass(frozen=True, kw_only=True)
class BoardFiles:
    """What a laboratory gives besides the results; None is not given."""

    actionable: Path | None = None
    external: Path | None = None
    coverage: Path | None = None
    exons: Path | None = None
    specification: Path | None = None
    interpretation: Path | None = None
    reference: Path | None = None
    previous: Path | None = None

    @property
    def given(self) -> bool:
        """Whether there is any."""
        own = (self.actionable, self.external, self.coverage, self.previous)
        return any((*own, self.specification, self.interpretation))


def with_board(
    document: Mapping[str, Any],
    files: BoardFiles,
    *,
    params: BoardParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Return a profile with what a tumour board asks besides, under the key ``board``.

    Raises :class:`InputError` with the line of a table that cannot be read. A profile that has a
    board keeps the parts that no file replaces.
    """
    params = params or BoardParams()
    board = dict(document.get("board") or {})
    result = variants_of(document)
    specification = specification_of(result, files)
    if files.actionable is not None:
        board["actionable"] = plain(chosen(document, read_actionable(files.actionable)))
    genes = [row["gene"] for row in (board.get("actionable") or {}).get("rows", ())]
    if files.coverage is not None:
        depth = (
            needed_depth(specification, result, vaf=params.negative_vaf)
            if (specification is not None)
            else None
        )
        found = measured(
            files, dict.fromkeys(genes), depth, params=params, threads=threads, progress=progress
        )
        board["coverage"] = plain(found)
        board["negative_share"] = params.negative_share
    if files.external is not None:
        board["external"] = plain(list(read_external(files.external)))
    if files.interpretation is not None:
        board["interpretation"] = read_interpretation(files.interpretation, document)
    if result:
        board["detection"] = detection_of(result, specification, board.get("coverage"))
    if "verdicts" not in board or files.external is not None:
        board["verdicts"] = judged({**document, "board": board})
    made = {**document, "board": board}
    if files.previous is not None:
        made["board"] = {**board, "amendment": read_amendment(files.previous, made)}
    return made


def check_board(files: BoardFiles, *, sample: str, build: str | None) -> None:
    """Raise for a table that cannot be read, or a previous report of another sample or build.

    So that hours of analysis do not end in a typing error of the last table.
    """
    if files.actionable is not None:
        read_actionable(files.actionable)
    if files.external is not None:
        list(read_external(files.external))
    if files.previous is not None:
        root = open_document(read_document(files.previous), str(files.previous))
        for name, wanted in (("sample", sample), ("build", build)):
            said = root.maybe_text(name)
            if said and wanted and said != wanted:
                raise InputError(
                    files.previous,
                    f"{name} is {said!r}, the case's is {wanted!r}",
                    hint="give the profile of the report that this one amends",
                )


def variants_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result of the variants part; empty where there is none."""
    for part in document.get("parts") or ():
        if isinstance(part, Mapping) and part.get("name") == "variants" and part.get("result"):
            found: Mapping[str, Any] = part["result"]
            return found
    return {}


def specification_of(result: Mapping[str, Any], files: BoardFiles) -> Specification | None:
    """Return the specification that the variants were filtered by, None where it is not at hand."""
    if not result:
        return None
    digest = result.get("specification_sha256")
    if files.specification is not None:
        found = read_specification(files.specification, None)
        if digest is not None and found.sha256 != digest:
            raise InputError(
                files.specification,
                f"is not the specification of the profile (SHA-256 {found.sha256[:12]}…, "
                f"the profile's {str(digest)[:12]}…)",
                hint="give the file that the variants were filtered with",
            )
        return found
    name = result.get("preset")
    if name not in preset_names():
        return None
    found = preset(str(name))
    return found if found.sha256 == digest else None


def detection_of(
    result: Mapping[str, Any], specification: Specification | None, coverage: Any
) -> dict[str, Any]:
    """Return the limits of detection, at the depth of genes or else of the calls."""
    if specification is None:
        name = result.get("preset") or "of the variants"
        return without_limits(f"the filter specification {name} is not at hand (--specification)")
    genes = [(row["gene"], round(row["median_depth"])) for row in (coverage or {}).get("genes", ())]
    if genes:
        depths, source = [depth for _, depth in genes], COVERED
    else:
        rows = result.get("variants") or ()
        depths, source = [row["depth"] for row in rows if row.get("depth")], CALLED
    if not depths or max(depths) < 1:
        return without_limits("no read depth is known")
    named = {"median": int(np.median(depths)), "low": int(np.quantile(depths, 0.05))}
    kept = {which: depth for which, depth in named.items() if depth >= 1}
    return limits_of(specification, result, depths=kept, depths_from=source, genes=genes)


def chosen(document: Mapping[str, Any], rows: list[Actionable]) -> dict[str, Any]:
    """Return the rows of the case's tumour type, and which types the table knows."""
    tumor_type = (document.get("case") or {}).get("tumor_type")
    types = sorted({row.tumor_type for row in rows if row.tumor_type})
    return {
        "rows": rows_for(rows, tumor_type),
        "tumor_types": types,
        "known_type": (tumor_type or "").strip().lower() in [name.lower() for name in types],
    }


def read_actionable(path: Path) -> list[Actionable]:
    """Read a table of genes: gene, class, tumor_type and note, with a header line.

    Several classes or tumour types stand in one cell, parted by commas; an empty tumour type means
    any.
    """
    rows = []
    for line, row in table_rows(path, ACTIONABLE, needed=("gene", "class")):
        kinds = [(text, class_named(text)) for text in row["class"].split(",")]
        for text, kind in kinds:
            if kind is None:
                raise InputError(
                    path,
                    f"class: expected snv_indel, amplification, deletion or fusion, "
                    f"found {text.strip()!r}",
                    line=line,
                )
        for name in row.get("tumor_type", "").split(","):
            said = name.strip()
            rows += [
                Actionable(
                    gene=row["gene"],
                    kind=kind,
                    tumor_type=None if said.lower() in ANY else said,
                    note=row.get("note") or None,
                )
                for _, kind in kinds
                if kind is not None
            ]
    return rows


def read_external(path: Path) -> Iterator[External]:
    """Read values that were measured elsewhere: biomarker, method, value, date, source."""
    for _, row in table_rows(path, EXTERNAL, needed=("biomarker", "method", "value")):
        yield External(
            biomarker=row["biomarker"],
            method=row["method"],
            value=row["value"],
            date=row.get("date") or None,
            source=row.get("source") or None,
        )


def read_interpretation(path: Path, document: Mapping[str, Any]) -> dict[str, Any]:
    """Read the result of `tumorkit interpretation classify` that belongs to a profile."""
    found = read_document(path, hint="give a tumorkit result")
    schema = found.get("schema")
    if schema != INTERPRETATION:
        raise InputError(
            path, f"expected a {INTERPRETATION} result, found {schema!r}",
            hint="make it with tumorkit interpretation classify --json",
        )  # fmt: skip
    for name in ("sample", "build"):
        said, wanted = found.get(name), document.get(name)
        if said and wanted and said != wanted:
            raise InputError(
                path,
                f"{name} is {said!r}, the profile's is {wanted!r}",
                hint="classify the variants of this profile",
            )
    kept = ("tumor_type", "variants", "not_listed", "statements", "open_statements", "knowledge",
            "notes", "params")  # fmt: skip
    return {name: found[name] for name in kept if name in found}


def read_amendment(path: Path, document: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a profile with that of the previous report, which it amends."""
    previous = read_document(path)
    found = plain(diff_profiles(previous, document, names=(str(path), "profile")))
    tables = ("biomarkers", "tiers", "variants", "events", "genes")
    changes = {name: found[name] for name in ("clinical", "causes", *tables, "shared", "notes")}
    for rows in tables:
        # What differs stands once; a thousand variants need not say it each.
        changes[rows] = [{k: v for k, v in row.items() if k != "causes"} for row in changes[rows]]
    digest = input_file("previous", path).sha256
    date = (previous.get("case") or {}).get("date")
    version = previous.get("tumorkit_version")
    named = {"file": path.name, "sha256": digest, "version": version, "date": date}
    return {"previous": named, **mark_germline(changes, (previous, document))}


def table_rows(
    path: Path, known: Iterable[str], *, needed: Iterable[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line numbers and cells of a tab-separated table with a header line."""
    require_file(path)
    names: list[str] | None = None
    for line, text in read_lines(path):
        if not text.strip() or text.startswith("##"):
            continue
        cells = [cell.strip() for cell in text.rstrip("\r\n").split("\t")]
        if names is None:
            names = [cell.lstrip("#").strip().lower() for cell in cells]
            for name in names:
                if name not in known:
                    hint = suggestion(name, known) or f"known: {', '.join(known)}"
                    raise InputError(path, f"unknown column {name!r}", line=line, hint=hint)
            for name in needed:
                if name not in names:
                    raise InputError(
                        path, f"no column {name!r}", line=line, hint="begin with a header line"
                    )
            continue
        if len(cells) > len(names):
            raise InputError(
                path,
                f"expected {len(names)} columns, found {len(cells)}",
                line=line,
                hint="separate columns with tabs",
            )
        row = dict(zip(names, cells, strict=False))
        for name in needed:
            if not row.get(name):
                raise InputError(path, f"{name} is empty", line=line)
        yield line, row
    if names is None:
        raise InputError(path, "is empty", hint=f"begin with a header line: {', '.join(needed)}")


def measured(
    files: BoardFiles,
    genes: Iterable[str],
    needed: int | None,
    *,
    params: BoardParams,
    threads: int,
    progress: Progress,
) -> Coverage:
    """Return the depth of genes, from reads or from a table of mean depths of targets."""
    path = files.coverage
    if path is None:
        raise AssertionError("a coverage is there")
    wanted = list(genes)
    empty = Coverage(
        source=path.name, unit="targets", needed_depth=needed,
        needed_vaf=params.negative_vaf, genes=(),
    )  # fmt: skip
    least = needed if needed is not None else 0
    if path.suffix in ALIGNED:
        found = from_reads(files, wanted, least, params, threads, progress)
        return replace(empty, unit="bases", genes=tuple(found))
    return replace(empty, genes=tuple(from_targets(path, wanted, least)))


def from_reads(
    files: BoardFiles,
    wanted: list[str],
    needed: int,
    params: BoardParams,
    threads: int,
    progress: Progress,
) -> Iterator[GeneCoverage]:
    """Yield the depth of the coding bases of genes, from an alignment."""
    if files.coverage is None or files.exons is None:
        raise InputError(
            files.coverage or Path(),
            "depth of genes needs their exons",
            hint="give --exons (GTF, GFF3, refFlat or BED)",
        )
    alignment = open_alignment(files.coverage, reference=files.reference)
    genes: dict[str, list[Gene]] = {}
    for gene in read_genes(files.exons):
        if gene.name in wanted:
            genes.setdefault(gene.name, []).append(gene)
    for name in wanted:
        if name not in genes:
            continue
        parts = [
            Interval(gene.contig, start, end)
            for gene in genes[name]
            for start, end in (gene.coding or gene.exons)
        ]
        placed = placed_on(alignment, parts, source=files.exons)
        pieces: list[tuple[str, int, NDArray[np.float64]]] = []
        for (contig, starts, ends), depth in walk(
            alignment, groups_of(placed), params.min_mapping_quality, threads, progress
        ):
            at = 0
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                piece = np.asarray(depth[at : at + end - start], dtype=np.float64)
                pieces.append((contig, start, piece))
                at += end - start
        if pieces:
            yield gene_coverage(name, pieces, needed)


def from_targets(path: Path, wanted: list[str], needed: int) -> Iterator[GeneCoverage]:
    """Yield the depth of genes from a table of targets that names them."""
    bins = read_depths(path)
    rows: dict[str, list[Stretch]] = {}
    for at, names in enumerate(bins.gene.tolist()):
        if not bins.target[at]:
            continue
        for name in str(names).split(","):
            rows.setdefault(name.strip(), []).append(
                Stretch(
                    contig=str(bins.contig[at]),
                    start=int(bins.start[at]),
                    end=int(bins.end[at]),
                    depth=float(bins.depth[at]),
                )
            )
    for name in wanted:
        if name in rows:
            yield summarized_targets(name, rows[name], needed)
