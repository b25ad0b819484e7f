"""A result's JSON: stable, valid against its schema, honest about what is unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.contract import Cutoff, Estimate, InputFile, Result, Settings, about
from tumorkit.contract.result import dumps, plain, to_document
from tumorkit.contract.schema import result_schema


@dataclass(frozen=True, kw_only=True)
class DemoParams(Settings):
    """Parameters of a demonstration."""

    min_vaf: float = field(default=0.05, metadata=about("Least VAF.", minimum=0, maximum=1))
    threads: int = field(default=1, metadata=about("Threads.", minimum=1, affects_results=False))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row."""

    name: str
    value: float | None
    kind: Literal["a", "b"] = "a"


@dataclass(frozen=True, kw_only=True)
class DemoResult(Result):
    """A demonstration."""

    schema_name: ClassVar[str] = "demo"
    main: ClassVar[str] = "burden"

    burden: Estimate
    rows: tuple[Row, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    span: tuple[int, int] = (0, 1)
    params: DemoParams = field(default_factory=DemoParams)


def make_result(**changes: Any) -> DemoResult:
    cutoff = Cutoff(name="high", value=10.0, source="label", probability_above=0.77)
    burden = Estimate(value=12.6, unit="mut/Mb", low=6.0, high=23.0, level=0.95, cutoffs=(cutoff,))
    values: dict[str, Any] = {
        "burden": burden,
        "rows": (Row(name="x", value=float("nan")),),
        "inputs": (InputFile(role="somatic", name="a.vcf", sha256="0" * 64),),
    }
    return DemoResult(**(values | changes))


def test_document_is_valid_against_its_schema() -> None:
    jsonschema.validate(to_document(make_result()), result_schema(DemoResult))


def test_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(result_schema(DemoResult))


def test_schema_rejects_a_field_it_does_not_know() -> None:
    document = to_document(make_result()) | {"surprise": 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, result_schema(DemoResult))


def test_main_estimate_stands_at_the_top() -> None:
    document = to_document(make_result())
    assert (document["value"], document["low"], document["status"]) == (12.6, 6.0, "ok")
    assert document["cutoffs"][0]["certainty"] == "borderline"


def test_nan_is_null_and_threads_are_nowhere() -> None:
    text = dumps(to_document(make_result(params=DemoParams(threads=8))))
    assert json.loads(text)["rows"][0]["value"] is None
    assert "threads" not in text


def test_unknown_is_a_status_and_never_a_number() -> None:
    estimate = Estimate.not_evaluable("no BAM was given", unit="mut/Mb")
    assert estimate.value is None
    with pytest.raises(ValueError, match="has a reason and no value"):
        Estimate(value=0.0, status="not_evaluable", reason="made up")
    with pytest.raises(ValueError, match="has a value"):
        Estimate(value=float("nan"))


@pytest.mark.parametrize(
    ("probability", "certainty"), [(0.04, "clear"), (0.5, "borderline"), (0.96, "clear")]
)
def test_certainty_follows_the_probability(probability: float, certainty: str) -> None:
    cutoff = Cutoff(name="high", value=10.0, source="label", probability_above=probability)
    assert cutoff.certainty == certainty


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_rounding_twice_changes_nothing(value: float) -> None:
    once = plain(value)
    assert plain(once) == once
