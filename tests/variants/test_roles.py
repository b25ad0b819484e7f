"""Who is tumour and who normal."""

from __future__ import annotations

import pytest

from tumorkit.errors import ParameterError, SampleNotFoundError
from tumorkit.genome.vcf import VcfHeader
from tumorkit.variants.roles import Roles, assign_roles


def roles(samples: tuple[str, ...], *meta: str, **named: str) -> tuple[str | None, str | None]:
    found = assign_roles(VcfHeader(meta, samples), **named)
    return found.tumor, found.normal


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (("NORMAL", "TUMOR"), ("TUMOR", "NORMAL")),
        (("TUMOR", "NORMAL"), ("TUMOR", "NORMAL")),
        (("NORMAL", "TUMOUR"), ("TUMOUR", "NORMAL")),
        (("P1_N", "P1_T"), ("P1_T", "P1_N")),
        (("TC_098_1.2", "TC_098_Normal"), ("TC_098_1.2", "TC_098_Normal")),
        (("pat.normal", "pat.tumour"), ("pat.tumour", "pat.normal")),
        (("HCC1954_BL", "HCC1954"), ("HCC1954", "HCC1954_BL")),
        (
            ("COLO-829BL-NovaSeq", "COLO-829-NovaSeq"),
            ("COLO-829-NovaSeq", "COLO-829BL-NovaSeq"),
        ),
        (("DNA_NORMAL", "DNA_TUMOR", "RNA_TUMOR"), ("DNA_TUMOR", "DNA_NORMAL")),
        (("HD832.HES45_T",), ("HD832.HES45_T", None)),
        (("VAL-01",), ("VAL-01", None)),
        ((), (None, None)),
    ],
)
def test_names_tell(samples: tuple[str, ...], expected: tuple[str | None, str | None]) -> None:
    assert roles(samples) == expected


def test_header_tags_come_before_names() -> None:
    tags = ("##tumor_sample=A_N", "##normal_sample=B_T")
    assert roles(("A_N", "B_T"), *tags) == ("A_N", "B_T")


def test_a_lost_normal_tag_does_not_make_the_normal_a_tumor() -> None:
    assert roles(("x", "y"), "##tumor_sample=y") == ("y", "x")
    assert roles(("x", "y"), "##normal_sample=x") == ("y", "x")


def test_tags_of_another_sample_are_passed_over() -> None:
    assert roles(("HD832.HES45_T",), "##tumor_sample=HD827_T") == ("HD832.HES45_T", None)


def test_pedigree_and_mutect_command_line_speak() -> None:
    assert roles(("a", "b"), "##PEDIGREE=<Derived=b,Original=a>") == ("b", "a")
    assert roles(("a", "b"), '##MuTect="x tumor_sample_name=b normal_sample_name=a"') == ("b", "a")


def test_options_decide() -> None:
    assert roles(("NORMAL", "TUMOR"), tumor="NORMAL", normal="TUMOR") == ("NORMAL", "TUMOR")
    assert roles(("a", "b"), tumor="b") == ("b", "a")
    assert roles(("a", "b", "c"), tumor="b") == ("b", None)


@pytest.mark.parametrize(
    "samples", [("NA12878", "NA12882"), ("a_T", "b_T"), ("P1_N",), ("a", "b", "c")]
)
def test_ambiguous_names_are_an_error_that_lists_the_samples(samples: tuple[str, ...]) -> None:
    with pytest.raises(ParameterError, match="samples present: " + ", ".join(samples)):
        roles(samples)


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(SampleNotFoundError, match="samples present: TUMOR") as raised:
        roles(("TUMOR",), tumor="TUMOUR")
    assert raised.value.hint == "did you mean 'TUMOR'?"


def test_tumor_only_is_said() -> None:
    assert Roles(tumor="T").tumor_only
