"""The presets that come with tumorkit: specifications with a source beside every value."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from tumorkit.errors import ParameterError, suggestion
from tumorkit.variants.filter.specification import Specification, load_specification


def preset_names() -> tuple[str, ...]:
    """Return the names of all presets."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


def preset_text(name: str) -> str:
    """Return the YAML of a preset; an unknown name is answered with the nearest."""
    known = preset_names()
    if name not in known:
        raise ParameterError(
            f"unknown filter preset {name!r}",
            suggestion(name, known) or f"known: {', '.join(known)}",
        )
    return (resources.files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def preset(name: str) -> Specification:
    """Return a preset as a specification."""
    return load_specification(preset_text(name), f"preset {name}", preset_text=preset_text)
