"""Reads one expression of a hydra-genetics filter file, as it is meant.

The format: ``SOURCE:FIELD:INDEX < value`` with the sources VEP, FORMAT and INFO, ``QUAL < value``,
``exist[pattern, SOURCE:FIELD]`` and ``!exist[...]``, joined by ``and``, ``or`` and parentheses.
``NA_TRUE``, ``NA_FALSE`` or ``NA_ERROR`` before the field says what a missing value does.
Source of the format: hydra-genetics/filtering, docs/filter_vcf_yaml.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tumorkit.errors import ParameterError, suggestion

_FIELD = re.compile(
    r"(?P<source>VEP|FORMAT|INFO):(?:(?P<missing>NA_[A-Z]+):)?(?P<key>[A-Za-z0-9_.]+)"
    r"(?::(?P<index>\d+))?"
)
_ANY_SOURCE = re.compile(r"^[A-Za-z]+:")
_SIGN = re.compile(r"\s*(<=|>=|==|!=|=<|=>|<|>|=)\s*")
_JOIN = re.compile(r"\s*\b(and|or)\b\s*", re.IGNORECASE)
_MISSING = ("NA_TRUE", "NA_FALSE", "NA_ERROR")
_MEANT = {"==": "=", "=<": "<=", "=>": ">="}


@dataclass(frozen=True)
class Atom:
    """One test of one field.

    ``sign`` is a comparison, or ``exist``; ``value`` is the number, text or pattern. ``negated``
    belongs to ``!exist``. ``missing`` is empty where the expression does not say.
    """

    source: str
    key: str
    index: int | None
    sign: str
    value: float | str
    missing: str = ""
    negated: bool = False
    against: Atom | None = None

    @property
    def place(self) -> str:
        """Return the field as the format writes it."""
        index = "" if self.index is None else f":{self.index}"
        return f"{self.source}:{self.key}{index}" if self.key else self.source

    def __str__(self) -> str:
        if self.sign == "exist":
            return f"{'!' if self.negated else ''}exist[{self.value}, {self.place}]"
        value = f"{self.value:g}" if isinstance(self.value, float) else self.value
        return f"{self.place} {self.sign} {value}"


@dataclass(frozen=True)
class Joined:
    """Terms joined by ``and`` or ``or``, by ordinary precedence."""

    word: str
    terms: tuple[Part, ...]


@dataclass(frozen=True)
class Negated:
    """``not`` before a parenthesis, which hydra does not know."""

    inner: Part


Part = Atom | Joined | Negated


@dataclass
class Reader:
    """Reads an expression from left to right; ``traps`` collects what hydra reads otherwise."""

    text: str
    at: int = 0
    traps: list[str] = field(default_factory=list)

    def fail(self, message: str, hint: str = "") -> ParameterError:
        """Return an error that shows the expression."""
        return ParameterError(f"{message} in `{self.text}`", hint)

    def trap(self, said: str) -> None:
        """Note a trap, once."""
        if said not in self.traps:
            self.traps.append(said)

    def whole(self) -> Part:
        """Read everything."""
        part = self.chain()
        if self.at < len(self.text):
            raise self.fail(f"unexpected {self.text[self.at :].strip()[:12]!r}")
        return part

    def chain(self) -> Part:
        """Read terms joined by ``and`` and ``or``; ``and`` binds tighter."""
        terms, words = [self.term()], list[str]()
        while found := _JOIN.match(self.text, self.at):
            word = found[1]
            if word != word.lower():
                self.trap(f"{word} in capitals stops hydra; `{word.lower()}` is meant")
            self.at = found.end()
            words.append(word.lower())
            terms.append(self.term())
        if "and" in words and "or" in words[words.index("and") :]:
            self.trap(
                "`and` before `or` without parentheses: hydra reads from right to left, "
                "`A and B or C` as `A and (B or C)`; here it means `(A and B) or C`: "
                "write the parentheses"
            )
        groups: list[list[Part]] = [[terms[0]]]
        for word, term in zip(words, terms[1:], strict=True):
            if word == "or":
                groups.append([term])
            else:
                groups[-1].append(term)
        ored = [g[0] if len(g) == 1 else Joined("and", tuple(g)) for g in groups]
        return ored[0] if len(ored) == 1 else Joined("or", tuple(ored))

    def term(self) -> Part:
        """Read a parenthesis, ``not`` or a test."""
        self.blanks()
        rest = self.text[self.at :]
        if found := re.match(r"not\b\s*", rest, re.IGNORECASE):
            self.at += found.end()
            self.trap("`not` is unknown to hydra, which stops")
            return Negated(self.term())
        if rest.startswith("("):
            self.at += 1
            part = self.chain()
            self.blanks()
            if not self.text.startswith(")", self.at):
                raise self.fail("a parenthesis is not closed")
            self.at += 1
            self.blanks()
            return part
        if rest.startswith(("exist[", "!exist[")):
            return self.exist()
        return self.comparison()

    def blanks(self) -> None:
        """Skip blanks."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def exist(self) -> Atom:
        """Read ``exist[pattern, FIELD]``; brackets within the pattern may nest."""
        negated = self.text[self.at] == "!"
        start = self.text.index("[", self.at) + 1
        depth, end = 1, start
        while end < len(self.text):
            letter = self.text[end]
            if letter == "\\":
                end += 1
            depth += {"[": 1, "]": -1}.get(letter, 0)
            if depth == 0:
                break
            end += 1
        inner = self.text[start:end]
        if depth or "," not in inner:
            raise self.fail("exist needs a pattern and a field", "exist[splice, VEP:Consequence]")
        self.at = end + 1
        self.blanks()
        pattern, _, place = inner.rpartition(",")
        pattern = pattern.strip()
        found = self.place(place.strip())
        if "(" in pattern or ")" in pattern:
            self.trap(f"hydra takes the parentheses of the pattern {pattern!r} for its own")
        if found is None:
            raise self.fail(f"{place.strip()!r} is no field", "write VEP:X, FORMAT:X or INFO:X")
        if found["missing"]:
            self.trap(
                f"hydra ignores {found['missing']} in exist[]: a missing value does not exist"
            )
        pattern = self.unquoted(pattern)
        try:
            re.compile(pattern)
        except re.error as error:
            raise self.fail(f"{pattern!r} is no pattern ({error})") from error
        return self.atom(found, "exist", pattern, negated=negated)

    def comparison(self) -> Atom:
        """Read ``FIELD < value``, in either order."""
        end = self.at
        while end < len(self.text) and self.text[end] not in "()":
            if self.text[end].isspace() and _JOIN.match(self.text, end):
                break
            end += 1
        said = self.text[self.at : end].strip()
        self.at = end
        sign = _SIGN.search(said)
        if sign is None or not said[: sign.start()] or not said[sign.end() :]:
            raise self.fail(f"{said!r} is no comparison", "write FORMAT:AF:0 < 0.01")
        self.spelling(said, sign)
        left, right = said[: sign.start()], said[sign.end() :]
        meant = _MEANT.get(sign[1], sign[1])
        first, second = self.place(left), self.place(right)
        if first is None and second is None:
            raise self.fail(f"{said!r} names no field", suggestion(left, ("VEP:", "INFO:", "QUAL")))
        if first is None or (second is not None and left == "QUAL"):
            turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
            return self.atom(second or {}, turned.get(meant, meant), self.value(left))
        if second is not None:
            self.trap(f"hydra compares {left} with the word {right!r}, not with the field")
            return self.atom(first, meant, right, against=self.atom(second, "=", ""))
        return self.atom(first, meant, self.value(right))

    def spelling(self, said: str, sign: re.Match[str]) -> None:
        """Note a sign that hydra does not know."""
        if sign[1] in ("<=", ">=", "==", "=<", "=>"):
            self.trap(f"{sign[1]} stops hydra, which knows only < > = !=")
        if not (sign[0].startswith(" ") and sign[0].endswith(" ")):
            self.trap(f"`{said}` stops hydra, which wants a blank on both sides of {sign[1]}")

    def place(self, text: str) -> dict[str, str | None] | None:
        """Return the parts of a field, None for what is a value."""
        if text.strip() == "QUAL":
            return {"source": "QUAL", "key": "", "index": None, "missing": None}
        found = _FIELD.fullmatch(text.strip())
        if found is None:
            if _ANY_SOURCE.match(text.strip()):
                known = ("VEP:", "FORMAT:", "INFO:")
                start = text.strip().split(":")[0] + ":"
                hint = suggestion(start, known) or "VEP:FIELD, FORMAT:FIELD:INDEX or INFO:FIELD"
                raise self.fail(f"{text.strip()!r} is no field", hint)
            return None
        parts = found.groupdict()
        if parts["missing"] and parts["missing"] not in _MISSING:
            raise self.fail(
                f"{parts['missing']!r} is not known", suggestion(parts["missing"], _MISSING)
            )
        return parts

    def value(self, text: str) -> float | str:
        """Return a number, or a text without its quotes."""
        try:
            return float(text)
        except ValueError:
            return self.unquoted(text)

    def unquoted(self, text: str) -> str:
        """Return a text without quotes, which hydra takes for letters."""
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            self.trap(f"hydra takes the quotes of {text} for letters: no value equals it")
            return text[1:-1]
        return text

    def atom(
        self,
        place: dict[str, str | None],
        sign: str,
        value: float | str,
        *,
        negated: bool = False,
        against: Atom | None = None,
    ) -> Atom:
        """Return a test of a field."""
        index = place["index"]
        return Atom(
            source=place["source"] or "",
            key=place["key"] or "",
            index=None if index is None else int(index),
            sign=sign,
            value=value,
            missing=place["missing"] or "",
            negated=negated,
            against=against,
        )


def read_expression(text: str) -> tuple[Part, tuple[str, ...]]:
    """Return an expression with its traps.

    >>> part, traps = read_expression("(FORMAT:AD:1 < 20 and VEP:SYMBOL != 'TERT')")
    >>> [str(atom) for atom in atoms_of(part)]
    ['FORMAT:AD:1 < 20', 'VEP:SYMBOL != TERT']
    >>> traps
    ("hydra takes the quotes of 'TERT' for letters: no value equals it",)
    """
    reader = Reader(" ".join(text.split()))
    part = reader.whole()
    seen: set[str] = set()
    for atom in atoms_of(part):
        if str(atom) in seen:
            reader.trap(f"`{atom}` is tested twice: was another index or field meant?")
        seen.add(str(atom))
    return part, tuple(reader.traps)


def atoms_of(part: Part) -> Iterator[Atom]:
    """Yield the tests of an expression, from left to right."""
    if isinstance(part, Atom):
        yield part
    elif isinstance(part, Negated):
        yield from atoms_of(part.inner)
    else:
        for term in part.terms:
            yield from atoms_of(term)
