"""Quantities that are computed from the reads of a sample and from what is known of its case."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.variants.filter.evaluation import Kind


@dataclass(frozen=True)
class Evidence:
    """A computed quantity: its kind, its meaning, and the INFO tag under which it is written."""

    kind: Kind
    text: str
    tag: str
    needs: str = ""


EVIDENCE: dict[str, Evidence] = {
    "background.p": Evidence(
        "number",
        "P of at least so many reads from the background of the panel of normals.",
        "TK_BACKGROUND_P",
        needs="background",
    ),
    "strand_bias": Evidence(
        "number", "P that the reads are an artefact of one strand.", "TK_STRAND_BIAS"
    ),
    "orientation_bias": Evidence(
        "number",
        "P that the reads are an artefact of one read orientation (FFPE, OxoG).",
        "TK_ORIENTATION_BIAS",
    ),
    "tumor_lod": Evidence(
        "number", "Log10 odds of a variant against background in the tumour.", "TK_TUMOR_LOD"
    ),
    "normal_lod": Evidence(
        "number",
        "Log10 odds of no variant against a germline variant in the normal.",
        "TK_NORMAL_LOD",
        needs="normal",
    ),
    "in_normal": Evidence(
        "number",
        "P that the normal's reads are its own, not tumour cells in the normal.",
        "TK_IN_NORMAL",
        needs="normal",
    ),
    "p_germline": Evidence("number", "P of a germline variant.", "TK_P_GERMLINE"),
    "p_somatic": Evidence("number", "P of a somatic variant of the tumour.", "TK_P_SOMATIC"),
    "p_clonal_hematopoiesis": Evidence(
        "number", "P of clonal haematopoiesis.", "TK_P_CLONAL_HEMATOPOIESIS"
    ),
    "p_artifact": Evidence("number", "P of an artefact.", "TK_P_ARTIFACT"),
    "p_contamination": Evidence("number", "P of another person's DNA.", "TK_P_CONTAMINATION"),
    "origin": Evidence(
        "text",
        "Most probable origin: germline, somatic, clonal_hematopoiesis, artifact, contamination, "
        "or cannot_tell.",
        "TK_ORIGIN",
    ),
    "posterior": Evidence(
        "number",
        "P that the allele is a somatic variant of the tumour: no germline variant, no "
        "artefact by any of the tests above.",
        "TK_POSTERIOR",
    ),
}
ORIGIN_NAMES = (
    "p_germline", "p_somatic", "p_clonal_hematopoiesis", "p_artifact", "p_contamination", "origin",
)  # fmt: skip
TAG_NAMES = {item.tag: name for name, item in EVIDENCE.items()}
