"""``scipy.special``, imported when a function of it is first called.

Its import takes a quarter of a second, as long as the filtering of twenty thousand records that
ask for none of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy import special
else:

    class _Late:
        """Stands for a module until something of it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            found = getattr(importlib.import_module(self._name), attribute)
            setattr(self, attribute, found)
            return found

    special = _Late("scipy.special")

__all__ = ["special"]
