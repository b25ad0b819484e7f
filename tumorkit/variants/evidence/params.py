"""Settings of variant evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about

GATK = "GATK FilterMutectCalls"


@dataclass(frozen=True, kw_only=True)
class EvidenceParams(Settings):
    """What is believed before the reads are seen, and when an answer is good enough."""

    error_rate: float = field(
        default=1e-3,
        metadata=about(
            "Share of reads that show a wrong allele where nothing better is known.",
            minimum=1e-7,
            maximum=0.1,
            source="Phred 30",
        ),
    )
    overdispersion: float = field(
        default=2e-3,
        metadata=about(
            "Spread of allele fractions beyond that of counts, 1 / (alpha + beta + 1).",
            minimum=1e-6,
            maximum=0.2,
            source="PureCN fits 1e-4 to .2",
        ),
    )
    mapping_bias: float = field(
        default=0.97,
        metadata=about(
            "Allele fraction of heterozygous sites over .5 where no site has its own.",
            minimum=0.5,
            maximum=1.2,
            source="PureCN; reads with the reference allele map better",
        ),
    )
    mapping_bias_sd: float = field(
        default=0.025,
        metadata=about("Standard deviation of the mapping bias.", minimum=0, maximum=0.2),
    )
    somatic_rate: float = field(
        default=3e-6,
        metadata=about(
            "Somatic mutations per possible allele, before this sample is looked at.",
            minimum=1e-10,
            maximum=1e-2,
            source="10 mutations per megabase over three alleles per base",
        ),
    )
    private_rate: float = field(
        default=6e-7,
        metadata=about(
            "Germline variants per possible allele that a population source of 250,000 alleles "
            "lacks, before this sample is looked at.",
            minimum=1e-10,
            maximum=1e-2,
            source="Gudmundsson 2022: 27 +- 13 in a gnomAD exome, 3e-7; more in other ancestries",
        ),
    )
    population_an: int = field(
        default=100_000,
        metadata=about(
            "Alleles that a population source counted where it does not say.",
            unit="alleles",
            minimum=1,
        ),
    )
    unannotated_rate: float = field(
        default=5e-4,
        metadata=about(
            "Germline variants per possible allele where no population source was asked.",
            minimum=1e-8,
            maximum=0.1,
            source="1.5 differences to the reference per kilobase, three alleles per base",
        ),
    )
    hotspot_multiplier: float = field(
        default=1000.0,
        metadata=about(
            "How much likelier a somatic mutation is at a hotspot.", minimum=1, maximum=1e6
        ),
    )
    rate_log_sd: float = field(
        default=1.5,
        metadata=about(
            "How far the rates of a sample stray from the rates here, as the standard deviation of "
            "their natural logarithm.",
            minimum=0.01,
            maximum=10,
            source="tumour mutational burdens of .5 to 200 per megabase: 95 % range",
        ),
    )
    chip_rate: float = field(
        default=1e-6,
        metadata=about(
            "Clonal haematopoiesis per possible allele of its genes.",
            minimum=0,
            maximum=1e-2,
            source="Jaiswal 2014: a tenth of persons above 70 over about 30 kb",
        ),
    )
    chip_elsewhere: float = field(
        default=1e-3,
        metadata=about(
            "Rate of clonal haematopoiesis in other genes over that in its own.",
            minimum=0,
            maximum=1,
        ),
    )
    artifact_odds: float = field(
        default=0.1,
        metadata=about(
            "Artefacts per somatic mutation among alleles that the caller passed.",
            minimum=0,
            maximum=1e4,
        ),
    )
    failed_caller_odds: float = field(
        default=20.0,
        metadata=about(
            "How much likelier an artefact is among alleles that the caller failed.",
            minimum=1,
            maximum=1e6,
        ),
    )
    subclonal_share: float = field(
        default=0.3,
        metadata=about("Share of somatic mutations that is subclonal.", minimum=0, maximum=1),
    )
    copy_number_doubt: float = field(
        default=0.05,
        metadata=about(
            "Probability that the copy number given for an allele is wrong.", minimum=0, maximum=1
        ),
    )
    call_at: float = field(
        default=0.8,
        metadata=about(
            "Probability from which an origin is called; below it nobody can tell.",
            minimum=0.5,
            maximum=1,
            source="LumosVar",
        ),
    )
    in_normal_prior: float = field(
        default=0.1,
        metadata=about(
            "Share of candidates whose allele is in the normal for reasons of its own.",
            minimum=1e-6,
            maximum=0.999,
        ),
    )
    tumor_in_normal_min: int = field(
        default=10,
        metadata=about(
            "Fewest confident somatic variants from which tumour in the normal is estimated.",
            unit="variants",
            minimum=3,
        ),
    )
    tumor_in_normal_max: float = field(
        default=0.5,
        metadata=about(
            "Highest tumour-in-normal fraction that is considered; near 1 it is a germline allele.",
            minimum=0.05,
            maximum=0.9,
        ),
    )
    strand_prior: float = field(
        default=1e-3,
        metadata=about("Share of strand artefacts.", minimum=0, maximum=1, source=GATK),
    )
    orientation_prior: float = field(
        default=0.01,
        metadata=about(
            "Share of artefacts of either read orientation, before this sample is looked at.",
            minimum=1e-9,
            maximum=0.49,
        ),
    )
    orientation_germline_share: float = field(
        default=0.5,
        metadata=about(
            "Share of germline variants among alleles that are no orientation artefact.",
            minimum=0,
            maximum=1,
        ),
    )
    low_fraction: float = field(
        default=0.1,
        metadata=about(
            "Allele fraction below which damage of the DNA shows as an excess of C>T or C>A.",
            minimum=0.005,
            maximum=0.5,
            source="varlociraptor's scenario for FFPE: 5 %",
        ),
    )
    level: float = field(
        default=0.95, metadata=about("Level of intervals.", minimum=0.5, maximum=0.999)
    )
