"""Filtering from bytes by the block equals filtering record by record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.errors import InputError, TumorkitError
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.filter.analysis import filter_variants
from tumorkit.variants.filter.presets import preset
from tumorkit.variants.filter.result import FilterResult
from tumorkit.variants.filter.specification import Specification, load_specification
from tumorkit.variants.roles import Roles, assign_roles

SPEC = load_specification(
    """
tumorkit_filters: 1
name: all
tiers:
  - {tier: far, when: pos > 500}
filters:
  - {id: low_alt, says: Few, fail_if: tumor.alt_depth < min, min: {default: 5, far: 9}}
  - {id: low_depth, says: Shallow, fail_if: tumor.depth < 30}
  - {id: low_vaf, says: Faint, fail_if: tumor.vaf < 0.05, missing: fail}
  - {id: in_normal, says: In it, fail_if: normal.alt_depth > 2 or normal.vaf > 0.1, needs: [normal]}
  - {id: germline, says: Frequent, fail_if: population_af > 0.001 or gnomad_af > 0.001}
  - {id: flagged, says: Caller, fail_if: count(caller_filter) > 0}
  - {id: poor, says: Poor, fail_if: quality < 20}
  - {id: busy, says: Busy, fail_if: 'INFO["DP"] > 100 and contig == "1"'}
  - {id: long, says: Long, fail_if: 'kind in [deletion, insertion]'}
rescue:
  - {id: strong, says: Strong, when: tumor.alt_depth > 40, lifts: [germline, poor]}
output: {drop: [low_depth]}
""",
    "spec.yaml",
)
META = (
    "##fileformat=VCFv4.2",
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">',
    '##INFO=<ID=POPAF,Number=A,Type=Float,Description="-log10 frequency">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    "##source=Mutect2",
)
NUMBER = st.sampled_from(["0", "3", "12", "60", "150", "0.01", "1e-4", "-1", "nan", "."])
INFO = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["DP", "gnomAD_AF", "POPAF"]), NUMBER).map("=".join),
        st.sampled_from(["gnomAD_AF=0.1,0.2", "DP", "TK=1", "NOTE=é", "x=|HIGH|"]),
    ),
    max_size=4,
    unique_by=lambda item: item.partition("=")[0],
).map(lambda items: ";".join(items) or ".")
CALLS = st.one_of(
    st.tuples(
        st.integers(0, 90), st.integers(0, 60), st.sampled_from(["0.2", ".", "0.01", "2"])
    ).map(lambda c: f"{c[0]},{c[1]}:{c[2]}:{c[0] + c[1]}"),
    st.sampled_from(["9,9,9:0.3,0.3:27", ".", "9", "9,1:0.1", ".,.:.:.", "9,1:.:10:7"]),
)
LINES = st.builds(
    lambda pos, ref, alt, quality, filters, info, keys, one, two: "\t".join(
        ["1", pos, ".", ref, alt, quality, filters, info, keys, one, two]
    ),
    st.sampled_from(["7", "500", "900", "+5", " 6"]),
    st.sampled_from(["A", "AC"]),
    st.sampled_from(["C", "C,G", ".", "AT", "<DEL>"]),
    st.sampled_from([".", "30", "9.5", "x"]),
    st.sampled_from(["PASS", ".", "weak", "weak;low_alt"]),
    INFO,
    st.sampled_from(["AD:AF:DP", "AD:AF:DP", "GT", "."]),
    CALLS,
    CALLS,
)


def filtered(
    blocks: Iterable[Sequence[VcfRecord]], header: VcfHeader, roles: Roles, spec: Specification
) -> tuple[FilterResult, bytes]:
    written: list[bytes] = []
    result = filter_variants(
        blocks,
        header,
        roles,
        spec,
        write=lambda lines: written.extend(f"{line}\n".encode() for line in lines),
        write_content=written.append,
    )
    return result, b"".join(written)


def assert_equal_ways(path: Path, spec: Specification, size: int = 10_000) -> int:
    """Check both ways against each other and return how many records came as bytes."""
    with open_vcf(path) as source:
        roles = assign_roles(source.header, path=path)
        slow, lines = filtered(source.blocks(size), source.header, roles, spec)
    packed = 0
    with open_vcf(path) as source:
        blocks = list(source.packed(size))
        packed = sum(len(block) for block in blocks if isinstance(block, RecordBlock))
        assert all(len(block) <= size for block in blocks)
        fast, content = filtered(blocks, source.header, roles, spec)
    assert content == lines
    for field in dataclasses.fields(slow):
        one, two = getattr(fast, field.name), getattr(slow, field.name)
        assert repr(one) == repr(two), field.name
    return packed


@settings(deadline=None)
@given(st.lists(LINES, max_size=8), st.booleans(), st.integers(1, 9), st.booleans())
def test_generated_records_have_equal_verdicts_and_bytes(
    lines: list[str], returns: bool, size: int, again: bool
) -> None:
    meta = META + (('##INFO=<ID=TK_FILTER,Number=A,Type=String,Description="x">',) if again else ())
    text = VcfHeader(meta, ("NORMAL", "TUMOR")).text() + "\n".join([*lines, ""])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.vcf"
        path.write_bytes((text.replace("\n", "\r\n") if returns else text).encode())
        assert_equal_ways(path, SPEC, size)


@pytest.mark.shared
def test_real_files_have_equal_verdicts_and_bytes(shared: Path) -> None:
    specs = [SPEC, preset("twist-solid")]
    seen = packed = 0
    for path in sorted([*shared.rglob("*.vcf"), *shared.rglob("*.vcf.gz")]):
        try:
            with open_vcf(path) as source:
                assign_roles(source.header, path=path)
        except TumorkitError:
            continue  # no VCF, or roles that only a person can name
        for spec in specs[: 2 if path.stat().st_size < 1_000_000 else 1]:
            packed += assert_equal_ways(path, spec)
        seen += 1
    assert seen >= 40
    assert packed > 100_000


@pytest.mark.parametrize(
    "tail",
    [
        b"1\t5\t.\tA\tC\t.\t.\t.\n\n1\t6\t.\tA\n",
        b"1\t5\t.\tA\tC\t.\t.\t.\n1\tfive\t.\tA\tC\t.\t.\t.\n1\t6\n",
        b"1\t5\t.\tA\tC\t.\t.\t.\t.\n",
        b"\n\n1\t5\t.\tA\tC\t.\t.\tN=\xe9\n",
        b"1\t6\r\n",
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_the_same_words(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "calls.vcf"
    path.write_bytes(VcfHeader(("##fileformat=VCFv4.2",), ()).text().encode() + tail)
    said = []
    for way in ("blocks", "packed"):
        with pytest.raises(InputError) as caught, open_vcf(path) as source:
            list(getattr(source, way)())
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_blocks_of_bytes_hold_the_records_with_their_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "calls.vcf"
    records = "".join(f"1\t{at}\t.\tA\tC\t.\t.\t.\n" + "\n" * (at % 2) for at in range(1, 9))
    path.write_text(VcfHeader(("##fileformat=VCFv4.2",), ()).text() + records.rstrip("\n"))
    with open_vcf(path) as source:
        slow = [(record.line, record.number) for record in source]
    with open_vcf(path) as source:
        (first,) = next(source.blocks(1))
        blocks = list(source.packed(3))
    rest = [(record.line, record.number) for block in blocks for record in block]
    assert [(first.line, first.number), *rest] == slow
