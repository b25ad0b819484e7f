"""tumorkit from Python: every command is a function here.

Functions called ``run_*`` take paths and open files; the others are the science behind them and
take nouns and arrays. Settings are classes called ``*Params``.

>>> from tumorkit.api import Interval, Territory
>>> Territory([Interval("chr1", 0, 100), Interval("chr1", 50, 150)]).bases
150
"""

from __future__ import annotations

from tumorkit.contract import SILENT, Cutoff, Estimate, Progress, Result, Settings, to_document
from tumorkit.copynumber.alleles import AllelesParams, AllelesResult
from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles, write_alleles
from tumorkit.copynumber.bins import BinsParams, BinsResult, make_bins
from tumorkit.copynumber.bins.run import BinsFiles, run_bins, write_bins
from tumorkit.copynumber.call import CallParams, CallResult, call
from tumorkit.copynumber.call.run import run_call, write_call
from tumorkit.copynumber.coverage import CoverageParams, CoverageResult
from tumorkit.copynumber.coverage.run import run_coverage, write_coverage
from tumorkit.copynumber.export import ExportParams, ExportResult, export
from tumorkit.copynumber.export.run import Source as ExportSource
from tumorkit.copynumber.export.run import run_export, write_export
from tumorkit.copynumber.normalize import (
    NormalizeParams,
    NormalizeResult,
    normalize,
    normalize_pair,
)
from tumorkit.copynumber.normalize.run import Against, run_normalize, write_normalize
from tumorkit.copynumber.plot import genome_figure
from tumorkit.copynumber.plot.run import run_plot
from tumorkit.copynumber.reference import (
    ReferenceParams,
    ReferenceResult,
    flat_reference,
    pool_normals,
)
from tumorkit.copynumber.reference.run import run_flat, run_reference, write_reference
from tumorkit.copynumber.segment import SegmentParams, SegmentResult, segment
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.copynumber.workflow import RunParams, RunResult
from tumorkit.copynumber.workflow.files import Known, RunFiles
from tumorkit.copynumber.workflow.run import run_copy_number
from tumorkit.genome import BUILDS, Build, Interval, Territory, Variant, build_named, detect_build
from tumorkit.hrd import HrdParams, HrdResult, score_hrd
from tumorkit.hrd.run import HrdFiles, run_hrd, write_hrd
from tumorkit.interpretation.classify import ClassifyParams, ClassifyResult
from tumorkit.interpretation.classify import classify as classify_alterations
from tumorkit.interpretation.classify.run import TableFiles, run_classify, write_classify
from tumorkit.interpretation.importing import ImportParams, KnowledgeResult, import_civic
from tumorkit.interpretation.importing.run import run_import, write_import
from tumorkit.io.outputs import Outputs
from tumorkit.msi import (
    BaselineParams,
    BaselineResult,
    CalibrateParams,
    CalibrateResult,
    MsiParams,
    MsiResult,
    ScanParams,
    ScanResult,
    pool_lengths,
    scan_sequence,
    score_lengths,
)
from tumorkit.msi import calibrate as calibrate_msi
from tumorkit.msi.baseline.run import run_baseline, write_baseline
from tumorkit.msi.calibrate.run import run_calibrate as run_calibrate_msi
from tumorkit.msi.calibrate.run import write_calibrate as write_calibrate_msi
from tumorkit.msi.scan.run import run_scan, write_scan
from tumorkit.msi.score.figure import msi_figure
from tumorkit.msi.score.run import run_msi, write_msi
from tumorkit.profile import Case, CaseInputs, ProfileResult
from tumorkit.profile.collect import run_collect, write_collect
from tumorkit.profile.run import load_case, run_profile
from tumorkit.purity import PurityParams, PurityResult, fit_purity
from tumorkit.purity.run import PurityFiles, run_purity, write_purity
from tumorkit.report import render_report
from tumorkit.report.diff import ReportDiffParams, ReportDiffResult, diff_profiles
from tumorkit.report.diff.run import run_report_diff, write_report_diff
from tumorkit.report.export import ReportExportParams, ReportExportResult, export_case
from tumorkit.report.export.run import run_report_export, write_report_export
from tumorkit.report.run import run_report, write_report
from tumorkit.report.verify import ReportVerifyResult, check_files
from tumorkit.report.verify.run import run_report_verify, write_report_verify
from tumorkit.signatures.fit import FitParams as SignatureFitParams
from tumorkit.signatures.fit import FitResult as SignatureFitResult
from tumorkit.signatures.fit import fit_signatures
from tumorkit.signatures.fit.run import Territory as SignatureTerritory
from tumorkit.signatures.fit.run import run_fit as run_signatures_fit
from tumorkit.signatures.fit.run import write_fit as write_signatures_fit
from tumorkit.signatures.matrix import MatrixParams, MatrixResult, classify
from tumorkit.signatures.matrix.run import MatrixFiles, run_matrix, write_matrix
from tumorkit.signatures.plot import spectrum_figure
from tumorkit.signatures.plot.run import run_signatures_plot, write_signatures_plot
from tumorkit.simulate import SimulateParams, SimulateResult, simulate_counts
from tumorkit.simulate.run import run_simulate
from tumorkit.tmb import TmbParams, TmbResult, estimate_tmb
from tumorkit.tmb.calibrate import PairedBurden, TmbCalibration, calibrate_tmb
from tumorkit.tmb.calibrate.run import run_calibrate
from tumorkit.tmb.run import TmbFiles, run_tmb, write_tmb
from tumorkit.variants.annotate import AnnotateParams, AnnotateResult, annotate_variants
from tumorkit.variants.annotate.run import run_annotate, write_annotate
from tumorkit.variants.background import Background, BackgroundParams, BackgroundResult
from tumorkit.variants.background.run import (
    open_background,
    run_background,
    write_background_summary,
)
from tumorkit.variants.check.run import run_review
from tumorkit.variants.compare import CompareParams, CompareResult, compare_calls
from tumorkit.variants.compare.run import run_compare, write_compare
from tumorkit.variants.count import CountParams, CountResult
from tumorkit.variants.count.run import run_count, write_count
from tumorkit.variants.diff import DiffParams, DiffResult, diff_specifications
from tumorkit.variants.diff.run import run_diff, write_diff
from tumorkit.variants.filter import FilterParams, FilterResult
from tumorkit.variants.filter.run import run_check, run_filter, write_filter
from tumorkit.variants.merge import MergeParams, Merger, MergeResult
from tumorkit.variants.merge.run import run_merge, write_merge
from tumorkit.variants.structural import StructuralParams, StructuralResult
from tumorkit.variants.structural.run import run_structural, write_structural
from tumorkit.variants.swap import SwapParams, SwapResult, swap_roles
from tumorkit.variants.swap.run import run_swap, write_swap
from tumorkit.variants.why import Locus, WhyResult
from tumorkit.variants.why.run import run_why, write_why
from tumorkit.verdict import HrTests, MmrTests, VerdictResult, judge_hr, judge_mmr
from tumorkit.verdict.run import run_hr, run_mmr, write_verdict

