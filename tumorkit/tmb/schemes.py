"""Published TMB schemes as rules, each with its source and with what it leaves open."""

from __future__ import annotations

from tumorkit.errors import ParameterError, suggestion
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.scheme import Scheme

NONSYNONYMOUS = (
    "missense_variant",
    "stop_gained",
    "stop_lost",
    "start_lost",
    "initiator_codon_variant",
    "frameshift_variant",
    "inframe_insertion",
    "inframe_deletion",
    "conservative_inframe_insertion",
    "conservative_inframe_deletion",
    "disruptive_inframe_insertion",
    "disruptive_inframe_deletion",
    "protein_altering_variant",
    "splice_acceptor_variant",
    "splice_donor_variant",
    "rare_amino_acid_variant",
)
SYNONYMOUS = (
    "synonymous_variant",
    "stop_retained_variant",
    "start_retained_variant",
    "start_retained",
)
CODING = (*NONSYNONYMOUS, *SYNONYMOUS, "coding_sequence_variant", "coding_transcript_variant")
INDELS = ("insertion", "deletion", "complex")
TWIST = "genomic-medicine-sweden/Twist_Solid: config/config.yaml"
HYDRA = "hydra-genetics/biomarker: workflow/scripts/tmb.py"
FDA_CUTOFF = "FDA, pembrolizumab, 16 June 2020: TMB-High at >= 10 mut/Mb"
# Tumour suppressors that are named as such by every large catalogue; the vendor's own list of
# drivers is not public.
SUPPRESSORS = (
    "APC", "ARID1A", "ATM", "ATRX", "BAP1", "BRCA1", "BRCA2", "CDH1", "CDKN2A", "FBXW7", "KMT2C",
    "KMT2D", "MEN1", "MLH1", "MSH2", "MSH6", "NF1", "NF2", "PBRM1", "PMS2", "PTCH1", "PTEN", "RB1",
    "SETD2", "SMAD4", "SMARCA4", "SMARCB1", "STK11", "TP53", "TSC1", "TSC2", "VHL",
)  # fmt: skip


