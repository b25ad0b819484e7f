"""Made-up signatures under the names of well-known processes, and catalogues drawn from them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.channels import SBS96
from tumorkit.genome.profiles import Profiles

NAMES = (
    "SBS1", "SBS2", "SBS3", "SBS4", "SBS5", "SBS6", "SBS7a", "SBS7b", "SBS8", "SBS9", "SBS10a",
    "SBS10b", "SBS12", "SBS13", "SBS15", "SBS16", "SBS17a", "SBS17b", "SBS18", "SBS22a", "SBS30",
    "SBS31", "SBS36", "SBS40a", "SBS44", "SBS45", "SBS88",
)  # fmt: skip
FLAT = ("SBS3", "SBS5", "SBS8", "SBS40a")
MIXTURES: tuple[Mapping[str, float], ...] = (
    {"SBS4": 0.6, "SBS5": 0.2, "SBS1": 0.2},
    {"SBS7a": 0.5, "SBS7b": 0.3, "SBS5": 0.1, "SBS1": 0.1},
    {"SBS44": 0.4, "SBS15": 0.2, "SBS1": 0.2, "SBS5": 0.2},
    {"SBS3": 0.6, "SBS5": 0.3, "SBS1": 0.1},
    {"SBS2": 0.35, "SBS13": 0.35, "SBS5": 0.2, "SBS1": 0.1},
    {"SBS31": 0.5, "SBS18": 0.2, "SBS1": 0.1, "SBS5": 0.2},
    {"SBS17a": 0.2, "SBS17b": 0.5, "SBS5": 0.3},
)


def made_up(seed: int = 3) -> Profiles:
    """Signatures drawn at random: even ones where the true ones are even, uneven elsewhere."""
    rng = np.random.default_rng(seed)
    rows = [rng.dirichlet(np.full(96, 4.0 if name in FLAT else 0.12)) for name in NAMES]
    return Profiles(kind="SBS96", names=NAMES, values=np.array(rows))


def drawn(
    table: Profiles, mixture: Mapping[str, float], total: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    spectrum = sum(share * table.of(name) for name, share in mixture.items())
    spectrum = np.asarray(spectrum) / np.sum(spectrum)
    return rng.multinomial(total, spectrum).astype(np.float64)


def catalogues(rows: list[NDArray[np.float64]]) -> Profiles:
    names = tuple(f"s{at}" for at in range(len(rows)))
    return Profiles(kind="SBS96", names=names, values=np.array(rows).reshape(-1, len(SBS96)))
