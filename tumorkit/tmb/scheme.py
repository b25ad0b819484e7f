"""A published TMB scheme: its rules, where they come from, and what this form leaves open."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from tumorkit.tmb.params import TmbParams


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A scheme: its rules, where they come from, and how this form departs from the original."""

    params: TmbParams
    text: str
    source: str
    departs: tuple[str, ...] = ()

    def relative(
        self,
        name: str,
        *,
        text: str,
        source: str,
        departs: tuple[str, ...] = (),
        **rules: Any,
    ) -> Scheme:
        """Return a published scheme that differs from this one in some rules."""
        params = dataclasses.replace(self.params, scheme=name, **rules)
        return Scheme(params=params, text=text, source=source, departs=departs)

    @property
    def name(self) -> str:
        """Name of the preset."""
        return self.params.scheme
