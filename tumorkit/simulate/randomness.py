"""A generator of random numbers for each part, so that one option does not reshuffle the rest."""

from __future__ import annotations

import zlib

import numpy as np


def part_rng(seed: int, part: str, *numbers: int) -> np.random.Generator:
    """Return the generator of one part of a case.

    >>> int(part_rng(7, "germline").integers(1000)) == int(part_rng(7, "germline").integers(1000))
    True
    """
    entropy = [seed, zlib.crc32(part.encode()), *numbers]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
