"""Reads the files, finds the variant and writes its trail."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import ParameterError
from tumorkit.genome.build import detect_build
from tumorkit.genome.vcf import VcfHeader, parse_attributes
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.transcripts import read_transcripts
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.filter.presets import preset as preset_named
from tumorkit.variants.filter.presets import preset_names
from tumorkit.variants.filter.run import read_specification
from tumorkit.variants.filter.specification import Specification
from tumorkit.variants.roles import Roles, assign_roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList
from tumorkit.variants.why.analysis import Search, explain, trails
from tumorkit.variants.why.locus import Locus
from tumorkit.variants.why.result import WhyResult


def run_why(
    locus: str,
    vcf: Path,
    *,
    earlier: Path | None = None,
    preset: str | None = None,
    spec: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    transcripts: Path | None = None,
    progress: Progress = SILENT,
) -> WhyResult:
    """Tell why a variant (``contig:pos`` or ``contig:pos:REF>ALT``) is in or out of a VCF.

    ``earlier`` is the file that was filtered: it tells where a variant was lost that is not there.
    Without ``preset`` and ``spec`` the specification is the one that the VCF's header names.
    ``transcripts`` is the list that the filter was given.
    """
    wanted = Locus.parse(locus)
    search, header, roles = searched(vcf, wanted, tumor, normal, progress)
    specification, notes = specification_of(header, preset, spec)
    listed = TranscriptList(read_transcripts(transcripts)) if transcripts else NO_LIST
    found = trails(search, header, roles, specification, transcripts=listed)
    inputs = [input_file("vcf", vcf)]
    before: Search | None = None
    lost = found[:0]
    if earlier is not None:
        inputs.append(input_file("input", earlier))
        before, first, who = searched(earlier, wanted, tumor, normal, progress)
        lost = trails(before, first, who, specification, source="input", transcripts=listed)
    if spec is not None:
        inputs.append(input_file("specification", spec))
    result = explain(
        search,
        found,
        specification,
        name=vcf.name,
        earlier=before,
        earlier_trails=lost,
        earlier_name=earlier.name if earlier else "",
    )
    build = detect_build(header.contig_lengths)
    return dataclasses.replace(
        result,
        sample=roles.tumor or "",
        build=build.name if build else "",
        inputs=tuple(inputs),
        notes=tuple(notes),
    )


def searched(
    path: Path, locus: Locus, tumor: str | None, normal: str | None, progress: Progress
) -> tuple[Search, VcfHeader, Roles]:
    """Look for a locus in a VCF."""
    search = Search(locus)
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
        for block in progress.track(source.blocks(), label="Searching"):
            search.look(block)
        return search, source.header, roles


def specification_of(
    header: VcfHeader, preset: str | None, spec: Path | None
) -> tuple[Specification | None, list[str]]:
    """Return the specification that was asked for, or the one that the header names."""
    lines = header.values("tumorkit_filter")
    named = parse_attributes(lines[-1].removeprefix("<")) if lines else {}
    name, digest = named.get("ID", ""), named.get("SHA256", "")
    if preset is not None or spec is not None:
        chosen = read_specification(spec, preset)
    elif not name:
        return None, ["the header names no specification: give --preset or --spec for the filters"]
    elif name in preset_names():
        chosen = preset_named(name)
    else:
        raise ParameterError(
            f"the file was filtered by {name!r}, which is no preset",
            "give the specification: --spec FILE.yaml",
        )
    if digest and chosen.sha256 != digest:
        said = f"the file was filtered by {name} {named.get('Version', '')}".rstrip()
        return chosen, [f"{said}, which is not the {chosen.name} {chosen.version} used here"]
    return chosen, []


def write_why(result: WhyResult, outputs: Outputs) -> None:
    """Write the JSON document and show the trail."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())