__all__ = [
    "BUILDS",
    "SILENT",
    "Against",
    "AllelesFiles",
    "AllelesParams",
    "AllelesResult",
    "AnnotateParams",
    "AnnotateResult",
    "Background",
    "BackgroundParams",
    "BackgroundResult",
    "BaselineParams",
    "BaselineResult",
    "BinsFiles",
    "BinsParams",
    "BinsResult",
    "Build",
    "CalibrateParams",
    "CalibrateResult",
    "CallParams",
    "CallResult",
    "Case",
    "CaseInputs",
    "ClassifyParams",
    "ClassifyResult",
    "CompareParams",
    "CompareResult",
    "CountParams",
    "CountResult",
    "CoverageParams",
    "CoverageResult",
    "Cutoff",
    "DiffParams",
    "DiffResult",
    "Estimate",
    "ExportParams",
    "ExportResult",
    "ExportSource",
    "FilterParams",
    "FilterResult",
    "HrTests",
    "HrdFiles",
    "HrdParams",
    "HrdResult",
    "ImportParams",
    "Interval",
    "KnowledgeResult",
    "Known",
    "Locus",
    "MatrixFiles",
    "MatrixParams",
    "MatrixResult",
    "MergeParams",
    "MergeResult",
    "Merger",
    "MmrTests",
    "MsiParams",
    "MsiResult",
    "NormalizeParams",
    "NormalizeResult",
    "Outputs",
    "PairedBurden",
    "ProfileResult",
    "Progress",
    "PurityFiles",
    "PurityParams",
    "PurityResult",
    "ReferenceParams",
    "ReferenceResult",
    "ReportDiffParams",
    "ReportDiffResult",
    "ReportExportParams",
    "ReportExportResult",
    "ReportVerifyResult",
    "Result",
    "RunFiles",
    "RunParams",
    "RunResult",
    "ScanParams",
    "ScanResult",
    "SegmentParams",
    "SegmentResult",
    "Settings",
    "SignatureFitParams",
    "SignatureFitResult",
    "SignatureTerritory",
    "SimulateParams",
    "SimulateResult",
    "StructuralParams",
    "StructuralResult",
    "SwapParams",
    "SwapResult",
    "TableFiles",
    "Territory",
    "TmbCalibration",
    "TmbFiles",
    "TmbParams",
    "TmbResult",
    "Variant",
    "VerdictResult",
    "WhyResult",
    "annotate_variants",
    "build_named",
    "calibrate_msi",
    "calibrate_tmb",
    "call",
    "check_files",
    "classify",
    "classify_alterations",
    "compare_calls",
    "detect_build",
    "diff_profiles",
    "diff_specifications",
    "estimate_tmb",
    "export",
    "export_case",
    "fit_purity",
    "fit_signatures",
    "flat_reference",
    "genome_figure",
    "import_civic",
    "judge_hr",
    "judge_mmr",
    "load_case",
    "make_bins",
    "msi_figure",
    "normalize",
    "normalize_pair",
    "open_background",
    "pool_lengths",
    "pool_normals",
    "render_report",
    "run_alleles",
    "run_annotate",
    "run_background",
    "run_baseline",
    "run_bins",
    "run_calibrate",
    "run_calibrate_msi",
    "run_call",
    "run_check",
    "run_classify",
    "run_collect",
    "run_compare",
    "run_copy_number",
    "run_count",
    "run_coverage",
    "run_diff",
    "run_export",
    "run_filter",
    "run_flat",
    "run_hr",
    "run_hrd",
    "run_import",
    "run_matrix",
    "run_merge",
    "run_mmr",
    "run_msi",
    "run_normalize",
    "run_plot",
    "run_profile",
    "run_purity",
    "run_reference",
    "run_report",
    "run_report_diff",
    "run_report_export",
    "run_report_verify",
    "run_review",
    "run_scan",
    "run_segment",
    "run_signatures_fit",
    "run_signatures_plot",
    "run_simulate",
    "run_structural",
    "run_swap",
    "run_tmb",
    "run_why",
    "scan_sequence",
    "score_hrd",
    "score_lengths",
    "segment",
    "simulate_counts",
    "spectrum_figure",
    "swap_roles",
    "to_document",
    "write_alleles",
    "write_annotate",
    "write_background_summary",
    "write_baseline",
    "write_bins",
    "write_calibrate_msi",
    "write_call",
    "write_classify",
    "write_collect",
    "write_compare",
    "write_count",
    "write_coverage",
    "write_diff",
    "write_export",
    "write_filter",
    "write_hrd",
    "write_import",
    "write_matrix",
    "write_merge",
    "write_msi",
    "write_normalize",
    "write_purity",
    "write_reference",
    "write_report",
    "write_report_diff",
    "write_report_export",
    "write_report_verify",
    "write_scan",
    "write_segment",
    "write_signatures_fit",
    "write_signatures_plot",
    "write_structural",
    "write_swap",
    "write_tmb",
    "write_verdict",
    "write_why",
]
