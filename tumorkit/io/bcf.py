"""BCF, the binary form of VCF, through htslib: read as the text it stands for, written from text.

BCF stores every name by its place in the header and every value in its declared type; what a
header does not declare must be declared first, and a value of another type cannot be stored.
Source: the VCF specification, section 6 (BCF).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.vcf import VcfHeader

MAGIC = b"BCF\x02"
_BATCH = 5_000
_NO_VALUE = re.compile(r"(?<![^\t:;,=])\.(?![^\t:;,])")


def text_chunks(path: Path) -> Iterator[bytes]:
    """Yield the text of a BCF in pieces: the header, then some thousand records at a time.

    Raises :class:`InputError` for a file that is damaged or ends early.
    """
    import pysam

    saved = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(str(path)) as source:
            yield str(source.header).encode("utf-8")
            records = iter(source)
            while lines := [str(record) for record in islice(records, _BATCH)]:
                yield "".join(lines).encode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            path, "the BCF is damaged or ends early", hint="copy or make the file again"
        ) from error
    finally:
        pysam.set_verbosity(saved)


# Number and type of fields that the specification reserves (1.6.1, 1.6.2).
RESERVED = {
    "INFO": {
        "AC": "A Integer", "AD": "R Integer", "AF": "A Float", "AN": "1 Integer", "DB": "0 Flag",
        "DP": "1 Integer", "END": "1 Integer", "H2": "0 Flag", "H3": "0 Flag", "MQ": "1 Float",
        "MQ0": "1 Integer", "SOMATIC": "0 Flag", "SVTYPE": "1 String", "SVLEN": "A Integer",
    },
    "FORMAT": {
        "AD": "R Integer", "ADF": "R Integer", "ADR": "R Integer", "DP": "1 Integer",
        "FT": "1 String", "GQ": "1 Integer", "GT": "1 String", "MQ": "1 Integer",
        "PL": "G Integer", "PS": "1 Integer",
    },
}  # fmt: skip


@dataclass(kw_only=True)
class Names:
    """The names that records use and a header does not declare."""

    contigs: dict[str, None] = field(default_factory=dict)
    filters: dict[str, None] = field(default_factory=dict)
    info: dict[str, None] = field(default_factory=dict)
    formats: dict[str, None] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return meta lines that declare them."""
        said = 'Description="Not declared by the file that was read"'
        return [
            *(f"##contig=<ID={name}>" for name in self.contigs),
            *(f"##FILTER=<ID={name},{said}>" for name in self.filters),
            *(declaration("INFO", name, said) for name in self.info),
            *(declaration("FORMAT", name, said) for name in self.formats),
        ]

    def __str__(self) -> str:
        parts = (
            ("contig", self.contigs), ("FILTER", self.filters), ("INFO", self.info),
            ("FORMAT", self.formats),
        )  # fmt: skip
        return "; ".join(f"{kind} {', '.join(names)}" for kind, names in parts if names)


def declaration(kind: str, name: str, said: str) -> str:
    """Return a meta line: with the type of a reserved name, else as text."""
    number, form = RESERVED[kind].get(name, ". String").split()
    return f"##{kind}=<ID={name},Number={number},Type={form},{said}>"


def undeclared(text: Path, header: VcfHeader) -> Names:
    """Return what the records of a VCF text use without a declaration."""
    names = Names()
    filters, formats = {"", ".", "PASS"}, {"", "."}
    with text.open(encoding="utf-8", newline="\n") as handle:
        for line in handle:
            if line.startswith("#"):
                continue
            columns = line.rstrip("\n").split("\t", 9)
            if columns[0] not in header.contigs:
                names.contigs[columns[0]] = None
            if columns[6] not in filters:
                filters.add(columns[6])
                for name in columns[6].split(";"):
                    if name not in header.filters and name != "PASS":
                        names.filters[name] = None
            if columns[7] not in (".", ""):
                for item in columns[7].split(";"):
                    name = item.partition("=")[0]
                    if name and name not in header.info:
                        names.info[name] = None
            if len(columns) > 8 and columns[8] not in formats:
                formats.add(columns[8])
                for name in columns[8].split(":"):
                    if name not in header.formats:
                        names.formats[name] = None
    return names


