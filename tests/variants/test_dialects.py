"""Lines as each caller writes them, and what a person reads in them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tumorkit.genome.variant import AlleleCounts, Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader, dialect_of
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.roles import assign_roles

Numbers = tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A caller's record: columns from REF to the samples, and its values read by eye.

    ``tumor`` and ``normal`` are depth, reference, alternative, fraction; ``strands`` and
    ``qualities`` (base, reference's base, mapping, reference's mapping) are the tumour's.
    """

    says: str
    line: str
    samples: tuple[str, ...] = ("NORMAL", "TUMOR")
    meta: tuple[str, ...] = ()
    tumor: Numbers = ()
    normal: Numbers | None = None
    strands: Numbers = (None, None, None, None)
    qualities: Numbers = (None, None, None, None)
    status: str | None = None


def info(*keys: str, number: str = "1") -> tuple[str, ...]:
    return tuple(f'##INFO=<ID={key},Number={number},Type=String,Description="x">' for key in keys)


FLAG = ('##INFO=<ID=SOMATIC,Number=0,Type=Flag,Description="x">',)
STATE = ('##FORMAT=<ID=SS,Number=1,Type=Integer,Description="x">',)
VARDICT = "GT:DP:VD:ALD:RD:AD:AF:BIAS:PMEAN:PSTD:QUAL:QSTD:SBF:ODDRATIO:MQ:SN:HIAF:ADJAF:NM"
CLAIRS = "GT:GQ:DP:AF:AD:NAF:NDP:NAD:AU:CU:GU:TU:NAU:NCU:NGU:NTU"
SAGE3 = "GT:ABQ:AD:AF:DP:RABQ:RAD:RC_CNT:RC_IPC:RC_JIT:RC_QUAL:RDP:SB"
SAGE4 = "GT:ABQ:AD:AF:AMBQ:AMMQ:AMQ:DP:RC_CNT:RC_IPC:RC_JIT:RC_QUAL:RSB:SAC"
DRAGEN = "GT:SQ:AD:AF:F1R2:F2R1:DP:SB:MB"
TORRENT = "GT:GQ:DP:FDP:RO:FRO:AO:FAO:AF:SAR:SAF:SRF:SRR:FSAR:FSAF:FSRF:FSRR"
SNIPER = "GT:IGT:DP:DP4:BCOUNT:GQ:JGQ:VAQ:BQ:MQ:AMQ:SS:SSC"
CASES = (
    Case(
        says="Mutect2 of GATK 4.1 and later: medians of both samples are in INFO",
        line="T G . PASS AS_SB_TABLE=15,13|23,22;MBQ=36,37;MMQ=60,59;POPAF=6.00;TLOD=174.77 "
        "GT:AD:AF:DP:F1R2:F2R1:FAD:SB 0/0:28,1:0.038:29:15,0:9,0:28,1:15,13,1,0 "
        "0/1:0,44:0.978:44:0,23:0,21:0,44:0,0,22,22",
        meta=("##MutectVersion=2.2",),
        tumor=(44, 0, 44, 0.978),
        normal=(29, 28, 1, 0.038),
        strands=(0, 0, 22, 22),
        qualities=(37, None, 59, None),
    ),
    Case(
        says="Mutect2, several bases at once: AD, not FAD, counts reads",
        line="AC TG . PASS MBQ=30,31;MMQ=60,60 GT:AD:AF:DP:FAD 0/0:40,0:0.02:40:30,0 "
        "0/1:30,10:0.25:40:20,8",
        tumor=(40, 30, 10, 0.25),
        normal=(40, 40, 0, 0.0),
        qualities=(31, 30, 60, 60),
    ),
    Case(
        says="Mutect2 of GATK 4.0: qualities in FORMAT, no DP, no reference for MMQ",
        line="T G . PASS DP=45;POP_AF=5.000e-08;P_GERMLINE=-8.602e+00;TLOD=174.77 "
        "GT:AD:AF:F1R2:F2R1:MBQ:MFRL:MMQ:MPOS 0/1:4,44:0.9:0,23:4,21:33,37:0,344:60:20",
        samples=("TUMOR",),
        tumor=(48, 4, 44, 0.9),
        qualities=(37, 33, 60, None),
    ),
    Case(
        says="Strelka, single base: the first tier; MQ is that of the site",
        line="T G . PASS SOMATIC;QSS=90;TQSS=1;NT=ref;MQ=58.50;MQ0=0;SNVSB=0.0 "
        "DP:FDP:SDP:SUBDP:AU:CU:GU:TU 30:0:0:0:0,0:0,0:1,1:29,29 44:0:0:0:0,0:0,0:43,44:1,1",
        meta=(*FLAG, *info("NT")),
        tumor=(44, 1, 43, 43 / 44),
        normal=(30, 29, 1, 1 / 30),
        qualities=(None, None, 58.5, None),
        status="somatic",
    ),
    Case(
        says="Strelka: a normal that is heterozygous means loss of heterozygosity",
        line="T G . PASS SOMATIC;TQSS=1;NT=het "
        "DP:FDP:SDP:SUBDP:AU:CU:GU:TU 30:0:0:0:0,0:0,0:15,15:15,15 44:0:0:0:0,0:0,0:44,44:0,0",
        meta=(*FLAG, *info("NT")),
        tumor=(44, 0, 44, 1.0),
        normal=(30, 15, 15, 0.5),
        status="loh",
    ),
    Case(
        says="Strelka, indel: TOR counts in DP, not in the fraction",
        line="G GT . PASS SOMATIC;TQSI=1;NT=ref;MQ=60.00 DP:DP2:TAR:TIR:TOR "
        "28:28:25,25:0,0:3,3 50:50:10,10:30,32:10,10",
        meta=info("NT"),
        tumor=(50, 10, 30, 0.75),
        normal=(28, 25, 0, 0.0),
        qualities=(None, None, 60, None),
        status="somatic",
    ),
    Case(
        says="VarDict, pair: qualities of the reads with the change, in FORMAT",
        line="C G 69 PASS STATUS=StrongSomatic;TYPE=SNV;SSF=0.28571 "
        + VARDICT
        + " 0/1:60:20:12,8:22,18:40,20:0.3333:2,2:14.6:1:30.5:0:1:0:58.6:10:0.3:0:1.6 "
        "0/0:30:0:0,0:15,15:30,0:0:2,0:0:0:0:0:1:0:0:0:0:0:0",
        samples=("TUMOR", "NORMAL"),
        meta=info("STATUS"),
        tumor=(60, 40, 20, 0.3333),
        normal=(30, 30, 0, 0.0),
        strands=(22, 18, 12, 8),
        qualities=(30.5, None, 58.6, None),
        status="somatic",
    ),
    Case(
        says="VarDict, pair, third bases: DP is more than AD holds (VarDictJava#117)",
        line="G C 73 PASS STATUS=Germline;SAMPLE=TumorA;TYPE=SNV;SSF=0.26923;SOR=0 "
        + VARDICT
        + " 1/0:7:5:2,3:1,1:2,5:0.7143:2,2:17:1:24.6:1:1:1.41418:45.8:4:0.6667:0:1.4 "
        "1/1:6:6:3,3:0,0:0,6:1:0,2:16.3:1:28.3:1:1:0:48:5:1:0:1.7",
        samples=("TumorA", "NormalA"),
        meta=info("STATUS"),
        tumor=(7, 2, 5, 0.7143),
        normal=(6, 0, 6, 1.0),
        strands=(1, 1, 2, 3),
        qualities=(24.6, None, 45.8, None),
        status="germline",
    ),
    Case(
        says="VarDict, single: the same names in INFO",
        line="T G 194 PASS DP=64;VD=44;AF=0.6875;REFBIAS=12:8;VARBIAS=22:22;QUAL=35.7;MQ=60 "
        "GT:DP:VD:AD:AF:RD:ALD 0/1:64:44:20,44:0.6875:12,8:22,22",
        samples=("TUMOR",),
        tumor=(64, 20, 44, 0.6875),
        strands=(12, 8, 22, 22),
        qualities=(35.7, None, 60, None),
    ),
    Case(
        says="VarDict, old: AD holds strands (VarDict#27)",
        line="T G . PASS STATUS=LikelySomatic GT:DP:VD:ALD:RD:AD 0/1:60:20:8,12:22,18:8,12 "
        "0/0:30:0:0,0:15,15:0,0",
        samples=("TUMOR", "NORMAL"),
        meta=info("STATUS"),
        tumor=(60, 40, 20, 20 / 60),
        normal=(30, 30, 0, 0.0),
        strands=(22, 18, 8, 12),
        status="likely_somatic",
    ),
    Case(
        says="VarScan: RD and AD one number each, DP more than both, FREQ in percent",
        line="G A . PASS DP=191;SOMATIC;SS=2;SSC=38;GPV=1E0;SPV=1.3E-4 GT:GQ:DP:RD:AD:FREQ:DP4 "
        "0/0:.:65:62:0:0%:29,33,0,0 0/1:.:126:98:26:20.97%:51,47,16,10",
        meta=(*FLAG, *info("SS")),
        tumor=(126, 98, 26, 0.2097),
        normal=(65, 62, 0, 0.0),
        strands=(51, 47, 16, 10),
        status="somatic",
    ),
    Case(
        says="VarScan: a comma in FREQ; SS=3 is loss of heterozygosity",
        line="G A . PASS DP=191;SS=3 GT:DP:RD:AD:FREQ 0/1:65:32:33:50,77% 1/1:126:3:123:97,62%",
        meta=info("SS"),
        tumor=(126, 3, 123, 0.9762),
        normal=(65, 32, 33, 0.5077),
        status="loh",
    ),
    Case(
        says="VarScan, single sample: qualities of both alleles",
        line="T C . PASS ADP=274 GT:ABQ:AD:ADF:ADR:DP:FREQ:RBQ:RD:RDF:RDR:SDP "
        "0/1:36:2:1:1:274:0.73%:35:272:115:157:274",
        samples=("TUMOR",),
        tumor=(274, 272, 2, 0.0073),
        strands=(115, 157, 1, 1),
        qualities=(36, 35, None, None),
    ),
    Case(
        says="LoFreq: no samples; INFO is the tumour, nothing is known of the normal",
        line="T A 451 PASS DP=63;AF=0.507937;SB=0;DP4=17,14,16,16;SOMATIC;UQ=72",
        samples=(),
        meta=FLAG,
        tumor=(63, 31, 32, 0.507937),
        strands=(17, 14, 16, 16),
        status="somatic",
    ),
    Case(
        says="FreeBayes: random order, sums of qualities, strands pooled over samples",
        line="G A 900 . ODDS=12;SRF=30;SRR=30;SAF=20;SAR=24;MQM=59.5;MQMR=60 "
        "GT:DP:AD:RO:QR:AO:QA 0/1:91:46,44:46:1472:44:1540 0/0:31:30,1:30:900:1:10",
        samples=("TUMOR", "NORMAL"),
        tumor=(91, 46, 44, 44 / 90),
        normal=(31, 30, 1, 1 / 31),
        qualities=(35, 32, 59.5, 60),
    ),
    Case(
        says="TNscope: AF is its own, QSS are sums of qualities",
        line="C T 200 PASS FS=1.2;SOR=0.7 GT:AD:AF:ALT_F1R2:ALT_F2R1:NBQPS:QSS:REF_F1R2:REF_F2R1 "
        "0/1:47,8:0.052:5:3:30:1410,240:22:25 0/0:62,0:0.00:0:0:30:1860,0:33:29",
        samples=("TUMOR", "NORMAL"),
        meta=("##SentieonCommandLine.TNscope=<ID=TNscope>",),
        tumor=(55, 47, 8, 0.052),
        normal=(62, 62, 0, 0.0),
        qualities=(30, 30, None, None),
    ),
    Case(
        says="DRAGEN: QUAL is '.', MQ of the site reaches 250",
        line="G C . weak_evidence DP=178;MQ=247.75;FractionInformativeReads=0.944;AQ=8.35 "
        + DRAGEN
        + " 0/1:0.00:167,1:0.0060:75,1:92,0:168:78,89,1,0:84,83,1,0",
        samples=("SXX-XXXT",),
        meta=("##source=DRAGEN_SNV",),
        tumor=(168, 167, 1, 0.006),
        strands=(78, 89, 1, 0),
        qualities=(None, None, 247.75, None),
    ),
    Case(
        says="DRAGEN TruSight Oncology 500: GermlineStatus",
        line="C T . PASS DP=562;MQ=247.50;FractionInformativeReads=0.966;AQ=100.00;"
        "GermlineStatus=Germline_DB " + DRAGEN + " 0/1:11.80:434,109:0.201:209,56:225,53:543:"
        "226,208,51,58:217,217,48,61",
        samples=("Sample1",),
        meta=info("GermlineStatus"),
        tumor=(543, 434, 109, 0.201),
        strands=(226, 208, 51, 58),
        qualities=(None, None, 247.5, None),
        status="germline",
    ),
    Case(
        says="SAGE 3: one base quality, SB a fraction, a record for each read context",
        line="A C 262 strandBias RC=TCCAG;TIER=PANEL "
        + SAGE3
        + " ./.:0:829,0:0:829:37097,0:908,0:0,0,0,0,0,829,829:0:0,0,0:0,0,0,0,0,19217,19217:908:0.5"
        " ./.:34:5787,13:0.002241:5800:313340,442:6402,13:7,1,0,0,5,5787,5800:0:0,0,0:"
        "241,21,0,0,162,138985,139409:6415:1",
        tumor=(5800, 5787, 13, 0.002241),
        normal=(829, 829, 0, 0.0),
        qualities=(34, None, None, None),
    ),
    Case(
        says="SAGE 4: ABQ and AMQ of all reads and of the alternative's (hmftools#738)",
        line="GT AC 200 PASS AED=38,38;MED=104;MQF=23.71;RC_NM=2;TIER=PANEL;TQP=0.00 "
        + SAGE4
        + " ./.:36,0:0,0:0.00:0:0:60,0:1228:0,0,0,0,0,1228:0:0,0:0,0,0,0,0,26915:.5,.5:0"
        " ./.:38,37:0,31:.020:26:49:60,59:1584:31,0,0,0,0,1584:0:0,0:779,0,0,0,0,40100:.4,.5:0",
        tumor=(1584, 0, 31, 0.02),
        normal=(1228, 0, 0, 0.0),
        qualities=(37, None, 59, None),
    ),
    Case(
        says="DeepSomatic: the normal in the tumour's column",
        line="G A 31 PASS . GT:GQ:DP:AD:VAF:NDP:NAD:NAF 1/1:31:80:60,20:0.25:40:39,1:0.025",
        samples=("SAMPLE",),
        tumor=(80, 60, 20, 0.25),
        normal=(40, 39, 1, 0.025),
    ),
    Case(
        says="DeepSomatic: GERMLINE is a filter",
        line="G A 31 GERMLINE . GT:GQ:DP:AD:VAF 1/1:31:80:40,40:0.5",
        samples=("SAMPLE",),
        meta=('##FILTER=<ID=GERMLINE,Description="Non somatic variants">',),
        tumor=(80, 40, 40, 0.5),
        status="germline",
    ),
    Case(
        says="ClairS: reads by base; AD gives no reference reads though there are (ClairS#50)",
        line="C T 3.735 LowQual H;FAU=0;FCU=6;FGU=0;FTU=9;RAU=0;RCU=13;RGU=0;RTU=8 "
        + CLAIRS
        + " 0/1:3:36:0.4722:0,17:0:10:0,0:0:19:0:17:0:10:0:0",
        samples=("SAMPLE",),
        meta=("##source=ClairS",),
        tumor=(36, 19, 17, 17 / 36),
        normal=(10, 10, 0, 0.0),
        strands=(6, 13, 9, 8),
    ),
    Case(
        says="ClairS before strands: AD one number",
        line="G A 16 PASS H GT:GQ:DP:AF:AD:NAF:NDP:NAD:AU:CU:GU:TU:NAU:NCU:NGU:NTU "
        "0/1:16:34:0.2647:9:0.0345:29:1:9:0:25:0:1:0:28:0",
        samples=("SAMPLE",),
        tumor=(34, 25, 9, 9 / 34),
        normal=(29, 28, 1, 1 / 29),
    ),
    Case(
        says="ClairS, indel: AD one number is the alternative's",
        line="GA G 16 PASS . GT:DP:AF:AD:NAF:NDP:NAD:AU:CU:GU:TU 0/1:34:0.26:9:0:29:0:0:0:34:0",
        samples=("SAMPLE",),
        tumor=(34, None, 9, 0.26),
        normal=(29, None, 0, 0.0),
    ),
    Case(
        says="CaVEMan: reads by base and strand, British spelling",
        line="G A . PASS DP=60 GT:FAZ:FCZ:FGZ:FTZ:RAZ:RCZ:RGZ:RTZ:PM "
        "0|0:0:0:17:0:0:0:18:0:0.0e+00 0|1:3:0:10:0:2:0:9:1:2.0e-01",
        samples=("NORMAL", "TUMOUR"),
        tumor=(25, 19, 5, 5 / 24),
        normal=(35, 35, 0, 0.0),
        strands=(10, 9, 3, 2),
    ),
    Case(
        says="CaVEMan, old: AA, CA, GA, TA",
        line="G A . PASS DP=60 GT:AA:CA:GA:TA:PM 0|0:0:0:35:0:0 0|1:4:0:9:0:3.1e-01",
        samples=("NORMAL", "TUMOUR"),
        tumor=(13, 9, 4, 4 / 13),
        normal=(35, 35, 0, 0.0),
    ),
    Case(
        says="cgpPindel: fragments where counted",
        line="GA G . PASS PC=D GT:PP:NP:PR:NR:FD:FC ./.:0:0:20:20:38:0 ./.:3:4:20:50:60:6",
        samples=("NORMAL", "TUMOUR"),
        tumor=(60, None, 6, 0.1),
        normal=(38, None, 0, 0.0),
        strands=(None, None, 3, 4),
    ),
    Case(
        says="cgpPindel, old: reads of both strands",
        line="GA G . PASS PC=D GT:PP:NP:PR:NR ./.:0:0:20:20 ./.:3:4:20:50",
        samples=("NORMAL", "TUMOUR"),
        tumor=(70, None, 7, 0.1),
        normal=(40, None, 0, 0.0),
        strands=(None, None, 3, 4),
    ),
    Case(
        says="Pindel: AD, no fraction",
        line="ACT A . PASS SVLEN=-2;SVTYPE=DEL GT:AD 0/0:46,0 0/1:43,4",
        tumor=(47, 43, 4, 4 / 47),
        normal=(46, 46, 0, 0.0),
    ),
    Case(
        says="Pisces: the fraction is VF, SB is phred, NL the noise level",
        line="G A 100 PASS DP=286 GT:GQ:AD:DP:VF:NL:SB 0/1:100:272,13:286:0.04545:30:-100.0000",
        samples=("TUMOR",),
        tumor=(286, 272, 13, 0.04545),
    ),
    Case(
        says="SomaticSniper: values of the alleles in the genotype",
        line="C G . . . " + SNIPER + " 0/0:0/0:10:0,10,0,0:0,10,0,0:57:77:0:35:60:60:0:. "
        "0/1:0/1:7:0,3,0,4:0,3,4,0:50:77:70:38,36:60:60,58:2:40",
        meta=STATE,
        tumor=(7, 3, 4, 4 / 7),
        normal=(10, 10, 0, 0.0),
        strands=(0, 3, 0, 4),
        qualities=(36, 38, 58, 60),
        status="somatic",
    ),
    Case(
        says="SomaticSniper: one value of a homozygous tumour is the alternative's",
        line="T G . . . " + SNIPER + " 0/0:0/0:30:15,14,1,0:0,0,1,29:82:117:0:33:60:60:0:. "
        "1/1:1/1:44:0,0,22,22:0,0,44,0:159:117:159:36:60:60:2:117",
        meta=STATE,
        tumor=(44, 0, 44, 1.0),
        normal=(30, 29, 1, 1 / 30),
        strands=(0, 0, 22, 22),
        qualities=(36, None, 60, None),
        status="somatic",
    ),
    Case(
        says="MuTect 1: BQ is the alternative's; the normal's genotype is a single 0",
        line="C G . REJECT . GT:AD:BQ:DP:FA 0:175,30:.:206:0.146 0/1:160,31:13:192:0.162",
        meta=("##MuTect=2014",),
        tumor=(192, 160, 31, 0.162),
        normal=(206, 175, 30, 0.146),
        qualities=(13, None, None, None),
    ),
    Case(
        says="MuSE: qualities of both alleles, 0 where there is no read",
        line="G T . Tier1 SOMATIC GT:DP:AD:BQ:SS 0/1:11:9,2:32,34:2 0/0:21:21,0:35,0:.",
        samples=("TUMOR", "NORMAL"),
        meta=(*FLAG, *STATE),
        tumor=(11, 9, 2, 2 / 11),
        normal=(21, 21, 0, 0.0),
        qualities=(34, 32, None, None),
        status="somatic",
    ),
    Case(
        says="Octopus: a sample that does not have the allele has '.' for its depth (octopus#290)",
        line="C G 10207.9 PASS AC=1;AN=5;DP=190;MQ=59;PP=87.69;SOMATIC "
        "GT:GQ:DP:MQ:PS:PQ:HSS:AD:AF:FT 0|0:3076:61:60:7674238:100:0,0:62,.:1,.:PASS "
        "0|0|1:3076:92:59:7674238:100:0,0,1:5,87:0.054,0.946:PASS",
        meta=("##octopus=<version=0.7.4>", *FLAG),
        tumor=(92, 5, 87, 0.946),
        normal=(62, 62, None, None),
        qualities=(None, None, 59, None),
        status="somatic",
    ),
    Case(
        says="Octopus, early: AD one number, the fraction a posterior mean",
        line="A T 10000 PASS DP=2098;MQ=59;PP=510.31;SOMATIC GT:GQ:DP:MQ:AD:MAP_VAF:VAF_CR "
        "0|0|1:510:2098:59:902:0.43:0.41,0.45",
        samples=("TUMOR",),
        meta=FLAG,
        tumor=(2098, None, 902, 0.43),
        qualities=(None, None, 59, None),
        status="somatic",
    ),
    Case(
        says="Octopus without AD: a fraction but no counts",
        line="A T 10000 PASS DP=2098;MQ=59;SOMATIC GT:GQ:DP:MQ:MAP_VAF 0|0|1:510:2098:59:0.9",
        samples=("TUMOR",),
        tumor=(2098, None, None, 0.9),
        qualities=(None, None, 59, None),
    ),
    Case(
        says="SomaticSeq: DP4, and qualities by allele",
        line="G GT 0.0 PASS SOMATIC;NUM_TOOLS=4 GT:DP4:CD4:refMQ:altMQ:refBQ:altBQ:VAF "
        "0/0:13,15,0,0:28,0,0,0:60:.:33.7857:.:0 "
        "1/1:3,2,20,24:5,0,44,0:60:59.5:34.2:34.7955:0.898",
        meta=FLAG,
        tumor=(49, 5, 44, 44 / 49),
        normal=(28, 28, 0, 0.0),
        strands=(3, 2, 20, 24),
        qualities=(34.7955, 34.2, 59.5, 60),
        status="somatic",
    ),
    Case(
        says="Delly: reads across the junction",
        line="C ]15:80623247]C . PASS PRECISE;SOMATIC GT:DR:DV:RR:RV 0/0:0:0:263:0 0/1:0:9:289:172",
        meta=FLAG,
        tumor=(461, 289, 172, 172 / 461),
        normal=(263, 263, 0, 0.0),
        status="somatic",
    ),
    Case(
        says="Delly: pairs where no junction was assembled",
        line="C <DEL> . PASS IMPRECISE GT:DR:DV:RR:RV 0/0:60:0:0:0 0/1:40:10:0:0",
        tumor=(50, 40, 10, 0.2),
        normal=(60, 60, 0, 0.0),
    ),
    Case(
        says="Ion Torrent: flow-evaluated counts and strands; FDP counts what neither allele has",
        line="G A 90 PASS . " + TORRENT + " 0/1:20:90:99:60:70:20:24:0.2424:9:11:30:30:11:13:34:36",
        samples=("TUMOR",),
        tumor=(99, 70, 24, 24 / 94),
        strands=(34, 36, 13, 11),
    ),
    Case(
        says="Ion Torrent without the F fields",
        line="G A 90 PASS . GT:DP:RO:AO:SAR:SAF:SRF:SRR 0/1:90:60:20:9:11:29:31",
        samples=("TUMOR",),
        tumor=(90, 60, 20, 0.25),
        strands=(29, 31, 11, 9),
    ),
    Case(
        says="bcftools mpileup, early: DV of DP, the reference is not counted",
        line="G A 90 . DP=50;MQ=55 GT:PL:DP:DV 0/1:1,2,3:50:7",
        samples=("TUMOR",),
        tumor=(50, None, 7, 7 / 50),
        qualities=(None, None, 55, None),
    ),
    Case(
        says="bcftools mpileup: AD with its strands",
        line="G A 90 . MQ=55 GT:PL:DP:AD:ADF:ADR 0/1:1,2,3:50:43,7:20,4:23,3",
        samples=("TUMOR",),
        tumor=(50, 43, 7, 7 / 50),
        strands=(20, 23, 4, 3),
        qualities=(None, None, 55, None),
    ),
    Case(
        says="RADIA: AD, AF and BQ hold the reference too; RNA is a third column",
        line="C T 0 PASS SOMATIC;SS=2 GT:DP:AD:AF:BQ:SS 0/0:117:117,0:1.0,0.0:35,0:0 "
        "0/1:106:95,11:0.9,0.1:36,31:2 0/1:190:161,29:0.85,0.15:38,37:2",
        samples=("DNA_NORMAL", "DNA_TUMOR", "RNA_TUMOR"),
        meta=(*FLAG, *info("SS")),
        tumor=(106, 95, 11, 0.1),
        normal=(117, 117, 0, 0.0),
        qualities=(31, 36, None, None),
        status="somatic",
    ),
    Case(
        says="hydra ensemble, from VarDict",
        line="G A 200 PASS CALLERS=vardict,gatk_mutect2;AF=0.25 GT:AD:AF:DP:VD:RD:ALD "
        "0/1:60,20:0.25:80:20:30,30:9,11",
        samples=("P1_T",),
        meta=info("CALLERS", number="."),
        tumor=(80, 60, 20, 0.25),
        strands=(30, 30, 9, 11),
    ),
    Case(
        says="bcbio ensemble: AD one number and no RD is the alternative's",
        line="G A 200 PASS CALLERS=freebayes,vardict GT:AD:DP 0/1:20:80",
        samples=("P1_T",),
        meta=info("CALLERS", number="."),
        tumor=(80, None, 20, 0.25),
    ),
    Case(
        says="merged by the GDC: Strelka's bases and AD; AD decides",
        line="C G . . . GT:AD:BQ:SS:DP:AU:CU:GU:TU:DP4:FA:BCOUNT:AMQ "
        "0/0:29,0:32:0:29:0,0:29,29:0,0:0,0:.,.,.,.:0:0,29,0,0:60 "
        "0/1:40,37:32,33:2:77:0,0:40,40:37,37:0,0:27,13,26,10:0.4737:0,40,37,0:60,57",
        meta=STATE,
        tumor=(77, 40, 37, 0.4737),
        normal=(29, 29, 0, 0.0),
        strands=(27, 13, 26, 10),
        qualities=(33, 32, 57, 60),
        status="somatic",
    ),
    Case(
        says="merged by the GDC: AD of another caller has too many numbers; bases decide",
        line="C T . . . GT:DP:DP4:BCOUNT:AD 0/0:38:.,.,.,.:0,43,0,4:25,1,2 "
        "0/1:43:20,15,5,3:0,44,0,16:28,1,2",
        tumor=(60, 44, 16, 16 / 60),
        normal=(47, 43, 4, 4 / 47),
        strands=(20, 15, 5, 3),
    ),
)


