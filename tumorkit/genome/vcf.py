"""VCF as text: a header that can be asked, records that keep every byte of their line.

Values are parsed when somebody asks, because most questions need two or three fields of a line.
Source: the VCF specification, versions 4.0 to 4.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
INFO_COLUMN = 7
FORMAT_COLUMN = 8
SAMPLE_COLUMN = 9
MISSING = "."

_ATTRIBUTE = re.compile(r'([A-Za-z0-9_.]+)=("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)')


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """An INFO, FORMAT or FILTER line of a header; FILTER lines have no number and no type."""

    id: str
    number: str = ""
    type: str = ""
    description: str = ""


@dataclass(frozen=True)
class VcfHeader:
    """The meta lines (``##``, without line ends) and the sample names of a VCF.

    >>> header = VcfHeader(('##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth, all">',), ())
    >>> header.info["DP"].description
    'Depth, all'
    """

    meta: tuple[str, ...]
    samples: tuple[str, ...]
    has_format: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_format", self.has_format or bool(self.samples))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of a record."""
        if self.has_format:
            return (*FIXED_COLUMNS, "FORMAT", *self.samples)
        return FIXED_COLUMNS

    @cached_property
    def sample_columns(self) -> dict[str, int]:
        """Column index of each sample."""
        return {name: SAMPLE_COLUMN + at for at, name in enumerate(self.samples)}

    @cached_property
    def info(self) -> dict[str, Declaration]:
        """Declared INFO fields by ID."""
        return self._declared("INFO")

    @cached_property
    def formats(self) -> dict[str, Declaration]:
        """Declared FORMAT fields by ID."""
        return self._declared("FORMAT")

    @cached_property
    def filters(self) -> dict[str, Declaration]:
        """Declared FILTER values by ID."""
        return self._declared("FILTER")

    @cached_property
    def contigs(self) -> dict[str, int | None]:
        """Length of each declared contig, None where the header does not say."""
        lengths: dict[str, int | None] = {}
        for line in self.meta:
            if line.startswith("##contig=<"):
                attributes = parse_attributes(line[len("##contig=<") :])
                length = attributes.get("length", "")
                lengths[attributes.get("ID", "")] = int(length) if length.isdigit() else None
        return lengths

    @property
    def contig_lengths(self) -> dict[str, int]:
        """The lengths that are known."""
        return {name: size for name, size in self.contigs.items() if size is not None}

    @property
    def tumor_samples(self) -> tuple[str, ...]:
        """Samples that ``##tumor_sample`` lines name."""
        return tuple(dict.fromkeys(self.values("tumor_sample")))

    @property
    def normal_samples(self) -> tuple[str, ...]:
        """Samples that ``##normal_sample`` lines name."""
        return tuple(dict.fromkeys(self.values("normal_sample")))

    def values(self, key: str) -> list[str]:
        """Return the values of all ``##key=value`` lines, in order."""
        prefix = f"##{key}="
        return [line[len(prefix) :] for line in self.meta if line.startswith(prefix)]

    def with_meta(self, lines: Iterable[str]) -> VcfHeader:
        """Return a header with meta lines added at the end.

        A line that declares an ID which is declared already takes the older line's place.
        """
        kept = list(self.meta)
        for line in lines:
            prefix = declaration_prefix(line)
            at = next((i for i, old in enumerate(kept) if prefix and old.startswith(prefix)), None)
            if at is None:
                kept.append(line)
            else:
                kept[at] = line
        return VcfHeader(tuple(kept), self.samples, self.has_format)

    def text(self) -> str:
        """Return the header as it stands in a file, with its last newline."""
        return "\n".join([*self.meta, "\t".join(self.columns)]) + "\n"

    def _declared(self, kind: str) -> dict[str, Declaration]:
        prefix = f"##{kind}=<"
        found: dict[str, Declaration] = {}
        for line in self.meta:
            if line.startswith(prefix):
                attributes = parse_attributes(line[len(prefix) :])
                name = attributes.get("ID", "")
                found.setdefault(
                    name,
                    Declaration(
                        id=name,
                        number=attributes.get("Number", ""),
                        type=attributes.get("Type", ""),
                        description=attributes.get("Description", ""),
                    ),
                )
        return found


def parse_attributes(text: str) -> dict[str, str]:
    """Return the ``key=value`` pairs of a structured meta line, from behind its ``<``.

    >>> parse_attributes('ID=AD,Number=R,Description="Depths, \\\\"raw\\\\"">')
    {'ID': 'AD', 'Number': 'R', 'Description': 'Depths, "raw"'}
    """
    pairs = _ATTRIBUTE.findall(text.rstrip().removesuffix(">"))
    return {
        key: re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        for key, value in pairs
    }


def declaration_prefix(line: str) -> str:
    """Return what all declarations of one ID begin with, empty for other meta lines."""
    kind, mark, rest = line.partition("=<")
    return f"{kind}=<ID={parse_attributes(rest).get('ID', '')}," if mark else ""


class VcfRecord:
    """One line of a VCF. Columns are text; counts and INFO values are parsed when asked for.

    >>> header = VcfHeader((), ("N", "T"))
    >>> line = "chr1\\t8\\t.\\tA\\tC,G\\t.\\tPASS\\tDP=9;DB\\tGT:AD\\t0/0:5,0,0\\t0/1:1,2,1"
    >>> record = VcfRecord(line, header)
    >>> record.alts, record.info["DP"], record.sample("T")["AD"]
    (('C', 'G'), '9', '1,2,1')
    """

    __slots__ = ("_info", "columns", "header", "line", "number", "pos")

    def __init__(self, line: str, header: VcfHeader, number: int = 0) -> None:
        self.line = line
        self.header = header
        self.number = number
        self.columns = line.split("\t")
        self.pos = int(self.columns[1])
        self._info: dict[str, str] | None = None

    @property
    def contig(self) -> str:
        """Name of the contig."""
        return self.columns[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the ID column; empty where there are none."""
        return split_missing(self.columns[2], ";")

    @property
    def ref(self) -> str:
        """Reference allele."""
        return self.columns[3]

    @property
    def alts(self) -> tuple[str, ...]:
        """Alternative alleles; empty where ALT is ``.`` (a site without a variant)."""
        alt = self.columns[4]
        if alt in (MISSING, ""):
            return ()
        return tuple(alt.split(",")) if "," in alt else (alt,)

    @property
    def quality(self) -> float | None:
        """QUAL; None where unknown."""
        return to_float(self.columns[5])

    @property
    def filters(self) -> tuple[str, ...]:
        """Values of FILTER as written (``PASS`` is one); empty where no filter was applied."""
        return split_missing(self.columns[6], ";")

    @property
    def info(self) -> dict[str, str]:
        """INFO as text by key; a flag has an empty value. Of a key that stands twice, the first.

        So does htslib; with and without a value, the one with a value counts.
        """
        if self._info is None:
            text = self.columns[INFO_COLUMN]
            if text in (MISSING, ""):
                self._info = {}
            else:
                pairs = [item.partition("=") for item in text.split(";") if item]
                self._info = {key: value for key, _, value in pairs}
                if len(self._info) < len(pairs):
                    valued = [pair for pair in pairs if pair[1]]
                    self._info.update({key: value for key, _, value in reversed(valued)})
        return self._info

    def info_text(self, key: str) -> str | None:
        """Return one INFO value without parsing the others; None if absent or ``.``.

        A flag that is set gives an empty string.
        """
        if self._info is not None:
            value = self._info.get(key)
            return None if value == MISSING else value
        text = self.columns[INFO_COLUMN]
        tag = key + "="
        if text.startswith(tag):
            start = len(tag)
        else:
            at = text.find(";" + tag)
            if at < 0:
                return "" if key in text and key in text.split(";") else None
            start = at + len(tag) + 1
        end = text.find(";", start)
        value = text[start:] if end < 0 else text[start:end]
        return None if value == MISSING else value

    @property
    def format(self) -> str:
        """The FORMAT column; empty where there is none or it is ``.``."""
        if len(self.columns) <= FORMAT_COLUMN:
            return ""
        text = self.columns[FORMAT_COLUMN]
        return "" if text == MISSING else text

    def sample_text(self, name: str) -> str:
        """Return a sample's column as text."""
        return self.columns[self.header.sample_columns[name]]

    def sample(self, name: str) -> dict[str, str]:
        """Return a sample's values by FORMAT key; trailing fields may be left out, as in VCF."""
        keys = self.format
        if not keys:
            return {}
        return dict(zip(keys.split(":"), self.sample_text(name).split(":"), strict=False))

    def with_columns(self, *, filters: str | None = None, info: str | None = None) -> str:
        """Return the line with another FILTER or INFO; every other byte is kept."""
        columns = self.columns.copy()
        if filters is not None:
            columns[6] = filters
        if info is not None:
            columns[INFO_COLUMN] = info
        return "\t".join(columns)

    def __repr__(self) -> str:
        return f"VcfRecord({self.contig}:{self.pos} {self.ref}>{self.columns[4]})"


def split_missing(text: str, separator: str) -> tuple[str, ...]:
    """Split text; ``.`` and nothing are no values."""
    return () if text in (MISSING, "") else tuple(text.split(separator))


def to_float(text: str | None) -> float | None:
    """Return a number; None for ``.``, nothing, NaN and what is no number.

    >>> [to_float(text) for text in ("0.5", ".", "1e-3", "nan", None)]
    [0.5, None, 0.001, None, None]
    """
    if not text or text == MISSING:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value else None  # noqa: PLR0124 - NaN differs from itself


def to_int(text: str | None) -> int | None:
    """Return a whole number; None for ``.``, nothing and what is no whole number.

    >>> [to_int(text) for text in ("12", ".", "1.0", "x", None)]
    [12, None, 1, None, None]
    """
    if not text or text == MISSING:
        return None
    try:
        return int(text)
    except ValueError:
        value = to_float(text)
        return int(value) if value is not None and value == int(value) else None
