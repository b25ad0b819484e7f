"""Settings: a default, its unit, its range and its meaning, said once.

Options of the command line, checks and the reference documentation are all made from here.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from tumorkit.errors import ParameterError, suggestion


def about(
    text: str,
    *,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    source: str = "",
    affects_results: bool = True,
) -> dict[str, Any]:
    """Return the metadata of one setting, for ``dataclasses.field``.

    ``source`` cites where the default comes from. ``affects_results=False`` marks what must not
    be written into results, such as a number of threads.
    """
    return {
        "about": text,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "source": source,
        "affects_results": affects_results,
    }


@dataclass(frozen=True)
class Setting:
    """One field of a :class:`Settings` class, described."""

    name: str
    kind: Any
    default: Any
    text: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    source: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    repeated: bool = False
    affects_results: bool = True


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Base of all parameter classes: checked when made, never changed after.

    >>> from dataclasses import field
    >>> @dataclass(frozen=True, kw_only=True)
    ... class Demo(Settings):
    ...     min_vaf: float = field(default=0.05, metadata=about("Least VAF.", minimum=0, maximum=1))
    >>> Demo(min_vaf=2)
    Traceback (most recent call last):
        ...
    tumorkit.errors.ParameterError: min_vaf: 2 is above 1
    """

    def __post_init__(self) -> None:
        for setting in self.described():
            check(setting, getattr(self, setting.name))

    @classmethod
    def described(cls) -> Iterator[Setting]:
        """Yield every setting with its meaning, in the order of definition."""
        hints = typing.get_type_hints(cls)
        for item in dataclasses.fields(cls):
            yield describe(item, hints[item.name])

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], *, where: str = "settings") -> Self:
        """Build from names and values; an unknown name is an error with the nearest suggestion."""
        known = [item.name for item in dataclasses.fields(cls)]
        for name in values:
            if name not in known:
                raise ParameterError(
                    f"{where}: unknown setting {name!r}",
                    suggestion(name, known) or f"known: {', '.join(known)}",
                )
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def to_document(self) -> dict[str, Any]:
        """Return the settings that affect results, as plain values."""
        return {
            setting.name: getattr(self, setting.name)
            for setting in self.described()
            if setting.affects_results
        }


def describe(item: dataclasses.Field[Any], hint: Any) -> Setting:
    """Turn a dataclass field into a :class:`Setting`."""
    optional = repeated = False
    choices: tuple[str, ...] = ()
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        optional = True
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
    if typing.get_origin(hint) is tuple:
        repeated = True
        hint = typing.get_args(hint)[0]
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        hint = str
    default = item.default
    if default is dataclasses.MISSING and item.default_factory is not dataclasses.MISSING:
        default = item.default_factory()
    meta = item.metadata
    return Setting(
        name=item.name,
        kind=hint,
        default=default,
        text=meta.get("about", ""),
        unit=meta.get("unit", ""),
        minimum=meta.get("minimum"),
        maximum=meta.get("maximum"),
        source=meta.get("source", ""),
        choices=choices,
        optional=optional,
        repeated=repeated,
        affects_results=meta.get("affects_results", True),
    )


def check(setting: Setting, value: Any) -> None:
    """Raise :class:`ParameterError` if a value is not one that the setting can have."""
    if value is None:
        if not setting.optional:
            raise ParameterError(f"{setting.name}: a value is needed")
        return
    for item in value if setting.repeated else (value,):
        check_one(setting, item)


def check_one(setting: Setting, value: Any) -> None:
    """Check type, choices and range of a single value."""
    number: Any = value  # isinstance() below would narrow `value` to object
    accepted: tuple[type, ...] = (setting.kind,)
    if setting.kind is float:
        accepted = (float, int)
    if not isinstance(value, accepted) or (isinstance(value, bool) and setting.kind is not bool):
        raise ParameterError(f"{setting.name}: expected {setting.kind.__name__}, found {value!r}")
    if setting.choices and value not in setting.choices:
        raise ParameterError(
            f"{setting.name}: {value!r} is not one of {', '.join(setting.choices)}",
            suggestion(str(value), setting.choices),
        )
    if setting.kind is float or setting.kind is int:
        if math.isnan(number):
            raise ParameterError(f"{setting.name}: not a number")
        if setting.minimum is not None and number < setting.minimum:
            raise ParameterError(f"{setting.name}: {number:g} is below {setting.minimum:g}")
        if setting.maximum is not None and number > setting.maximum:
            percent = setting.maximum == 1 and 1 < number <= 100
            raise ParameterError(
                f"{setting.name}: {number:g} is above {setting.maximum:g}",
                f"give a fraction: {number / 100:g}, not {number:g}" if percent else "",
            )
