"""How long work says how far it is, without knowing who looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Progress(Protocol):
    """Something that shows progress: a bar on a terminal, or nothing."""

    def track(
        self, items: Iterable[Item], *, label: str = "", total: int | None = None
    ) -> Iterator[Item]:
        """Pass the items through, showing how many have gone by."""
        ...

    def log(self, message: str) -> None:
        """Say something worth knowing, on standard error."""
        ...


class Silent:
    """Shows nothing."""

    def track(
        self, items: Iterable[Item], *, label: str = "", total: int | None = None
    ) -> Iterator[Item]:
        """Pass the items through."""
        yield from items

    def log(self, message: str) -> None:
        """Say nothing."""


SILENT: Progress = Silent()
