"""The rows of the background file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.error_rates import VAGUE, RatePrior
from tumorkit.variants.background.analysis import (
    COVERING,
    PanelBlock,
    indel_counts,
    indels_of,
    shrunk_rates,
    substitutions_of,
)
from tumorkit.variants.background.contexts import BASES, SUBSTITUTION_NAMES, base_codes
from tumorkit.variants.background.params import BackgroundParams

Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class BlockRows:
    """The text of a block's rows, and what they are."""

    text: str
    covered: int
    alleles: int
    insertions_deletions: int
    germline: int


def block_rows(
    block: PanelBlock, priors: Mapping[str, RatePrior], params: BackgroundParams
) -> BlockRows:
    """Return the rows of a block, sorted: each covered base, then the alleles seen there.

    Counts are those found, also of normals that carry the allele: the reader leaves them out by
    the same rule.
    """
    lines: list[tuple[int, str]] = base_lines(block)
    covered = len(lines)
    seen, germline = substitution_lines(block, priors, params)
    slips, carried = indel_lines(block, priors, params)
    # Sorted by place; at one place the base, then substitutions, then insertions and deletions.
    ordered = sorted([*lines, *seen, *slips], key=lambda item: item[0])
    return BlockRows(
        text="".join(text for _, text in ordered),
        covered=covered,
        alleles=len(seen) + len(slips),
        insertions_deletions=len(slips),
        germline=germline + carried,
    )


def base_lines(block: PanelBlock) -> list[tuple[int, str]]:
    """Return the row of every covered base: depths in all normals."""
    depth = block.counts[:, :, COVERING].sum(axis=2, dtype=np.int64)
    rows = np.flatnonzero(depth.sum(axis=1) > 0)
    at = block.positions[rows] - block.origin
    padded = f"N{block.sequence}N"
    ref = base_codes(padded)[at + 1]
    by_base = block.counts[rows, :, :4].sum(axis=1, dtype=np.int64)
    same = np.take_along_axis(by_base, np.minimum(ref, 3)[:, None], axis=1)[:, 0]
    other = by_base.sum(axis=1) - np.where(ref < 4, same, 0)
    columns = (
        block.positions[rows].tolist(),
        at.tolist(),
        (depth[rows] > 0).sum(axis=1).tolist(),
        depth[rows].sum(axis=1).tolist(),
        other.tolist(),
        depth[rows].tolist(),
    )
    lines = []
    for pos, k, normals, total, seen, listed in zip(*columns, strict=True):
        around = padded[k : k + 3]
        lines.append(
            (
                pos,
                f"{block.contig}\t{pos + 1}\t{around[1]}\t.\t{around}\t{normals}\t\t{total}"
                f"\t{seen}\t\t{','.join(map(str, listed))}\t\n",
            )
        )
    return lines


def substitution_lines(
    block: PanelBlock, priors: Mapping[str, RatePrior], params: BackgroundParams
) -> tuple[list[tuple[int, str]], int]:
    """Return the rows of the substitutions that any normal shows, and how often one is carried."""
    alleles = substitutions_of(block, params)
    germline = alleles.germline.sum(axis=1)
    raw = block.counts[alleles.row // 4, :, alleles.row % 4]
    at = np.flatnonzero(raw.any(axis=1))
    kinds = [SUBSTITUTION_NAMES[kind] for kind in alleles.kind[at].tolist()]
    k, n = alleles.k[at], alleles.n[at]
    rates = shrunk_rates(k, n, [priors.get(kind, VAGUE) for kind in kinds])
    lines = []
    for number, kind in enumerate(kinds):
        row, alt = divmod(int(alleles.row[at[number]]), 4)
        pos = int(block.positions[row])
        head = f"{block.contig}\t{pos + 1}\t{block.fetch('', pos, pos + 1)}\t{BASES[alt]}\t{kind}"
        tail = allele_tail(
            k[number], n[number], int(germline[at[number]]), rates[number], "", raw[at[number]]
        )
        lines.append((pos, f"{head}\t{tail}\n"))
    return lines, int(germline.sum())


def indel_lines(
    block: PanelBlock, priors: Mapping[str, RatePrior], params: BackgroundParams
) -> tuple[list[tuple[int, str]], int]:
    """Return the rows of insertions and deletions, and how often one is carried."""
    lines = []
    carried = 0
    for one in indels_of(block):
        k, n, depth, raw = indel_counts(block, one, params)
        germline = int(((depth > 0) & (n == 0)).sum())
        carried += germline
        prior = priors.get(one.kind) or priors.get(one.kind.partition(":")[0]) or VAGUE
        rate = shrunk_rates(k[None], n[None], [prior])[0]
        pos = int(block.positions[one.row])
        listed = ",".join(map(str, depth.tolist()))
        tail = allele_tail(k, n, germline, rate, listed, raw)
        lines.append(
            (pos, f"{block.contig}\t{pos + 1}\t{one.ref}\t{one.alt}\t{one.kind}\t{tail}\n")
        )
    return lines, carried


def allele_tail(
    k: Integers, n: Integers, germline: int, rate: float, depths: str, raw: NDArray[np.integer]
) -> str:
    """Return the fields of an allele behind its kind."""
    shown = ",".join(f"{normal}:{raw[normal]}" for normal in np.flatnonzero(raw).tolist())
    return (
        f"{int((n > 0).sum())}\t{germline}\t{int(n.sum())}\t{int(k.sum())}\t{rate:.4g}"
        f"\t{depths}\t{shown}"
    )
