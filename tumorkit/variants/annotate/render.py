"""Writes annotations into INFO; every other byte of a line is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tumorkit.genome.vcf import INFO_COLUMN, VcfHeader, parse_attributes
from tumorkit.genome.vcf_block import AS_IS, FIRST_OTHER, RecordBlock
from tumorkit.variants.annotate.population import Population
from tumorkit.variants.annotate.regions import Hotspots, Regions
from tumorkit.variants.asked import ASKED_REGIONS, UNCOVERED, asked_regions

FILTER_COLUMN = 6
POPULATION_KEYS = ("TK_AF", "TK_AC", "TK_AN", "TK_POPMAX")


def annotated_header(
    header: VcfHeader,
    populations: Sequence[Population],
    regions: Sequence[Regions],
    hotspots: Hotspots | None,
) -> VcfHeader:
    """Return the header of the output: every source that was asked, so that absence can be told."""
    lines: list[str] = []
    for item in populations:
        lines += population_lines(item)
    if populations:
        lines.append(
            f'##INFO=<ID={UNCOVERED},Number=.,Type=String,Description="Population sources that '
            'did not look at the site: their frequency is unknown, not absent">'
        )
    if regions:
        labels = dict.fromkeys((*asked_regions(header), *(item.label for item in regions)))
        lines.append(
            '##INFO=<ID=TK_REGIONS,Number=.,Type=String,Description="Labels of regions that an '
            f'allele touches; asked for: {", ".join(labels)}">'
        )
        lines += [
            f'{ASKED_REGIONS}<ID={item.label},File="{quoted(item.file)}",SHA256="{item.sha256}">'
            for item in regions
        ]
    if hotspots is not None:
        lines.append(
            '##INFO=<ID=TK_HOTSPOT,Number=A,Type=String,Description="Hotspot class of each allele '
            f'by {quoted(hotspots.file)}: 1-hotspot, 2-indel, 3-check; no value: not listed">'
        )
    return header.with_meta(lines)


def population_lines(item: Population) -> list[str]:
    """Return the declarations of one population source."""
    name, file, fields = item.name, quoted(item.file), item.fields
    said = fields.frequency or "AC/AN"
    lines = [
        f'##INFO=<ID=TK_AF_{name},Number=A,Type=Float,Description="{said} of each allele in '
        f'{file}; no value: the source has no entry, see {UNCOVERED}">'
    ]
    if fields.count:
        lines.append(
            f'##INFO=<ID=TK_AC_{name},Number=A,Type=Integer,Description="{fields.count} of each '
            f'allele in {file}">'
        )
    if fields.number:
        lines.append(
            f'##INFO=<ID=TK_AN_{name},Number=1,Type=Integer,Description="{fields.number} at the '
            f'position in {file}">'
        )
    if fields.popmax:
        lines.append(
            f'##INFO=<ID=TK_POPMAX_{name},Number=A,Type=Float,Description="{fields.popmax} of '
            f'each allele in {file}">'
        )
    number = "" if item.allele_number is None else f",AN={item.allele_number}"
    lines.append(f'##tumorkit_population=<ID={name},File="{file}",Field={said}{number}>')
    return lines


def quoted(text: str) -> str:
    """Return text that can stand between the quotes of a header line."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


class Renderer:
    """Adds tags to the lines of one file."""

    def __init__(
        self,
        header: VcfHeader,
        populations: Sequence[Population],
        regions: Sequence[Regions],
        hotspots: Hotspots | None,
    ) -> None:
        self.names = {item.name for item in populations}
        self.labels = {item.label for item in regions}
        keys = [f"{key}_{name}" for key in POPULATION_KEYS for name in self.names]
        keys += ["TK_HOTSPOT"] if hotspots is not None else []
        self.replaced = {key for key in keys if key in header.info}
        again = {UNCOVERED} if populations else set()
        again |= {"TK_REGIONS"} if regions else set()
        self.merged = {key for key in again if key in header.info}

    @property
    def again(self) -> bool:
        """Whether an earlier run may have written what is written now."""
        return bool(self.replaced or self.merged)

    def content(self, block: RecordBlock, tags: Mapping[int, list[str]]) -> bytes:
        """Return the lines of a block with tags added to the records that have some."""
        choice = np.full(len(block), AS_IS, dtype=np.int64)
        others: list[str] = []
        if self.again:
            for at, record in enumerate(block):
                choice[at] = FIRST_OTHER - len(others)
                info = self.info(record.columns[INFO_COLUMN], tags.get(at, []))
                others.append(record.with_columns(info=info))
            return block.substituted(choice, [], others)
        filters, texts = block.grouped(FILTER_COLUMN)
        changes: dict[tuple[str, str], int] = {}
        for at, items in tags.items():
            change = texts[filters[at]], ";".join(items)
            choice[at] = changes.setdefault(change, len(changes))
        return block.substituted(choice, list(changes), others)

    def info(self, before: str, tags: Iterable[str]) -> str:
        """Return INFO with tags added; those of an earlier run give way or are joined.

        Labels and sources that are not asked again keep what the earlier run said of them.
        """
        fresh = dict(item.split("=", 1) for item in tags)
        kept = []
        for item in [] if before in (".", "") else before.split(";"):
            key, _, value = item.partition("=")
            if key in self.replaced:
                continue
            if key in self.merged:
                mine = self.names if key == UNCOVERED else self.labels
                names = [name for name in value.split(",") if name not in mine]
                names += [name for name in fresh.pop(key, "").split(",") if name]
                if names:
                    kept.append(f"{key}={','.join(names)}")
                continue
            kept.append(item)
        kept += [f"{key}={value}" for key, value in fresh.items()]
        return ";".join(kept) or "."


def attribute(line: str, name: str) -> str:
    """Return one attribute of a structured meta line, empty where it has none."""
    return parse_attributes(line.partition("=<")[2]).get(name, "")
