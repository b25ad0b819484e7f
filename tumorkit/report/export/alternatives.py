"""A VCF record of several alternatives as one record each, for programs that take only those.

Source: VCF 4.3, sections 1.4.2 and 1.6: fields with a value an alternative (A), an allele (R) or a
genotype (G); other fields are the same in every record. Other alternatives of a genotype become
``.``, for they are neither the reference nor the record's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tumorkit.genome.vcf import Declaration, VcfHeader

REF, ALT, INFO, FORMAT = 3, 4, 7, 8
MISSING = "."


def each_alternative(lines: tuple[str, ...]) -> Iterator[str]:
    r"""Yield the lines of a VCF; a record of several alternatives as one record each.

    >>> head = ('##INFO=<ID=AF,Number=A,Type=Float,Description="x">',
    ...         '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">')
    >>> line = "chr1\t8\t.\tA\tC,G\t.\tPASS\tAF=.1,.2;DB\tGT:AD\t0/2:9,1,2"
    >>> list(each_alternative((*head, line)))[2:]
    ['chr1\t8\t.\tA\tC\t.\tPASS\tAF=.1;DB\tGT:AD\t0/.:9,1',
     'chr1\t8\t.\tA\tG\t.\tPASS\tAF=.2;DB\tGT:AD\t0/1:9,2']
    """
    header = VcfHeader(tuple(line for line in lines if line.startswith("##")), ())
    for line in lines:
        alts = [] if line.startswith("#") else line.split("\t", 5)[ALT].split(",")
        if len(alts) < 2:
            yield line
        else:
            yield from (one(line, header, at, alts) for at in range(len(alts)))


def one(line: str, header: VcfHeader, at: int, alts: list[str]) -> str:
    """Return a record with only one of its alternatives, counted from 0."""
    columns = line.split("\t")
    columns[ALT] = alts[at]
    fields = []
    for item in columns[INFO].split(";"):
        key, sign, value = item.partition("=")
        fields.append(f"{key}{sign}{cut(key, value, header.info, at, len(alts))}")
    columns[INFO] = ";".join(fields)
    if len(columns) > FORMAT:
        keys = columns[FORMAT].split(":")
        for column in range(FORMAT + 1, len(columns)):
            values = columns[column].split(":")
            told = zip(keys, values, strict=False)
            columns[column] = ":".join(
                genotype(value, at)
                if key == "GT"
                else cut(key, value, header.formats, at, len(alts))
                for key, value in told
            )
    return "\t".join(columns)


def cut(key: str, value: str, known: Mapping[str, Declaration], at: int, number: int) -> str:
    """Return the values of a field that belong to one alternative."""
    values = value.split(",")
    kind = known[key].number if key in known else ""
    wanted = {
        "A": [at],
        "R": [0, at + 1],
        # Genotypes 0/0, 0/n and n/n in VCF's order.
        "G": [0, (at + 1) * (at + 2) // 2, (at + 1) * (at + 4) // 2],
    }.get(kind)
    sizes = {"A": number, "R": number + 1, "G": (number + 1) * (number + 2) // 2}
    if wanted is None or len(values) != sizes[kind]:
        return value
    return ",".join(values[place] for place in wanted)


def genotype(value: str, at: int) -> str:
    """Return a genotype by the reference and one alternative.

    >>> genotype("0/2", 1), genotype("1|2", 0), genotype("./.", 0)
    ('0/1', '1|.', './.')
    """
    sign = "|" if "|" in value else "/"
    own = {"0": "0", str(at + 1): "1"}
    return sign.join(own.get(allele, MISSING) for allele in value.split(sign))