def write_bcf(text: Path, target: Path, header: VcfHeader) -> list[str]:
    """Write the records of a VCF text as BCF; return what had to be changed, in words.

    Raises :class:`InputError` where a record cannot be stored at all.
    """
    # pysam's own writer spoils records whose header was copied; htslib's programs do not.
    from pysam import bcftools
    from pysam.utils import SamtoolsError

    names = undeclared(text, header)
    notes = [f"declared for BCF, as the input did not: {names}"] if names.lines() else []
    with _complete(text, header, names) as source:
        try:
            bcftools.view("--no-version", "-Ob", "-o", str(target), str(source), catch_stdout=False)
        except SamtoolsError as error:
            said = str(error).splitlines()
            raise InputError(
                target,
                f"cannot be stored as BCF: {said[0] if said else 'htslib refuses it'}",
                hint="write .vcf.gz instead",
            ) from error
        count, first = lost(source, target)
    if count:
        notes.append(
            f"{count} records have values that do not fit their declaration and are missing in "
            f"the BCF, the first: {first}"
        )
    return notes


def lost(text: Path, binary: Path) -> tuple[int, str]:
    """Return how many records have values that BCF did not take, and the first of them."""
    count, first = 0, ""
    lines = itertools.chain.from_iterable(
        chunk.decode("utf-8").splitlines() for chunk in text_chunks(binary)
    )
    stored = (line for line in lines if not line.startswith("#"))
    with text.open(encoding="utf-8", newline="\n") as handle:
        written = (line.rstrip("\n") for line in handle if not line.startswith("#"))
        for old, new in zip(written, stored, strict=True):
            if len(_NO_VALUE.findall(new)) <= len(_NO_VALUE.findall(old)):
                continue
            what = _first_lost(old.split("\t"), new.split("\t"))
            if what:
                count += 1
                first = first or what
    return count, first


def _first_lost(old: list[str], new: list[str]) -> str:
    """Return the first value of a record that is missing in its other form, and where."""
    pairs = [(one.partition("="), two.partition("=")) for one, two in _zipped(old[7], new[7], ";")]
    found = [(f"INFO/{one[0]}={one[2]}", one[2], two[2]) for one, two in pairs]
    keys = old[8].split(":") if len(old) > 8 else []
    for one, two in zip(old[9:], new[9:], strict=False):
        values = zip(keys, one.split(":"), two.split(":"), strict=False)
        found += [(f"FORMAT/{key}={was}", was, now) for key, was, now in values]
    for said, was, now in found:
        if any(b == "." and a not in (".", "") for a, b in _zipped(was, now, ",")):
            return f"{old[0]}:{old[1]} {said}"
    return ""


def _zipped(one: str, two: str, separator: str) -> Iterator[tuple[str, str]]:
    return zip(one.split(separator), two.split(separator), strict=False)


@contextlib.contextmanager
def _complete(text: Path, header: VcfHeader, names: Names) -> Iterator[Path]:
    """Give a path of the same records under a header that declares all that they use."""
    meta = header.with_meta(names.lines()).meta
    if not meta or not meta[0].startswith("##fileformat="):
        meta = ("##fileformat=VCFv4.2", *meta)
    handle, name = tempfile.mkstemp(dir=text.parent, prefix=".", suffix=".vcf")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as out, text.open("rb") as records:
            complete = VcfHeader(meta, header.samples, header.has_format)
            out.write(complete.text().encode("utf-8"))
            out.writelines(line for line in records if not line.startswith(b"#"))
        yield path
    finally:
        path.unlink(missing_ok=True)
