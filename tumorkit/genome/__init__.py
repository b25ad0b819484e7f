"""Nouns of cancer genomics: contigs, builds, intervals, variants, bins, segments, samples."""

from tumorkit.genome.build import BUILDS, GRCH37, GRCH38, T2T, Build, build_named, detect_build
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.sample import Library, Material, Reads
from tumorkit.genome.table import Column, TableSchema
from tumorkit.genome.variant import AlleleCounts, Consequence, PopulationFrequency, Variant

__all__ = [
    "BUILDS",
    "GRCH37",
    "GRCH38",
    "T2T",
    "AlleleCounts",
    "Build",
    "Column",
    "Consequence",
    "Interval",
    "Library",
    "Material",
    "PopulationFrequency",
    "Reads",
    "TableSchema",
    "Territory",
    "Variant",
    "build_named",
    "detect_build",
]