TWIST_GMS560 = Scheme(
    text="GMS560 solid panel on FFPE: missense, stop gained and stop lost SNVs of two callers.",
    source=f"{TWIST} (tmb); {HYDRA}",
    departs=(
        "both alleles of a site are judged; the original skips the second record at a position",
        "the spread of the 2.0 expected germline variants between persons is assumed to be 1.0",
    ),
    params=TmbParams(
        scheme="twist-gms560",
        kinds=("snv",),
        consequences=("missense_variant", "stop_gained", "stop_lost"),
        transcript="first",
        min_callers=2,
        min_depth=101,
        min_alt_depth=11,
        min_vaf=0.05,
        max_vaf=0.95,
        germline_vaf=(0.47, 0.53),
        vaf_source="info",
        max_population_af=1e-4,
        population_fields=("MAX_AF", "AF"),
        exclude_complex=True,
        exclude_genes=("CDC27", "MUC6"),
        callable_depth=101,
        megabases=1 / 0.84,
        fitted_size=True,
        expected_germline=2.0,
        expected_germline_sd=1.0,
        cutoff=10.0,
        cutoff_source=f"{TWIST}: report limit 10",
    ),
)
TWIST_GMS560_CTDNA = Scheme(
    text="GMS560 on cell-free DNA: as twist-gms560, lower fractions, synonymous SNVs as well.",
    source=f"{TWIST} (tmb_umi); {HYDRA}",
    departs=(
        "observations in the panel are read from INFO/Artifact",
        "the original also masks four BEDs of problem regions: give them with --mask",
    ),
    params=TmbParams(
        scheme="twist-gms560-ctdna",
        kinds=("snv",),
        consequences=(
            "missense_variant",
            "stop_gained",
            "stop_lost",
            "synonymous_variant",
            "stop_retained_variant",
        ),
        transcript="first",
        min_callers=2,
        min_depth=101,
        min_alt_depth=11,
        min_vaf=0.003,
        max_vaf=0.997,
        germline_vaf=(0.40, 0.60),
        vaf_source="info",
        max_population_af=1e-4,
        population_fields=("MAX_AF", "AF"),
        max_panel_observations=2,
        exclude_complex=True,
        exclude_genes=("CDC27", "MUC6"),
        callable_depth=101,
        megabases=1 / 1.09,
        fitted_size=True,
        cutoff=10.0,
        cutoff_source=f"{TWIST}: report limit 10",
    ),
)
FDA_F1CDX = Scheme(
    text="FoundationOne CDx: coding substitutions and indels, synonymous ones as well.",
    source="FDA P170019 summary of safety and effectiveness; Chalmers 2017 (PMID 28420421)",
    departs=(
        "known and likely drivers: hotspots where the VCF names them, and truncations of 32 "
        "well-known tumour suppressors; the vendor's list is not public",
        "germline: population frequency above 0.0001 where there is no matched normal",
    ),
    params=TmbParams(
        scheme="fda-f1cdx",
        pass_only=True,
        kinds=("snv", "mnv", *INDELS),
        consequences=CODING,
        min_vaf=0.05,
        max_population_af=1e-4,
        population_required=False,
        exclude_hotspots=True,
        suppressor_genes=SUPPRESSORS,
        megabases=0.8,
        cutoff=10.0,
        cutoff_source=FDA_CUTOFF,
    ),
)
TSO500 = Scheme(
    text="TruSight Oncology 500 on tissue: coding SNVs and indels, synonymous ones as well.",
    source="Illumina TSO500 documentation; bioRxiv 10.1101/2020.10.21.349100",
    departs=(
        "COSMIC counts of 50 and more: hotspots where the VCF names them",
        "germline: population frequency above 0.0001; the proximity filter is not applied",
        "bases below 50x are in the size unless --coverage is given",
    ),
    params=TmbParams(
        scheme="tso500",
        pass_only=True,
        kinds=("snv", *INDELS),
        consequences=CODING,
        min_depth=50,
        min_vaf=0.05,
        max_population_af=1e-4,
        population_required=False,
        exclude_hotspots=True,
        callable_depth=50,
        megabases=1.3,
        cutoff=10.0,
        cutoff_source=FDA_CUTOFF,
    ),
)
TSO500_CTDNA = Scheme(
    text="TruSight Oncology 500 ctDNA: coding SNVs and indels from 0.2 %, without CH genes.",
    source="Illumina DRAGEN TSO500 ctDNA documentation",
    departs=(
        "COSMIC counts above 50: hotspots where the VCF names them",
        "the filter of clonal haematopoiesis by fragment size is not applied",
        "bases below 1000x are in the size unless --coverage is given",
    ),
    params=TmbParams(
        scheme="tso500-ctdna",
        pass_only=True,
        kinds=("snv", *INDELS),
        consequences=CODING,
        min_depth=1000,
        min_vaf=0.002,
        max_population_af=1e-4,
        population_required=False,
        exclude_hotspots=True,
        exclude_genes=("ASXL1", "DNMT3A", "PPM1D", "TET2"),
        callable_depth=1000,
        megabases=1.3,
    ),
)
MSK_IMPACT = Scheme(
    text="MSK-IMPACT (468 genes): non-synonymous variants against a matched normal.",
    source="Zehir 2017 (PMID 28481359); Samstein 2019 (PMID 30643254): top fifth by histology",
    params=TmbParams(
        scheme="msk-impact",
        pass_only=True,
        kinds=("snv", "mnv", *INDELS),
        consequences=NONSYNONYMOUS,
        max_population_af=1e-4,
        population_required=False,
        megabases=1.22,
    ),
)
PURPLE_PANEL = Scheme(
    text="PURPLE on a panel: missense SNVs that no population knows, without hotspots.",
    source="hartwigmedical/hmftools: purple",
    departs=(
        "gives missense SNVs per Mb; PURPLE's factors from load to burden are trained per panel",
        "unclear variants are not weighted, indels of microsatellites are not added",
        "the size is that of the targets and has to be given",
    ),
    params=TmbParams(
        scheme="purple-panel",
        pass_only=True,
        kinds=("snv",),
        consequences=("missense_variant",),
        min_vaf=0.05,
        max_population_af=0.0,
        population_required=False,
        exclude_hotspots=True,
        exclude_genes=("HLA-A", "HLA-B", "HLA-C", "PIM1", "BCL2"),
    ),
)
BALSAMIC = Scheme(
    text="BALSAMIC: PASS SNVs and indels without any rs or COSMIC identifier, coding or not.",
    source="Clinical-Genomics/BALSAMIC: somatic_computations.rule",
    departs=(
        "overlapping rows of the BED count once; the original adds them up",
        "without targets the size is the genome's 3101.788 Mb, as for whole genomes",
    ),
    params=TmbParams(
        scheme="balsamic",
        pass_only=True,
        kinds=("snv", "insertion", "deletion"),
        min_vaf=0.05,
        exclude_known_ids=True,
        coding_territory=False,
        megabases=3101.78817,
    ),
)
PYTMB_WES = Scheme(
    text="pyTMB, recommended for exomes: non-synonymous, splice and indels.",
    source="bioinfo-pf-curie/TMB: README.md, config/snpeff.yml, config/vep.yml",
    departs=(
        "as in the original only frequencies that are INFO fields of their own are asked, not "
        "those inside CSQ; --population-fields asks those too",
    ),
    params=TmbParams(
        scheme="pytmb-wes",
        pass_only=True,
        consequences=(
            *NONSYNONYMOUS,
            "splice_region_variant",
            "coding_sequence_variant",
            "coding_transcript_variant",
            "incomplete_terminal_codon_variant",
            "transcript_ablation",
            "transcript_amplification",
            "exon_loss_variant",
        ),
        transcript="any",
        min_depth=20,
        min_alt_depth=2,
        min_vaf=0.05,
        max_population_af=1e-3,
        population_fields=(
            "INFO/gnomAD_AF",
            "INFO/gnomAD_genomes_AF",
            "INFO/gnomAD_exome_ALL",
            "INFO/1000g2015aug_all",
        ),
        population_required=False,
        megabases=33.28,
    ),
)
PCGR_CODING = Scheme(
    text="PCGR, coding_and_silent: coding variants of the chosen transcript.",
    source="sigven/pcgr: pcgr/variant.py, pcgr_vars.py",
    departs=(
        "consequences are compared as sets, so their order in a list does not matter",
        "no population rule of its own: PCGR removes germline variants before",
    ),
    params=TmbParams(
        scheme="pcgr-coding",
        pass_only=True,
        consequences=(
            "missense_variant",
            "stop_gained",
            "stop_lost",
            "start_lost",
            "frameshift_variant",
            "inframe_insertion",
            "inframe_deletion",
            "protein_altering_variant",
            "splice_donor_variant",
            "splice_acceptor_variant",
            "splice_donor_region_variant",
            "splice_donor_5th_base_variant",
            *SYNONYMOUS,
        ),
        megabases=34.0,
    ),
)

