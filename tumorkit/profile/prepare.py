"""Check a case before anything is run or written: files, build, samples, folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import Progress
from tumorkit.contract.result import InputFile
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.build import Build, build_named, detect_build
from tumorkit.io.alignment import open_alignment
from tumorkit.io.atomic import cannot_write
from tumorkit.io.case_file import read_case_file
from tumorkit.io.copy_ratios import read_contig_lengths
from tumorkit.io.digest import State, digest_beside, input_file, require_two_files, state_of
from tumorkit.io.fasta import open_fasta
from tumorkit.io.text import require_file
from tumorkit.io.vcf import open_vcf
from tumorkit.profile.assays import Assay, assay_named
from tumorkit.profile.interpretation import check_tables
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.report.board.run import BoardFiles, check_board
from tumorkit.variants.roles import Roles, assign_roles

Files = Path | tuple[Path, ...] | None
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A case that has been checked: every file is there, build and samples are settled."""

    case: Case
    inputs: CaseInputs
    assay: Assay
    sample: str
    build: Build | None
    roles: Roles | None
    states: Mapping[Path, State]

    def file(self, role: str) -> InputFile | None:
        """Describe the file of a role with its digest, None where none was given."""
        path = self.inputs.given().get(role)
        return None if path is None else self.described(role, path)

    def described(self, role: str, path: Path) -> InputFile:
        """Describe a file with its digest.

        A file that is no longer what it was when the case was checked raises
        :class:`InputError`: nobody could tell which of its contents was analysed.
        """
        described = input_file(role, path)
        if state_of(path) != self.states[path]:
            raise InputError(path, "changed while it was analysed", hint="run the case again")
        return described

    def files_of(self, role: str) -> tuple[InputFile, ...]:
        """Describe all files of a role, of which there may be several."""
        return tuple(
            self.described(role, path) for given, path in self.inputs.listed() if given == role
        )

    @property
    def files(self) -> tuple[InputFile, ...]:
        """All files of the case; digests that are still on their way are waited for."""
        return tuple(self.described(role, path) for role, path in self.inputs.listed())

    @property
    def normal(self) -> str | None:
        """Name of the matched normal, if there is one."""
        return (self.roles.normal if self.roles else None) or self.case.normal_sample or None


def load_case(
    path: Path | None, *, settings: Mapping[str, Any], files: Mapping[str, Files]
) -> tuple[Case, CaseInputs]:
    """Join a case file with the options that override it."""
    names = [setting.name for setting in Case.described()]
    said: dict[str, Any] = {}
    found: dict[str, Any] = {}
    if path is not None:
        several = CaseInputs.several()
        said, found = read_case_file(
            path, settings=names, roles=CaseInputs.roles(), several=several
        )
    said |= {key: value for key, value in settings.items() if value is not None and value != ()}
    found |= {role: given for role, given in files.items() if given}
    where = str(path) if path is not None else "options"
    return Case.from_mapping(said, where=where), CaseInputs(**found)


def prepare(case: Case, inputs: CaseInputs, *, progress: Progress) -> Prepared:
    """Check a case; nothing is written when something is wrong with it."""
    if not inputs.listed():
        raise ParameterError(
            "the case names no input", "give at least one of --somatic, --copy-ratios, --tumor"
        )
    for _, path in inputs.listed():
        require_file(path)
    states = {path: state_of(path) for _, path in inputs.listed()}
    digest_beside(states)
    if inputs.tumor is not None and inputs.normal is not None:
        require_two_files(inputs.tumor, inputs.normal)
    build = settle_build(case, inputs, progress)
    roles = settle_roles(case, inputs)
    sample = case.sample or case.tumor_sample or (roles.tumor if roles else None)
    if not sample:
        raise ParameterError("the case has no sample name", "give --sample, or sample in [case]")
    if inputs.interpretation is not None:
        check_tables(inputs.interpretation)
    check_board(board_files(inputs), sample=sample, build=build.name if build else None)
    return Prepared(
        case=replace(case, date=settle_date(case.date)),
        inputs=inputs,
        assay=assay_named(case.assay),
        sample=sample,
        build=build,
        roles=roles,
        states=states,
    )


def board_files(inputs: CaseInputs) -> BoardFiles:
    """Return what the report is given besides the results; depth from reads where there are."""
    reads = inputs.tumor if inputs.exons else None
    return BoardFiles(
        actionable=inputs.actionable,
        external=inputs.external,
        coverage=(inputs.coverage or reads) if inputs.actionable else None,
        exons=inputs.exons,
        reference=inputs.reference,
        previous=inputs.previous,
    )


def settle_date(date: str) -> str:
    """Return the report's date: as given, else from SOURCE_DATE_EPOCH, else none."""
    if date and not DATE.fullmatch(date):
        raise ParameterError(f"date: expected YYYY-MM-DD, found {date!r}")
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not date and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    return date


def settle_roles(case: Case, inputs: CaseInputs) -> Roles | None:
    """Find the tumour's and the normal's column of the somatic VCF."""
    if inputs.somatic is None:
        return None
    with open_vcf(inputs.somatic) as source:
        samples = source.header.samples
        tumor = case.tumor_sample or (case.sample if case.sample in samples else "")
        return assign_roles(
            source.header,
            tumor=tumor or None,
            normal=case.normal_sample or None,
            path=inputs.somatic,
        )


def settle_build(case: Case, inputs: CaseInputs, progress: Progress) -> Build | None:
    """Return the build that was named or that the inputs' contig lengths show.

    Two inputs of different builds, or one that contradicts the name, are an error.
    """
    named = build_named(case.build) if case.build else None
    settled, source = named, "the case"
    for role, path in inputs.listed():
        lengths = contig_lengths(role, path, inputs.reference)
        found = detect_build(lengths)
        if found is None:
            continue
        if settled is None:
            settled, source = found, path.name
            progress.log(f"build {found.name}, from {path.name}")
        elif found is not settled:
            raise ReferenceMismatchError(
                path,
                f"is on {found.name}, but {source} says {settled.name}",
                hint="give inputs of one reference build",
            )
    return settled


def contig_lengths(role: str, path: Path, reference: Path | None) -> dict[str, int]:
    """Return the contig lengths that an input declares; empty where it declares none."""
    if role in ("tumor", "normal"):
        return dict(open_alignment(path, reference=reference).lengths)
    if role in CaseInputs.several():
        # A damaged file of these is said by its part; the others finish.
        with suppress(TumorkitError):
            return structural_lengths(path)
        return {}
    if role in ("somatic", "germline"):
        with open_vcf(path) as source:
            return dict(source.header.contig_lengths)
    if role == "reference":
        return dict(open_fasta(path).lengths)
    return read_contig_lengths(path) if role == "copy_ratios" else {}


def structural_lengths(path: Path) -> dict[str, int]:
    """Return the contig lengths of a VCF of structural events; other files declare none."""
    from tumorkit.variants.structural.run import is_vcf

    if not is_vcf(path):
        return {}
    with open_vcf(path) as source:
        return dict(source.header.contig_lengths)


def prepare_folder(outdir: Path) -> None:
    """Make the folder and see that it can be written to."""
    try:
        outdir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(outdir, error) from error
    if not os.access(outdir, os.W_OK):
        raise InputError(
            outdir, "cannot write: permission denied", hint="choose a folder that you may write to"
        )
