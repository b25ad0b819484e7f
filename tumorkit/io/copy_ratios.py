"""Copy ratios per bin: CNVkit's .cnr and .cnn, GATK's denoised and standardised tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.kernels import load_kernel
from tumorkit.core.kernels.ratio_rows_python import Columns
from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.genome.segment import OFF_TARGET_NAMES, CopyRatios, floored
from tumorkit.io.text import kind_of, not_text, open_binary, read_lines

# Names of columns by what they hold; the first that is present is used.
COLUMNS = {
    "contig": ("chromosome", "contig", "chrom"),
    "start": ("start",),
    "end": ("end",),
    "log2_ratio": ("log2", "log2_copy_ratio", "log2_ratio"),
    "gene": ("gene",),
    "weight": ("weight",),
    "depth": ("depth",),
}
NEEDED = ("contig", "start", "end", "log2_ratio")
NOT_KNOWN = frozenset((b"", b"NA", b"NaN", b"nan", b"."))
BLOCK = 4_000_000
KERNEL = "tumorkit.core.kernels.ratio_rows"
# The columns in the order in which the kernel wants to be told of them.
PLACES = ("contig", "start", "end", "log2_ratio", "weight", "depth", "gene")
HINT = "expected CNVkit .cnr or .cnn, or GATK denoised copy ratios (tab-separated with a header)"


def read_copy_ratios(path: Path) -> CopyRatios:
    """Read copy ratios of bins, in any column order, and put them into genome order.

    ``start`` and ``end`` are 0-based half-open (GATK's 1-based positions are converted). A bin
    without reads (log2 below -15 in CNVkit files) is kept at the floor of the noun; an empty or
    NA log2 stays NaN. Weights are 1 where the file has none. Raises :class:`InputError` for
    missing columns, numbers that are none, bins that are there twice or lie in one another.
    """
    with open_binary(path) as handle:
        at, number, one_based, width, place = _header(path, handle)
        blocks = list(_blocks(path, handle, at, number, width))
    if not blocks:
        raise InputError(path, "holds no bin", hint=HINT)
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    del blocks
    if one_based:
        columns["start"] = columns["start"] - 1
    if place >= 0:
        columns["spread"] = _spread(path, place, number, len(columns["start"]))
    return _checked(path, columns)


def _spread(path: Path, place: int, header: int, size: int) -> NDArray[np.float64]:
    """Return the column of spreads among normals, which few files have; unknown is NaN."""
    found = np.full(size, np.nan)
    at = 0
    for number, line in read_lines(path):
        if number <= header or not line.strip():
            continue
        cell = line.split("\t")[place].strip().encode()
        try:
            value = _number(cell) if cell else float("nan")
        except ValueError:
            raise InputError(
                path, f"spread must be a number, found {cell.decode()!r}", line=number
            ) from None
        found[at] = value if value > 0 else float("nan")
        at += 1
    return found


def read_contig_lengths(path: Path) -> dict[str, int]:
    """Return the contig lengths in the ``@SQ`` lines of a GATK table; empty for other files."""
    lengths = {}
    for _, line in read_lines(path):
        if not line.startswith("@"):
            break
        fields = dict(item.split(":", 1) for item in line.split("\t")[1:] if ":" in item)
        if line.startswith("@SQ") and fields.get("LN", "").isdigit():
            lengths[fields.get("SN", "")] = int(fields["LN"])
    return lengths


def _header(path: Path, handle: BinaryIO) -> tuple[dict[str, int], int, bool, int, int]:
    """Read up to the header; return where each column stands and what is needed to go on.

    That is: places of columns, the header's line number, whether start is 1-based, the number of
    columns, and the place of the spread among normals (-1: none).
    """
    for number, raw in enumerate(iter(handle.readline, b""), 1):
        line = _text(path, raw.rstrip(b"\r\n"), number)
        if not line.strip() or line.startswith(("@", "#")):
            continue
        names = [name.strip() for name in line.split("\t")]
        lower = [name.lower() for name in names]
        at = {
            meaning: next((lower.index(name) for name in known if name in lower), -1)
            for meaning, known in COLUMNS.items()
        }
        missing = [COLUMNS[meaning][0] for meaning in NEEDED if at[meaning] < 0]
        if missing:
            kind = kind_of(path)
            raise InputError(
                path,
                f"is {kind}, no table of copy ratios"
                if kind
                else f"no column {', '.join(missing)}; columns present: {', '.join(names)[:200]}",
                line=number,
                hint=HINT,
            )
        found = {meaning: place for meaning, place in at.items() if place >= 0}
        spread = lower.index("spread") if "spread" in lower else -1
        return found, number, "CONTIG" in names, len(names), spread
    raise InputError(path, "holds no bin", hint=HINT)


def _blocks(
    path: Path, handle: BinaryIO, at: dict[str, int], header: int, width: int
) -> Iterator[dict[str, NDArray[np.generic]]]:
    """Yield columns of a few megabytes of rows; text lives only as long as its block."""
    number = header + 1
    kernel = load_kernel(KERNEL)
    places = [at.get(name, -1) for name in PLACES]
    while block := handle.read(BLOCK):
        block += handle.readline()
        rows = block.count(b"\n") + (not block.endswith(b"\n"))
        found = kernel.rows(block, width, places)
        try:
            if found is None:
                raise ValueError("rows need a closer look")
            yield _columns(found, at)
        except ValueError:
            # Other line ends, ragged rows, or an error: row by row.
            slow = _slow_block(path, block, number, at, header)
            if slow is not None:
                yield slow
        number += rows


def _columns(found: Columns, at: dict[str, int]) -> dict[str, NDArray[np.generic]]:
    """Return the columns of a block from what the kernel read."""
    (start, end), (log2_ratio, weight, depth), (contig, gene), contigs, genes = found
    size = len(start)
    names = [name.decode("utf-8") for name in genes] or [""]
    return {
        "contig": np.array([name.decode("utf-8") for name in contigs])[contig],
        "start": start,
        "end": end,
        "log2_ratio": log2_ratio,
        "gene": np.array(names, dtype=object)[gene],
        "target": np.array([name not in OFF_TARGET_NAMES for name in names])[gene],
        "weight": weight if "weight" in at else np.ones(size),
        "depth": depth if "depth" in at else np.full(size, np.nan),
    }


def _slow_block(
    path: Path, block: bytes, first: int, at: dict[str, int], header: int
) -> dict[str, NDArray[np.generic]] | None:
    """Return the columns of a block, or raise for the row that cannot be read."""
    needed = max(at.values()) + 1
    split: list[tuple[int, list[bytes]]] = []
    for number, raw in enumerate(block.split(b"\n"), first):
        line = raw.rstrip(b"\r")
        if not line.strip():
            continue
        fields = line.split(b"\t")
        if len(fields) < needed:
            raise InputError(
                path,
                f"expected {needed} columns as in line {header}, found {len(fields)}",
                line=number,
                hint="separate columns with tabs",
            )
        split.append((number, fields))
    if not split:
        return None
    text = {meaning: [fields[place] for _, fields in split] for meaning, place in at.items()}
    try:
        return _numbers(text, _number)
    except ValueError:
        raise _not_a_number(path, split, at) from None


def _numbers(
    text: dict[str, list[bytes]], number: Callable[[bytes], float]
) -> dict[str, NDArray[np.generic]]:
    size = len(text["start"])
    names = _names(text.get("gene", [b""] * size))
    columns: dict[str, NDArray[np.generic]] = {
        "contig": np.array(text["contig"]).astype(np.str_),
        "start": np.array(list(map(int, text["start"])), dtype=np.int64),
        "end": np.array(list(map(int, text["end"])), dtype=np.int64),
        "log2_ratio": np.array(list(map(number, text["log2_ratio"]))),
        "gene": np.array(names, dtype=object),
        "target": np.array([name not in OFF_TARGET_NAMES for name in names], dtype=np.bool_),
    }
    for name, otherwise in (("weight", 1.0), ("depth", float("nan"))):
        if name in text:
            columns[name] = np.array(list(map(number, text[name])))
        else:
            columns[name] = np.full(size, otherwise)
    return columns


def _names(cells: list[bytes]) -> list[str]:
    """Return names as text, each different one once in memory."""
    known = {cell: cell.decode("utf-8") for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def _text(path: Path, raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_text(path, line=number) from error


def _number(cell: bytes) -> float:
    return float("nan") if cell.strip() in NOT_KNOWN else float(cell)


def _not_a_number(
    path: Path, rows: list[tuple[int, list[bytes]]], at: dict[str, int]
) -> InputError:
    """Find the first cell that is no number, for a message that names it."""
    for number, fields in rows:
        for meaning in ("start", "end", "log2_ratio", "weight", "depth"):
            if meaning not in at:
                continue
            cell = fields[at[meaning]]
            try:
                _ = int(cell) if meaning in ("start", "end") else _number(cell)
            except ValueError:
                found = cell.decode("utf-8", "replace")
                name = COLUMNS[meaning][0]
                return InputError(path, f"{name} must be a number, found {found!r}", line=number)
    return not_text(path)


def _checked(path: Path, columns: dict[str, NDArray[np.generic]]) -> CopyRatios:
    """Check ranges, sort into genome order and build the noun."""
    contig = np.asarray(columns["contig"], dtype=np.str_)
    start = np.asarray(columns["start"], dtype=np.int64)
    end = np.asarray(columns["end"], dtype=np.int64)
    weight = np.asarray(columns["weight"], dtype=np.float64)
    _refuse(path, contig, start, end, (start < 0) | (end <= start), "end must be after start >= 0")
    _refuse(path, contig, start, end, weight < 0, "a weight is negative")
    log2_ratio = np.asarray(columns["log2_ratio"], dtype=np.float64)
    _refuse(path, contig, start, end, np.isinf(log2_ratio), "log2 is infinite")
    gene, target = columns["gene"], np.asarray(columns["target"], dtype=np.bool_)
    rows = _genome_order(contig, start, end)
    if rows is not None:
        contig, start, end, gene = contig[rows], start[rows], end[rows], gene[rows]
        log2_ratio, weight, target = log2_ratio[rows], weight[rows], target[rows]
        columns["depth"] = columns["depth"][rows]
        if "spread" in columns:
            columns["spread"] = columns["spread"][rows]
    shared = np.minimum(end[:-1], end[1:]) - start[1:]
    shorter = np.minimum(end[:-1] - start[:-1], end[1:] - start[1:])
    # Neighbouring amplicons and probes may share an edge; more means two panels in one file.
    twice = np.append((contig[1:] == contig[:-1]) & (shared > shorter / 2), False)
    _refuse(path, contig, start, end, twice, "overlaps the next bin by more than half")
    return CopyRatios(
        contig=contig,
        start=start,
        end=end,
        log2_ratio=floored(log2_ratio),
        weight=weight,
        gene=gene.astype(np.object_),
        depth=np.asarray(columns["depth"], dtype=np.float64),
        target=target,
        spread=np.asarray(columns["spread"], dtype=np.float64) if "spread" in columns else None,
    )


def _genome_order(
    contig: NDArray[np.str_], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    """Return the rows in genome order, None if they are."""
    edges = np.flatnonzero(contig[1:] != contig[:-1]) + 1
    firsts = contig[np.append(0, edges)].tolist()
    ranks = {name: rank for rank, name in enumerate(sorted(set(firsts), key=order))}
    sizes = np.diff(np.concatenate(([0], edges, [len(contig)])))
    rank = np.repeat(np.array([ranks[name] for name in firsts]), sizes)
    later = (rank[1:] > rank[:-1]) | ((rank[1:] == rank[:-1]) & (start[1:] > start[:-1]))
    return None if later.all() else np.lexsort((end, start, rank))


def _refuse(
    path: Path,
    contig: NDArray[np.generic],
    start: NDArray[np.generic],
    end: NDArray[np.generic],
    bad: NDArray[np.bool_],
    said: str,
) -> None:
    """Raise for the first bad bin, naming it and how many there are."""
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        more = f" ({int(bad.sum())} such bins)" if bad.sum() > 1 else ""
        raise InputError(
            path,
            f"bin {contig[at]}:{start[at]}-{end[at]}: {said}{more}",
            hint="every stretch of the genome belongs in one bin, with 0-based half-open ends",
        )


def copy_ratios_text(ratios: CopyRatios, empty: NDArray[np.bool_] | None = None) -> str:
    """Return copy ratios as a ``.cnr`` table, in the columns of CNVkit.

    ``empty`` marks bins without reads in a column ``flag`` (``no_reads``, else ``-``). The spread
    among normals, where known, is the last column.
    """
    columns = (
        ratios.contig, ratios.start, ratios.end, ratios.gene, ratios.depth, ratios.log2_ratio,
        ratios.weight,
    )  # fmt: skip
    flags = [""] * len(ratios)
    if empty is not None:
        flags = ["\tno_reads" if one else "\t-" for one in empty.tolist()]
    spreads = [""] * len(ratios)
    if ratios.spread is not None:
        spreads = ["\t" if not one > 0 else f"\t{one:.4g}" for one in ratios.spread.tolist()]
    head = "chromosome\tstart\tend\tgene\tdepth\tlog2\tweight"
    lines = [head + "\tflag" * (empty is not None) + "\tspread" * (ratios.spread is not None)]
    lists = [column.tolist() for column in columns]
    for *row, flag, spread in zip(*lists, flags, spreads, strict=True):
        contig, start, end, gene, *numbers = row
        shown = "\t".join("" if value != value else f"{value:.6g}" for value in numbers)  # noqa: PLR0124
        lines.append(f"{contig}\t{start}\t{end}\t{gene or '-'}\t{shown}{flag}{spread}")
    return "\n".join(lines) + "\n"
