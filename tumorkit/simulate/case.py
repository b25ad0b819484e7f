"""The plan of a case: everything that is decided before the first read."""

from __future__ import annotations

import numpy as np

from tumorkit.simulate.copy_number import (
    SegmentIndex,
    draw_segments,
    exon_deletion,
    mean_copies,
)
from tumorkit.simulate.germline import draw_germline
from tumorkit.simulate.microsatellites import draw_microsatellites
from tumorkit.simulate.nouns import Case
from tumorkit.simulate.panel import lay_out
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng
from tumorkit.simulate.reference import invent_sequence
from tumorkit.simulate.somatic import draw_artefacts, draw_somatic

EFFICIENCY_SD = 0.2  # log scale: how unevenly a capture takes its targets


def plan_case(params: SimulateParams) -> Case:
    """Decide panel, sequence, copy number and every planted variant from the seed."""
    panel = lay_out(params)
    sequence = invent_sequence(params, panel)
    segments = draw_segments(
        part_rng(params.seed, "copy number"),
        ploidy=params.ploidy,
        sex=params.sex,
        doubled=params.doubled,
        more=(exon_deletion(panel.transcripts),) if params.exon_deletion else (),
    )
    index = SegmentIndex(segments)
    population, germline = draw_germline(params, panel, sequence)
    repeats = draw_microsatellites(params, panel, sequence, index)
    taken = {(v.contig, v.pos) for v in (*population, *germline)}
    taken |= {(m.contig, pos) for m in repeats for pos in range(m.start - 4, m.end + 6)}
    somatic = draw_somatic(params, panel, sequence, index, taken)
    artefacts = draw_artefacts(params, panel, sequence, taken)
    efficiency = part_rng(params.seed, "efficiency").normal(0, EFFICIENCY_SD, len(panel.targets))
    return Case(
        panel=panel,
        sequence=sequence,
        segments=segments,
        ploidy=mean_copies(segments),
        germline=germline,
        population=population,
        somatic=somatic,
        microsatellites=repeats,
        artefacts=artefacts,
        efficiency=np.exp(efficiency),
    )
