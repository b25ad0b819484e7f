"""A case whose every given text is an attack: on the page, on a table, on a terminal."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.interpretation.builders import HEADER, TIERS
from tumorkit.cli import run

# Leaves a script, an attribute, a comment and JSON; is a formula; turns the direction of writing,
# hides letters, moves the cursor of a terminal.
MARKUP = '</script><script>window.hit=1</script><img src=x onerror="window.hit=1">\'`-->]]>{{7*7}}'
SIGNS = "\u202e\u2066\u200b\ufeff\u00ad\x1b[31m\x1b]0;title\x07\x08\x7f\x9b2J"
ATTACK = f"={MARKUP}{SIGNS}"
SAMPLE = f"{ATTACK}\t1\n2\r3\u2028"
# A VCF's INFO has these signs for itself.
IN_INFO = ATTACK.translate({ord(sign): None for sign in ";,|= "}).replace("imgsrc", "img/src")
# A path has no slash.
IN_PATH = "[b]+cmd" + ATTACK.replace("/", "")[:120]
CONTIGS = {"chr17": 83_257_441, "chr12": 133_275_309, "chr7": 159_345_973}
CONSEQUENCE = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    "Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|HGVSc|HGVSp|"
    'CLIN_SIG|Existing_variation">'
)


def variants_text(sample: str) -> str:
    """A VCF with attacks as sample, gene, change, filter, identifier, caller and contig."""
    lines = [
        "##fileformat=VCFv4.2",
        f"##source={ATTACK}",
        *(f"##contig=<ID={name},length={length}>" for name, length in CONTIGS.items()),
        "##contig=<ID=chr<b>,length=1000>",
        f'##FILTER=<ID=odd,Description="{MARKUP.replace(chr(34), "")}">',
        CONSEQUENCE,
        '##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
        "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT",
                   sample]),
    ]  # fmt: skip
    said = [("missense_variant", "ENST1.1:c.1A>T", "ENSP1.1:p.Val600Glu")]
    said += [(IN_INFO, f"{IN_INFO}:{IN_INFO}", f"{IN_INFO}:{IN_INFO}")]
    for at in range(24):
        terms, coding, protein = said[at % 2]
        gene = ("BRAF", IN_INFO, f"@{at}{IN_INFO}", f"-{at}{IN_INFO}")[at % 4]
        contig = ("chr17", "chr12", "chr7", "chr<b>")[at % 4]
        names = [terms, "MODERATE", gene, IN_INFO, "Transcript", IN_INFO, IN_INFO, coding, protein,
                 IN_INFO, f"COSV{IN_INFO}"]  # fmt: skip
        info = f"CALLERS={IN_INFO};CSQ=T|{'|'.join(names)}"
        filters = "odd" if at % 5 == 0 else "PASS"
        identifier = IN_INFO.replace(";", "")
        lines.append(
            "\t".join([contig, str(100 + 20 * at), identifier, "A", "T", "50", filters, info,
                       "GT:AD:DP", f"0/1:{400 - at},{90 + at}:490"])
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def ratios_text() -> str:
    """Copy ratios with a gain, a deletion and an attack for a gene's name."""
    rng, lines = random.Random(5), ["chromosome\tstart\tend\tgene\tlog2\tdepth\tweight"]
    for contig, length in CONTIGS.items():
        step = length // 200
        for at in range(200):
            level = 2.5 if contig == "chr7" and 90 <= at < 110 else 0.0
            level = -3.0 if contig == "chr12" and 40 <= at < 52 else level
            start = at * step
            lines.append(
                f"{contig}\t{start}\t{start + 200}\t{ATTACK}\t{level + rng.gauss(0, 0.1):.4f}\t"
                "100\t1"
            )
    return "\n".join(lines) + "\n"


