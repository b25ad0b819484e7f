"""Spectra of mutations: how many, or which share, lie in each channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.channels import CHANNELS, Kind


@dataclass(frozen=True, kw_only=True, eq=False)
class Profiles:
    """Named spectra of one kind: catalogues of samples, or signatures.

    ``values`` is names x channels, in the order of ``CHANNELS[kind]``; no entry is negative or NaN.

    >>> float(Profiles(kind="DBS78", names=("a",), values=np.ones((1, 78))).of("a").sum())
    78.0
    """

    kind: Kind
    names: tuple[str, ...]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.names), len(CHANNELS[self.kind])):
            raise ValueError(f"{self.values.shape} is no table of {self.kind}")
        if not (np.isfinite(self.values).all() and (self.values >= 0).all()):
            raise ValueError("spectra are finite and not negative")

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return CHANNELS[self.kind]

    def __len__(self) -> int:
        return len(self.names)

    def of(self, name: str) -> NDArray[np.float64]:
        """Return the spectrum of a name."""
        row: NDArray[np.float64] = self.values[self.names.index(name)]
        return row

    def chosen(self, names: Sequence[str]) -> Profiles:
        """Return some of the spectra, in the order given."""
        at = {name: place for place, name in enumerate(self.names)}
        rows = [at[name] for name in names]
        return Profiles(kind=self.kind, names=tuple(names), values=self.values[rows])
