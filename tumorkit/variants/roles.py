"""Who is the tumour and who the normal: header tags, then names, then what the user says.

The order of columns says nothing: callers differ in it (VarDict and MuSE write the tumour first,
Mutect2 sorts by name, FreeBayes has no fixed order).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from os import PathLike

from tumorkit.errors import ParameterError, SampleNotFoundError
from tumorkit.genome.vcf import VcfHeader

_TUMOR = re.compile(
    r"(?:^|[^a-z])(?:tumou?r|tum|t\d{0,2}|metastasis|met|primary)(?:$|[^a-z])", re.I
)
_NORMAL = re.compile(
    r"(?:^|[^a-z])(?:normal|norm|n\d{0,2}|blood|germline|control|bl)(?:$|[^a-z])", re.I
)
# TumorA and NormalA, but not NonTumorA.
_CAPITALISED = re.compile(r"(?:^|[^A-Za-z])(?:(Tumou?r)|Normal)(?=[A-Z])")
# TCGA barcodes: sample types 01 to 09 are tumours, 10 to 14 normals.
_TCGA = re.compile(r"^TCGA-\w{2}-\w{4}-(\d{2})", re.I)
_RNA = re.compile(r"(?:^|[^a-z])rna(?:$|[^a-z])", re.I)
_TOOL_TAGS = {
    "tumor": re.compile(r"\btumor_sample_name=([^\s\"',>]+)"),
    "normal": re.compile(r"\bnormal_sample_name=([^\s\"',>]+)"),
}


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The tumour's and the normal's sample names, and how they were found.

    ``tumor`` is None in a file without sample columns (LoFreq), whose INFO speaks of the tumour.
    ``normal`` is None when there is no matched normal.
    """

    tumor: str | None
    normal: str | None = None
    source: str = ""

    @property
    def tumor_only(self) -> bool:
        """Whether there is no matched normal."""
        return self.normal is None


def assign_roles(
    header: VcfHeader,
    *,
    tumor: str | None = None,
    normal: str | None = None,
    path: str | PathLike[str] = "VCF",
) -> Roles:
    """Find the tumour and the normal among the samples of a header.

    Names that the user gives decide; then ``##tumor_sample``, ``##normal_sample``, ``##PEDIGREE``
    and MuTect's command line; then the names themselves. Of two samples, the one that is left is
    the other role. Raises :class:`SampleNotFoundError` for a name that is not there and
    :class:`ParameterError` where nothing decides.

    >>> assign_roles(VcfHeader((), ("NORMAL", "TUMOR")))
    Roles(tumor='TUMOR', normal='NORMAL', source='names')
    >>> assign_roles(VcfHeader((), ("COLO-829BL", "COLO-829"))).tumor
    'COLO-829'
    """
    samples = header.samples
    for name in (tumor, normal):
        if name is not None and name not in samples:
            raise SampleNotFoundError(path, name, samples)
    if tumor is not None and tumor == normal:
        raise ParameterError(f"tumor and normal are the same sample: {tumor}")
    if tumor is not None or normal is not None:
        if len(samples) == 1 and tumor is None:
            raise ParameterError(f"{path}: the only sample, {normal}, was named as the normal")
        return _completed(samples, tumor, normal, "options", header, path)
    if not samples:
        return Roles(tumor=None, source="no sample columns")
    tumors, normals = header_tags(header)
    if tumors or normals:
        return _decided(samples, tumors, normals, "header tags", path)
    if len(samples) == 1:
        if name_says(samples[0]) == "normal":
            raise _ambiguous(samples, path, "the only sample is named like a normal")
        return Roles(tumor=samples[0], source="only sample")
    tumors, normals = by_names(samples)
    if not tumors and not normals:
        raise _ambiguous(samples, path, "neither the header nor the names say which is the tumour")
    return _decided(samples, tumors, normals, "names", path)


