"""Reads the files, finds the variant and writes its trail."""

from __future__ import annotations

import dataclasses
import functools
import json
from contextlib import nullcontext
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
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.combine import FALSE_DISCOVERY
from tumorkit.variants.filter.params import FilterParams, Preparation
from tumorkit.variants.filter.presets import preset as preset_named
from tumorkit.variants.filter.presets import preset_names, preset_text
from tumorkit.variants.filter.render import SPECIFICATION_KEY
from tumorkit.variants.filter.run import FirstPasses, read_specification
from tumorkit.variants.filter.specification import Specification, load_specification
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
    files: CaseFiles | None = None,
    preparation: Preparation | None = None,
    progress: Progress = SILENT,
) -> WhyResult:
    """Tell why a variant (``contig:pos`` or ``contig:pos:REF>ALT``) is in or out of a VCF.

    ``earlier`` is the file that was filtered: it tells where a variant was lost that is not there.
    Without ``preset`` and ``spec`` the specification is the one that the VCF's header holds, or
    names. ``transcripts`` and ``files`` (what is known of the case) are what the filter was given;
    a filtered file holds its computed quantities, and needs no ``files``.
    """
    wanted, files = Locus.parse(locus), files or CaseFiles()
    search, header, roles = searched(vcf, wanted, tumor, normal, progress)
    specification, notes = specification_of(header, preset, spec)
    listed = TranscriptList(read_transcripts(transcripts)) if transcripts else NO_LIST
    told = functools.partial(trails, preparation=preparation, transcripts=listed)
    passes = FirstPasses(vcf, header, roles, FilterParams().block_size, progress, listed)
    with passes.fitted(specification, files, None) if search.hits else nullcontext() as fitted:
        found = told(search, header, roles, specification, fitted=fitted)
    inputs = [input_file("vcf", vcf), *files.inputs()]
    before: Search | None = None
    lost = found[:0]
    if earlier is not None:
        inputs.append(input_file("input", earlier))
        before, first, who = searched(earlier, wanted, tumor, normal, progress)
        passes = FirstPasses(earlier, first, who, FilterParams().block_size, progress, listed)
        with passes.fitted(specification, files, None) if before.hits else nullcontext() as fitted:
            lost = told(before, first, who, specification, source="input", fitted=fitted)
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
    """Look for a locus in a VCF; an indexed one is read no further than the place."""
    search = Search(locus)
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
        # An index exists for sorted files only: behind the place there is nothing to find.
        is_sorted = any(path.with_name(path.name + end).exists() for end in (".tbi", ".csi"))
        for block in progress.track(source.blocks(), label="Searching"):
            search.look(block)
            if is_sorted and search.passed(block[-1]):
                break
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
    elif embedded := embedded_specification(header, name, digest):
        chosen = embedded
    elif name in preset_names():
        chosen = preset_named(name)
    else:
        raise ParameterError(
            f"the file was filtered by {name!r}, which is no preset, and its header holds no "
            "specification",
            f"give the specification whose digest begins with {digest[:12]}: --spec FILE.yaml",
        )
    if digest and chosen.sha256 != digest:
        said = f"the file was filtered by {name} {named.get('Version', '')}".rstrip()
        return chosen, [f"{said}, which is not the {chosen.name} {chosen.version} used here"]
    return chosen, []


def embedded_specification(header: VcfHeader, name: str, digest: str) -> Specification | None:
    """Return the specification that the header holds, if its digest is the one that is named.

    One that ranks is held with the cut that its run found, under the digest of what was asked.
    """
    for line in reversed(header.values(SPECIFICATION_KEY)):
        found = load_specification(json.loads(line), "the header", preset_text=preset_text)
        if found.sha256 == digest:
            return found
        if found.name == name and found.filters[-1].id == FALSE_DISCOVERY:
            return dataclasses.replace(found, sha256=digest)
    return None


def write_why(result: WhyResult, outputs: Outputs) -> None:
    """Write the JSON document and show the trail."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())
