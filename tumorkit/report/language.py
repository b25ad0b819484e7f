"""The language of a report: its sentences, its decimal sign, its sorting of thousands.

English stands in the code and is the key of every catalogue; a catalogue is a JSON object from
English to the other language. What a result says in English (a reason, the meaning of a filter) is
looked up in the same way, whole or by a pattern; a sentence that no catalogue knows stays English
and is marked as English for a screen reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources

from markupsafe import Markup, escape

from tumorkit.contract.visible import visible

ENGLISH = "en"
LANGUAGES = (ENGLISH, "sv")
# The version of an accession (NM_005228.5) is no decimal.
BETWEEN_DIGITS = re.compile(r"(?:\b(?:[NX][CGMPR]_|ENS[A-Z]+|LRG_)\d+\.\d+)|(?<=\d)\.(?=\d)")


@dataclass(frozen=True)
class Language:
    """A language: its code, its sentences, its signs of decimals and thousands.

    ``patterns`` are sentences with a part that varies, as regular expressions.
    """

    code: str = ENGLISH
    sentences: dict[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    decimal: str = "."
    thousands: str = ","
    zero: bool = False

    @cached_property
    def written(self) -> frozenset[str]:
        """Sentences that are in this language already."""
        return frozenset(self.sentences.values())

    def find(self, text: str) -> str | None:
        """Return a sentence in this language, None where the catalogue does not know it."""
        if self.code == ENGLISH or not text:
            return text
        found = self.sentences.get(text)
        if found is not None:
            return found
        for pattern, written in self.patterns:
            if hit := pattern.fullmatch(text):
                # Numbers inside a sentence are written as the language writes them.
                return BETWEEN_DIGITS.sub(self._decimal, hit.expand(written))
        return None

    def _decimal(self, found: re.Match[str]) -> str:
        return self.decimal if found.group() == "." else found.group()


# Every number of the page depends on the language; an argument would run through all functions.
_current: ContextVar[Language] = ContextVar("language", default=Language())  # noqa: B039 - frozen


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Make a report in this language."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def spoken() -> Language:
    """Return the language of the report that is being made."""
    return _current.get()


@cache
def language_named(code: str) -> Language:
    """Return a language by its code.

    >>> language_named("sv").find("Copy number")
    'Kopietal'
    """
    if code == ENGLISH:
        return Language()
    text = (resources.files("tumorkit.report") / "languages" / f"{code}.json").read_text("utf-8")
    content = json.loads(text)
    signs = content["signs"]
    return Language(
        code=code,
        sentences=content["sentences"],
        patterns=tuple(
            (re.compile(pattern, re.DOTALL), written)
            for pattern, written in content["patterns"].items()
        ),
        decimal=signs["decimal"],
        thousands=signs["thousands"],
        zero=signs["zero_before_decimal"],
    )


def say(text: str, /, **values: object) -> str:
    """Return a sentence of ours in the language of the report, its gaps filled.

    >>> say("{shown} of {total}", shown=8, total=57)
    '8 of 57'
    """
    found = spoken().find(text) or text
    return found.format(**values) if values else found


def term(text: str) -> str:
    """Return a word of a result (a state, the name of a field) in the language of the report."""
    return spoken().find(text) or text


def told(text: str | None) -> str | Markup:
    """Return a sentence of a result for the page; one that stays English is marked as English."""
    if not text:
        return ""
    language = spoken()
    found = language.find(text)
    if found is not None:
        return found
    if text in language.written:
        return text
    return Markup('<span lang="en">{}</span>').format(escape(shown_text(text)))


def shown_text(text: str) -> str:
    """Return text with invisible characters written out."""
    return visible(text)


def localized(text: str) -> str:
    """Return a number written the English way as the language writes it."""
    language = spoken()
    if language.code == ENGLISH:
        return text
    return text.translate({ord(","): language.thousands, ord("."): language.decimal})