def header_tags(header: VcfHeader) -> tuple[list[str], list[str]]:
    """Return the samples that the header's own lines call tumour and normal."""
    tumors, normals = list(header.tumor_samples), list(header.normal_samples)
    for line in header.meta:
        if line.startswith("##PEDIGREE=<"):
            derived = re.search(r"\bDerived=([^,>]+)", line)
            original = re.search(r"\bOriginal=([^,>]+)", line)
            tumors += [derived[1]] if derived else []
            normals += [original[1]] if original else []
        elif "tumor_sample_name=" in line:
            tumors += _TOOL_TAGS["tumor"].findall(line)
            normals += _TOOL_TAGS["normal"].findall(line)
    present = set(header.samples)
    keep = [[n for n in dict.fromkeys(names) if n in present] for names in (tumors, normals)]
    return keep[0], keep[1]


def by_names(samples: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the samples that are named like tumours (not their RNA) and like normals."""
    said = {name: name_says(name) for name in samples}
    if not any(said.values()):
        # Cell lines: COLO-829BL is the blood of COLO-829.
        bare = {name.replace("BL", "", 1): name for name in samples if "BL" in name}
        normals = [bare[name] for name in samples if name in bare and bare[name] != name]
        return [], normals
    tumors = [name for name in samples if said[name] == "tumor"]
    if len(tumors) > 1:
        tumors = [name for name in tumors if not _RNA.search(name)] or tumors
    return tumors, [name for name in samples if said[name] == "normal"]


def name_says(name: str) -> str:
    """Return ``tumor``, ``normal`` or nothing.

    >>> [name_says(n) for n in ("P1_T", "P1-N2", "patient.tumour", "TCGA-AB-1234-10A", "NA12878")]
    ['tumor', 'normal', 'tumor', 'normal', '']
    >>> [name_says(n) for n in ("TumorA", "NormalA", "NonTumorA")]
    ['tumor', 'normal', '']
    """
    barcode = _TCGA.match(name)
    if barcode:
        return "tumor" if int(barcode[1]) < 10 else "normal"
    tumor, normal = bool(_TUMOR.search(name)), bool(_NORMAL.search(name))
    capitalised = _CAPITALISED.search(name)
    if capitalised and not tumor and not normal:
        return "tumor" if capitalised[1] else "normal"
    if tumor == normal:
        return ""
    return "tumor" if tumor else "normal"


def _decided(
    samples: tuple[str, ...],
    tumors: list[str],
    normals: list[str],
    source: str,
    path: str | PathLike[str],
) -> Roles:
    if len(tumors) > 1 or len(normals) > 1:
        raise _ambiguous(samples, path, f"{source} name more than one tumour or normal")
    tumor = tumors[0] if tumors else None
    normal = normals[0] if normals else None
    if tumor is None:
        left = [name for name in samples if name != normal]
        if len(left) != 1:
            raise _ambiguous(samples, path, f"{source} name no tumour")
        tumor = left[0]
    elif normal is None and len(samples) == 2:
        normal = next(name for name in samples if name != tumor)
    return Roles(tumor=tumor, normal=normal, source=source)


def _completed(
    samples: tuple[str, ...],
    tumor: str | None,
    normal: str | None,
    source: str,
    header: VcfHeader,
    path: str | PathLike[str],
) -> Roles:
    if tumor is not None and normal is None and len(samples) > 2:
        # Of three samples or more, only tags and names can tell whether one is the normal.
        _, tagged = header_tags(header)
        _, named = by_names(samples)
        left = [name for name in tagged or named if name != tumor]
        return Roles(tumor=tumor, normal=left[0] if len(left) == 1 else None, source=source)
    return _decided(samples, [tumor] if tumor else [], [normal] if normal else [], source, path)


def _ambiguous(samples: tuple[str, ...], path: str | PathLike[str], why: str) -> ParameterError:
    return ParameterError(
        f"{path}: cannot tell tumour from normal: {why}; samples present: {', '.join(samples)}",
        "say which is which: --tumor-sample NAME and, if there is one, --normal-sample NAME",
    )