def genes_text() -> str:
    """Genes of attacks, several of them where copies change."""
    lines = []
    for contig, length in CONTIGS.items():
        for at in range(20):
            start = at * (length // 20) + 1000
            sign = "=+-@"[at % 4]
            lines.append(f"{contig}\t{start}\t{start + 2_000_000}\t{sign}{at}{ATTACK}")
    return "\n".join(lines) + "\n"


def write_case(folder: Path) -> Path:
    """Write a case of attacks; return its case file."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "somatic": (".vcf", variants_text(ATTACK)),
        "copy_ratios": (".cnr", ratios_text()),
        "genes": (".bed", genes_text()),
        "actionable": (".tsv", "gene\tclass\ttumor_type\tnote\n" + "".join(
            f"{gene}\t{kind}\t\t{ATTACK}\n"
            for gene in (ATTACK, "BRAF", f"=0{ATTACK}") for kind in ("snv_indel", "amplification")
        )),
        "external": (".tsv", "biomarker\tmethod\tvalue\tdate\tsource\n" + "\t".join([ATTACK] * 3)
                     + f"\t2026-01-02\t{ATTACK}\nTMB\t{ATTACK}\t{ATTACK}\t\t{ATTACK}\n"),
    }  # fmt: skip
    lines = []
    for role, (suffix, text) in files.items():
        path = folder / f"{role}{IN_PATH}{suffix}"
        path.write_text(text, encoding="utf-8")
        lines.append(f"{role} = {quoted(path.name)}")
    case = folder / "case.toml"
    case.write_text(
        f"[case]\nsample = {quoted(SAMPLE)}\ntumor_sample = {quoted(ATTACK)}\n"
        'assay = "wes"\nfilter_preset = "twist-solid"\npurity = 0.6\n'
        f"tumor_type = {quoted(ATTACK)}\n\n[inputs]\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    return case


def quoted(text: str) -> str:
    """A text of TOML."""
    signs = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(
        signs.get(c, c if c.isprintable() else f"\\u{ord(c):04x}") for c in text
    ) + '"'  # fmt: skip


def write_knowledge(folder: Path) -> list[str]:
    """Write tables of knowledge that attack; return the options that name them."""
    said = dict.fromkeys(HEADER, ATTACK) | {
        "molecular_profile": "BRAF V600E", "evidence_type": "Predictive", "evidence_level": "A",
        "evidence_direction": "Supports", "rating": "5", "evidence_status": "accepted",
        "evidence_id": "1",
    }  # fmt: skip
    dump = folder / f"01-Jan-2026-{IN_PATH}.tsv"
    dump.write_text("\t".join(HEADER) + "\n" + "\t".join(said[n] for n in HEADER) + "\n")
    tables = {
        "tiers": TIERS.replace("Sensitivity/Response,Resistance", "*").replace("same", "any"),
        "laboratory": "gene\tchange\toncogenicity\ttier\tauthor\tdate\tcomment\n"
                      f"BRAF\tV600E\toncogenic\tI\t{ATTACK}\t2026-01-01\t{ATTACK}\n",
        "escat": "gene\talteration\ttumor_type\ttier\tsource\tauthor\tdate\n"
                 f"BRAF\tV600E\t{ATTACK}\tI-A\t{ATTACK}\t{ATTACK}\t2026-01-02\n",
    }  # fmt: skip
    options = ["--evidence", str(folder / "knowledge.json")]
    assert run(["interpretation", "import", "civic", str(dump), "-o", options[1]]) == 0
    for name, text in tables.items():
        path = folder / f"{name}{IN_PATH}.tsv"
        path.write_text(text, encoding="utf-8")
        options += [f"--{name}", str(path)]
    return options


def write_events(folder: Path) -> Path:
    """Write fusions between attacks, imported; return their JSON."""
    columns = ("#gene1", "gene2", "strand1(gene/fusion)", "strand2(gene/fusion)", "breakpoint1",
               "breakpoint2", "site1", "site2", "type", "split_reads1", "split_reads2",
               "discordant_mates", "coverage1", "coverage2", "confidence", "reading_frame",
               "tags", "retained_protein_domains", "closest_genomic_breakpoint1",
               "closest_genomic_breakpoint2", "gene_id1", "gene_id2", "transcript_id1",
               "transcript_id2", "direction1", "direction2", "filters", "fusion_transcript",
               "peptide_sequence", "read_identifiers")  # fmt: skip
    row = dict.fromkeys(columns, ATTACK) | {
        "strand1(gene/fusion)": "+/+", "strand2(gene/fusion)": "+/+", "direction1": "downstream",
        "direction2": "upstream", "breakpoint1": "chr17:7000000", "breakpoint2": "chr12:25000000",
        "split_reads1": "9", "split_reads2": "8", "discordant_mates": "7", "coverage1": "90",
        "coverage2": "80", "confidence": "high", "filters": ".", "type": "translocation",
    }  # fmt: skip
    table = folder / f"fusions{IN_PATH}.tsv"
    table.write_text("\t".join(columns) + "\n" + "\t".join(row[c] for c in columns) + "\n")
    made = folder / "events.json"
    assert run(["variants", "import", str(table), "--build", "GRCh38", "--json", str(made)]) == 0
    return made


FORMATS = "maf,vcf,seg,oncokb,multiqc,fhir,xlsx,gms-table,scout"


def hostile_case(made: Path) -> Path:
    """Bring a case of attacks through every command; what they said is in ``said.txt``."""
    given, said = made / "in", io.StringIO()
    profile, classes = str(made / "out" / "profile.json"), str(made / "classes.json")
    case = write_case(given)
    with redirect_stdout(said), redirect_stderr(said):
        steps: list[Sequence[object]] = [
            ["profile", case, "--outdir", made / "out", "-v"],
            ["interpretation", "classify", profile, *write_knowledge(given), "--tumor-type",
             ATTACK, "--date", "2026-03-01", "-o", made / "classes.tsv", "--json", classes],
            *(["report", "build", profile, "--interpretation", classes, "--language", code, "-v",
               "-o", made / f"{code}.html"] for code in ("en", "sv")),
            ["report", "export", profile, "--to", FORMATS, "--events", write_events(given),
             "--outdir", made / "files", "--center", ATTACK, "--patient", ATTACK, "-v"],
            ["report", "export", profile, "--to", "gens", "--ratios",
             next(given.glob("copy_ratios*")), "--outdir", made / "files", "--include-failed"],
            ["report", "verify", made / "out" / "manifest.json"],
            ["report", "diff", profile, profile],
        ]  # fmt: skip
        done = [run([str(word) for word in step]) for step in steps]
        # Refused, with the name in the error: a name that cannot be one, and a missing file.
        done.append(run(["report", "export", profile, "--to", "cbioportal", "--outdir", str(made)]))
        done.append(run(["report", "build", str(made / f"x\x1b[31m{ATTACK[:20]}")]))
    assert done == [0] * len(steps) + [2, 1], said.getvalue()
    (made / "said.txt").write_text(said.getvalue(), encoding="utf-8")
    return made
