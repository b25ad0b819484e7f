"""Settings are checked when made, and errors name the nearest thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest

from tumorkit.contract import Settings, about
from tumorkit.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class Demo(Settings):
    """Demonstration."""

    min_vaf: float = field(default=0.05, metadata=about("Least VAF.", minimum=0, maximum=1))
    depth: int | None = field(default=None, metadata=about("Depth.", minimum=0))
    mode: Literal["soft", "hard"] = field(default="soft", metadata=about("Mode."))
    genes: tuple[str, ...] = field(default=(), metadata=about("Genes."))
    flag: bool = field(default=False, metadata=about("Flag."))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"min_vaf": -0.1}, "min_vaf: -0.1 is below 0"),
        ({"min_vaf": 1.5}, "min_vaf: 1.5 is above 1"),
        ({"min_vaf": "a"}, "min_vaf: expected float, found 'a'"),
        ({"min_vaf": float("nan")}, "min_vaf: not a number"),
        ({"min_vaf": None}, "min_vaf: a value is needed"),
        ({"depth": 1.5}, "depth: expected int, found 1.5"),
        ({"depth": True}, "depth: expected int, found True"),
        ({"mode": "sotf"}, "mode: 'sotf' is not one of soft, hard"),
        ({"genes": (1,)}, "genes: expected str, found 1"),
    ],
)
def test_a_wrong_value_is_said(values: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Demo(**values)  # type: ignore[arg-type]
    assert caught.value.message == message


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(ParameterError) as caught:
        Demo.from_mapping({"min_vaff": 0.1}, where="case.toml")
    assert caught.value.message == "case.toml: unknown setting 'min_vaff'"
    assert caught.value.hint == "did you mean 'min_vaf'?"


def test_lists_of_a_mapping_become_tuples() -> None:
    assert Demo.from_mapping({"genes": ["TP53"], "depth": 3}).genes == ("TP53",)


def test_a_percentage_is_answered_with_its_fraction() -> None:
    with pytest.raises(ParameterError) as caught:
        Demo(min_vaf=60)
    assert caught.value.hint == "give a fraction: 0.6, not 60"