def variants_of(case: Case) -> tuple[CallReader, VcfRecord, list[Variant]]:
    has_format = bool(case.samples)
    header = VcfHeader(case.meta, case.samples, has_format)
    columns = ["1", "8450", ".", *case.line.split(" ")]
    assert len(columns) == len(header.columns), case.says
    record = VcfRecord("\t".join(columns), header)
    reader = CallReader(header, assign_roles(header))
    return reader, record, reader(record)


def numbers(counts: AlleleCounts | None) -> Numbers | None:
    if counts is None:
        return None
    return counts.depth, counts.ref_depth, counts.alt_depth, counts.vaf


def close(expected: Numbers) -> Numbers:
    return tuple(pytest.approx(one) if isinstance(one, float) else one for one in expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_line_says_what_a_person_reads_in_it(case: Case) -> None:
    reader, record, (hit,) = variants_of(case)
    assert numbers(hit.tumor) == close(case.tumor)
    assert numbers(hit.normal) == (case.normal and close(case.normal))
    counts = hit.tumor
    assert (
        counts.ref_forward, counts.ref_reverse, counts.alt_forward, counts.alt_reverse
    ) == case.strands  # fmt: skip
    assert (
        counts.base_quality,
        counts.ref_base_quality,
        counts.mapping_quality,
        counts.ref_mapping_quality,
    ) == close(case.qualities)
    assert hit.status == case.status
    (lazy,) = LazyReader(reader)(record)
    assert (numbers(lazy.tumor), numbers(lazy.normal)) == (numbers(hit.tumor), numbers(hit.normal))
    assert lazy.status == hit.status


@pytest.mark.parametrize("case", [c for c in CASES if len(c.samples) > 1], ids=lambda c: c.says)
def test_the_order_of_columns_changes_nothing(case: Case) -> None:
    (*first,) = case.line.split(" ")
    count = len(case.samples)
    turned = Case(
        says=case.says,
        line=" ".join([*first[:-count], *reversed(first[-count:])]),
        samples=case.samples[::-1],
        meta=case.meta,
    )
    assert variants_of(turned)[2] == variants_of(case)[2]


def test_deepsomatic_fractions_of_the_normal_are_by_alternative() -> None:
    # NAF is declared Number=R but holds one value for each alternative (deepsomatic#102).
    header = VcfHeader((), ("SAMPLE",))
    line = (
        "1\t5\t.\tG\tA,C\t31\tPASS\t.\tGT:DP:AD:VAF:NDP:NAD:NAF\t"
        "1/2:80:50,20,10:0.25,0.125:40:37,2,1:0.05,0.025"
    )
    first, second = CallReader(header, assign_roles(header))(VcfRecord(line, header))
    assert numbers(first.normal) == (40, 37, 2, 0.05)
    assert numbers(second.normal) == (40, 37, 1, 0.025)
    assert numbers(second.tumor) == (80, 50, 10, 0.125)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("StrongSomatic", "somatic"),
        ("LikelySomatic", "likely_somatic"),
        ("Germline", "germline"),
        ("StrongLOH", "loh"),
        ("LikelyLOH", "likely_loh"),
        ("AFDiff", "unknown"),
        ("SampleSpecific", "unknown"),
        ("Deletion", "unknown"),
        (".", None),
    ],
)
def test_vardict_status(word: str, status: str | None) -> None:
    header = VcfHeader(info("STATUS"), ("TUMOR",))
    line = f"1\t5\t.\tG\tA\t31\tPASS\tSTATUS={word}\tAD\t5,4"
    (hit,) = CallReader(header, assign_roles(header))(VcfRecord(line, header))
    assert hit.status == status


@pytest.mark.parametrize(
    ("meta", "dialect"),
    [
        ("##sageVersion=3.4", "sage"),
        ("##source=ClairS", "clairs"),
        ("##octopus=<version=0.7.1>", "octopus"),
        ("##source=DRAGEN_SNV", "dragen"),
        ('##source="tvc 5.10-11 (0b5b8b1) - Torrent Variant Caller"', "ion-torrent"),
        ("##source=VarScan2", "varscan"),
        ("##source=Pisces 5.2.9.122", "pisces"),
        ("##DeepVariant_version=1.10.0", "unknown"),
        ("##DeepSomatic_version=1.10.0", "deepsomatic"),
        ("##SentieonCommandLine.TNscope=<ID=TNscope>", "tnscope"),
    ],
)
def test_callers_are_known_by_their_headers(meta: str, dialect: str) -> None:
    assert dialect_of(VcfHeader((meta,), ())) == dialect
