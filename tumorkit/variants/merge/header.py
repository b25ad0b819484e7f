"""The header of a merged file: what callers declared, each ID meaning one thing."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.genome.vcf import Declaration, VcfHeader, declaration_prefix
from tumorkit.variants.merge.calls import CallFile
from tumorkit.variants.merge.consensus import FILTERS
from tumorkit.variants.merge.params import MergeParams

OWN_INFO = {
    "CALLERS": (".", "String", "Callers that found the allele, in their own or in other words"),
    "TK_SUPPORT": ("2", "Integer", "Callers that pass the allele, callers that found it"),
    "TK_FILTERS": ("1", "String", "FILTER of each caller, as caller:filters joined by |"),
    "TK_HOW": (
        ".",
        "String",
        "How each of CALLERS found it: own (as it stands), part (of its haplotype), parts (all "
        "changes one by one), phased (parts on one haplotype)",
    ),
    "TK_OLD": (".", "String", "pos/REF/ALT as each of CALLERS wrote it, where that differs"),
    "TK_CHOSEN": ("1", "String", "Caller whose counts and INFO these are"),
    "TK_PARTS": (".", "String", "The changes that this haplotype is made of, as pos:REF>ALT"),
    "TK_PART_OF": (".", "String", "The haplotypes that this change is part of, as pos:REF>ALT"),
    "TK_PHASE": (
        ".",
        "String",
        "What puts the parts on one haplotype: caller, PID, PS (reads) or equal_vaf (weak); "
        "contradicted where a caller puts them on two",
    ),
    "TK_PROTEIN": (
        "1",
        "String",
        "Change recomputed for the haplotype: transcript|codon number|codons|amino "
        "acids|consequence",
    ),
    "TK_REANNOTATE": ("0", "Flag", "The annotation does not speak of the allele as it stands"),
    "TK_OLD_CSQ": (".", "String", "Annotation of the allele before it was moved or merged"),
    "TK_UNDECLARED": (
        ".",
        "String",
        "INFO that its caller's header does not declare, = written as ~ and ; as &",
    ),
}
HOTSPOT = "HOTSPOT"
HOTSPOT_INFO = ("0", "Flag", "Listed as a hotspot, or made of a listed change")
# What says in one caller's words whether an allele passes; FILTER says it for the merged file.
VERDICTS = ("AS_FilterStatus", "TK_FILTER", "TK_CALLER_FILTER", "TK_UNKNOWN", "TK_RESCUED")
OWN_FORMAT = {
    "GT": ("1", "String", "Genotype as the chosen caller wrote it"),
    "AD": ("R", "Integer", "Reference and alternative reads, chosen caller"),
    "DP": ("1", "Integer", "Depth, chosen caller"),
    "AF": ("A", "Float", "Alternative allele fraction, chosen caller"),
    "ADF": ("R", "Integer", "Forward reads, chosen caller"),
    "ADR": ("R", "Integer", "Reverse reads, chosen caller"),
    "TK_RD": (".", "Integer", "Reference reads of each of CALLERS"),
    "TK_AD": (".", "Integer", "Alternative reads of each of CALLERS"),
    "TK_DP": (".", "Integer", "Depth of each of CALLERS"),
    "TK_AF": (".", "Float", "Alternative allele fraction of each of CALLERS"),
    "TK_HAP": (".", "String", "Haplotype on which reads put the allele, of each of CALLERS"),
}
# Meta lines that are about one file, not about what its records mean.
LEFT_OUT = (
    "##fileformat=", "##contig=", "##INFO=", "##FORMAT=", "##FILTER=", "##reference=",
    "##source=", "##tumor_sample=", "##normal_sample=", "##PEDIGREE=", "##SAMPLE=", "##fileDate=",
    "##tumorkit_merge=", "##phasing=",
)  # fmt: skip
ANNOTATIONS = ("CSQ", "ANN", "BCSQ")
TUMOR, NORMAL = "TUMOR", "NORMAL"


def info_names(
    files: Sequence[CallFile], *, lists_hotspots: bool
) -> tuple[list[dict[str, str]], list[Declaration]]:
    """Return by file how each declared INFO ID is called in the merged file, and declarations.

    An ID that an earlier file declares otherwise gets the caller's name behind it, and so does
    a caller's verdict. What the merge writes itself is left out.
    """
    taken: dict[str, Declaration] = {}
    names: list[dict[str, str]] = []
    for file in files:
        own: dict[str, str] = {}
        for key, declared in file.header.info.items():
            if key in OWN_INFO or (key == HOTSPOT and lists_hotspots):
                continue
            new = key
            differs = key in taken and not same_meaning(taken[key], declared)
            if differs or key in VERDICTS:
                new = f"{key}_{file.name or 'ensemble'}"
                while new in taken and not same_meaning(taken[new], declared):
                    new += "_"
            taken.setdefault(
                new,
                Declaration(
                    id=new,
                    number=declared.number,
                    type=declared.type,
                    description=declared.description,
                ),
            )
            own[key] = new
        names.append(own)
    return names, list(taken.values())


def same_meaning(a: Declaration, b: Declaration) -> bool:
    """Whether two declarations of an ID can share it; annotations need the same fields, too."""
    same = (a.number, a.type) == (b.number, b.type)
    return same and (a.id.partition("_")[0] not in ANNOTATIONS or a.description == b.description)


def declaration(kind: str, key: str, number: str, type_: str, text: str) -> str:
    """Return an INFO or FORMAT line."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'##{kind}=<ID={key},Number={number},Type={type_},Description="{quoted}">'


def merged_header(
    files: Sequence[CallFile],
    declared: Sequence[Declaration],
    lengths: dict[str, int],
    callers: Sequence[str],
    samples: tuple[str | None, str | None],
    params: MergeParams,
    *,
    lists_hotspots: bool,
) -> VcfHeader:
    """Return the header of the merged file; ``samples`` are its tumour and its normal."""
    lines = ["##fileformat=VCFv4.2", '##FILTER=<ID=PASS,Description="Enough callers pass it">']
    lines += [f'##FILTER=<ID={key},Description="{text}">' for key, text in FILTERS.items()]
    known: dict[str, str] = {}
    for file in files:
        for line in file.header.meta:
            if line.startswith("##FILTER="):
                known.setdefault(declaration_prefix(line), line)
    lines += [
        line
        for prefix, line in sorted(known.items())
        if not any(old.startswith(prefix) for old in lines)
    ]
    lines += [declaration("FORMAT", key, *texts) for key, texts in OWN_FORMAT.items()]
    lines += [declaration("INFO", key, *texts) for key, texts in OWN_INFO.items()]
    lines += [declaration("INFO", HOTSPOT, *HOTSPOT_INFO)] if lists_hotspots else []
    lines += [
        declaration("INFO", item.id, item.number, item.type, item.description) for item in declared
    ]
    lines += [f"##contig=<ID={name},length={length}>" for name, length in lengths.items()]
    others = [line for file in files for line in file.header.meta if not line.startswith(LEFT_OUT)]
    lines += sorted(dict.fromkeys(others))
    lines.append(
        f'##tumorkit_merge=<ID=merge,Callers="{" ".join(callers)}",'
        f"MinCallers={params.min_callers},PassOnly={int(params.pass_only)}>"
    )
    tumor, normal = samples
    lines += [f"##tumor_sample={tumor}"] if tumor else []
    lines += [f"##normal_sample={normal}"] if normal else []
    return VcfHeader(tuple(lines), tuple(name for name in (normal, tumor) if name))