CHALMERS = FDA_F1CDX.relative(
    "chalmers-2017",
    text="FoundationOne of 315 genes, as the study that set the burden against exomes.",
    source="Chalmers 2017 (PMID 28420421)",
    departs=FDA_F1CDX.departs,
    megabases=1.1,
    cutoff=None,
    cutoff_source="",
)
MSK_IMPACT_341 = MSK_IMPACT.relative(
    "msk-impact-341",
    text="MSK-IMPACT (341 genes): non-synonymous variants against a matched normal.",
    source=MSK_IMPACT.source,
    megabases=0.98,
)
MSK_IMPACT_410 = MSK_IMPACT.relative(
    "msk-impact-410",
    text="MSK-IMPACT (410 genes): non-synonymous variants against a matched normal.",
    source=MSK_IMPACT.source,
    megabases=1.06,
)
PURPLE_WGS = Scheme(
    text="PURPLE on a genome: all variants that passed, coding or not.",
    source="hartwigmedical/hmftools: purple, PurpleConstants (2859 Mb; TMB 10)",
    departs=(
        "PURPLE's load of missense variants (140 and more are high) is a number, not per Mb: "
        "purple-panel lists these variants",
    ),
    params=TmbParams(
        scheme="purple-wgs",
        pass_only=True,
        min_vaf=0.05,
        coding_territory=False,
        megabases=2859.0,
        cutoff=10.0,
        cutoff_source="hartwigmedical/hmftools: purple, TMB status",
    ),
)
PCGR_NONSILENT = PCGR_CODING.relative(
    "pcgr-nonsilent",
    text="PCGR, coding_non_silent: coding variants without synonymous ones.",
    source=PCGR_CODING.source,
    departs=PCGR_CODING.departs,
    consequences=tuple(t for t in PCGR_CODING.params.consequences if t not in SYNONYMOUS),
)
PCGR_MISSENSE = PCGR_CODING.relative(
    "pcgr-missense",
    text="PCGR, missense_only: missense variants of the chosen transcript.",
    source=f"{PCGR_CODING.source}; Fernandez 2019 (PMID 31475242)",
    departs=PCGR_CODING.departs,
    consequences=("missense_variant",),
)
MAFTOOLS = Scheme(
    text="maftools tmb(): rows of non-synonymous classes, whatever their filters.",
    source="PoisonAlien/maftools: R/tmb.R, captureSize 50",
    departs=("the capture size of 50 Mb is a default that users are to replace: --megabases",),
    params=TmbParams(
        scheme="maftools",
        consequences=(
            "missense_variant",
            "stop_gained",
            "stop_lost",
            "start_lost",
            "frameshift_variant",
            "inframe_insertion",
            "inframe_deletion",
            "splice_acceptor_variant",
            "splice_donor_variant",
        ),
        megabases=50.0,
    ),
)
CBIOPORTAL = MAFTOOLS.relative(
    "cbioportal",
    text="cBioPortal's TMB_NONSYNONYMOUS: non-synonymous variants by the panel's coding length.",
    source="cBioPortal/datahub: TMB_NONSYNONYMOUS (pull request 1462)",
    departs=("the size is that of the targets and has to be given",),
    megabases=None,
)

SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        TWIST_GMS560,
        TWIST_GMS560_CTDNA,
        FDA_F1CDX,
        CHALMERS,
        TSO500,
        TSO500_CTDNA,
        MSK_IMPACT,
        MSK_IMPACT_410,
        MSK_IMPACT_341,
        PURPLE_PANEL,
        PURPLE_WGS,
        BALSAMIC,
        PYTMB_WES,
        PCGR_CODING,
        PCGR_NONSILENT,
        PCGR_MISSENSE,
        MAFTOOLS,
        CBIOPORTAL,
    )
}
SCHEME_NAMES = tuple(SCHEMES)


def scheme_named(name: str) -> TmbParams:
    """Return the rules of a preset.

    >>> scheme_named("twist-gms560").min_depth
    101
    """
    if name not in SCHEMES:
        raise ParameterError(
            f"unknown TMB preset {name!r}; known: {', '.join(SCHEMES)}",
            suggestion(name, SCHEMES),
        )
    return SCHEMES[name].params
