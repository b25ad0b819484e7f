"""The language of filters: text to a tree, with every mistake named.

Ordinary precedence, from loose to tight: ``or``, ``and``, ``not``, comparison (``< <= > >= == !=
in``, ``not in``), ``+ -``, ``* /``, unary minus. Nothing is ever handed to Python's ``eval``.

    tumor.alt_depth < min and not (gene in [MET, TERT] or contains(ids, "COSV"))
    INFO["Artifact"][0] > 3        one value of a list; FORMAT["X"] is the tumour's
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tumorkit.errors import ParameterError

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<sign><=|>=|==|!=|[-<>=+*/()\[\],!&|~])
    )""",
    re.VERBOSE,
)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
KEYWORDS = ("and", "or", "not", "in")
FUNCTIONS = {"contains": 2, "found": 2, "count": 1, "known": 1, "present": 1, "abs": 1}
FIELD_SOURCES = ("INFO", "FORMAT", "CSQ", "tumor.FORMAT", "normal.FORMAT")
# What other languages write, and what is meant here.
_MEANT = {"&&": "and", "||": "or", "!": "not", "=": "==", "&": "and", "|": "or", "~": "contains()"}


@dataclass(frozen=True)
class Number:
    """A number written in the expression."""

    value: float


@dataclass(frozen=True)
class Text:
    """A text written in the expression."""

    value: str


@dataclass(frozen=True)
class Words:
    """A list of texts or numbers."""

    values: tuple[str | float, ...]


@dataclass(frozen=True)
class Name:
    """A quantity, or a limit of the filter."""

    name: str


@dataclass(frozen=True)
class Field:
    """A raw field of the VCF, perhaps one of its values."""

    source: str
    key: str
    index: int | None = None


@dataclass(frozen=True)
class Not:
    """Negation."""

    inner: Node


@dataclass(frozen=True)
class Logic:
    """``and`` or ``or`` of two or more terms."""

    word: str
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Compare:
    """A comparison; ``in`` is one, too."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Arithmetic:
    """``+ - * /`` of two numbers."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A function."""

    name: str
    arguments: tuple[Node, ...]


Node = Number | Text | Words | Name | Field | Not | Logic | Compare | Arithmetic | Call


@dataclass
class Parser:
    """Turns tokens into a tree by recursive descent."""

    source: str
    tokens: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        self.tokens = list(tokenize(self.source))

    def fail(self, message: str, hint: str = "") -> ParameterError:
        """Return an error that shows the expression."""
        return ParameterError(f"{message} in `{self.source}`", hint)

    def peek(self) -> str:
        """Return the next token's text, empty at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def kind(self) -> str:
        """Return the next token's kind."""
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        """Consume the next token, which must be ``wanted`` if that is given."""
        found = self.peek()
        if not found or (wanted and found != wanted):
            said = f"found {found!r}" if found else "the expression ends"
            raise self.fail(f"expected {wanted or 'a value'!r}, {said}", _meaning(found))
        self.at += 1
        return found

    def whole(self) -> Node:
        """Parse everything."""
        node = self.logic("or")
        if self.peek():
            raise self.fail(f"unexpected {self.peek()!r}", _meaning(self.peek()))
        return node

    def logic(self, word: str) -> Node:
        """Parse a chain of ``or``, or of ``and``."""
        terms = [self.below(word)]
        while self.peek() == word and self.kind() == "word":
            self.take()
            terms.append(self.below(word))
        return terms[0] if len(terms) == 1 else Logic(word, tuple(terms))

    def below(self, word: str) -> Node:
        """Parse what binds tighter than ``or``, or than ``and``."""
        return self.logic("and") if word == "or" else self.negation()

    def negation(self) -> Node:
        """Parse ``not``, which binds looser than comparisons."""
        if self.peek() == "not" and self.kind() == "word":
            self.take()
            return Not(self.negation())
        return self.comparison()

    def comparison(self) -> Node:
        """Parse at most one comparison."""
        left = self.sum()
        sign = self.peek()
        if sign in COMPARISONS:
            self.take()
            node: Node = Compare(sign, left, self.sum())
        elif sign in ("in", "not") and self.kind() == "word":
            self.take()
            if sign == "not":
                self.take("in")
            node = Compare("in", left, self.sum())
            node = Not(node) if sign == "not" else node
        else:
            return left
        if self.peek() in COMPARISONS or self.peek() == "in":
            raise self.fail("comparisons cannot be chained", "join them with `and`")
        return node

    def sum(self) -> Node:
        """Parse ``+`` and ``-``."""
        node = self.product()
        while self.peek() in ("+", "-") and self.kind() == "sign":
            node = Arithmetic(self.take(), node, self.product())
        return node

    def product(self) -> Node:
        """Parse ``*`` and ``/``."""
        node = self.unary()
        while self.peek() in ("*", "/") and self.kind() == "sign":
            node = Arithmetic(self.take(), node, self.unary())
        return node

    def unary(self) -> Node:
        """Parse a minus before a value."""
        if self.peek() == "-" and self.kind() == "sign":
            self.take()
            inner = self.unary()
            if isinstance(inner, Number):
                return Number(-inner.value)
            return Arithmetic("-", Number(0.0), inner)
        return self.value()

    def value(self) -> Node:  # noqa: PLR0911 - one return per kind of value
        """Parse a number, text, list, name, field, function or parenthesis."""
        kind, text = self.kind(), self.take()
        if kind == "number":
            return Number(float(text))
        if kind == "text":
            return Text(text[1:-1])
        if text == "(":
            node = self.logic("or")
            self.take(")")
            return node
        if text == "[":
            return self.words()
        if kind != "word" or text.lower() in KEYWORDS:
            raise self.fail(f"expected a value, found {text!r}", _meaning(text))
        if text in FIELD_SOURCES and self.peek() == "[":
            return self.raw_field(text)
        if self.peek() == "(":
            return self.call(text)
        return Name(text)

    def words(self) -> Words:
        """Parse a list; single words need no quotes."""
        values: list[str | float] = []
        while self.peek() != "]":
            kind, text = self.kind(), self.take()
            if kind == "number":
                values.append(float(text))
            elif kind in ("word", "text"):
                values.append(text.strip("\"'"))
            else:
                raise self.fail(f"expected a word or a number, found {text!r}")
            if self.peek() != "]":
                self.take(",")
        self.take("]")
        return Words(tuple(values))

    def raw_field(self, source: str) -> Field:
        """Parse ``INFO["X"]`` and ``INFO["X"][0]``."""
        self.take("[")
        if self.kind() != "text":
            raise self.fail(f"{source} needs a field name in quotes", f'write {source}["DP"]')
        key = self.take()[1:-1]
        self.take("]")
        index = None
        if self.peek() == "[":
            self.take()
            if not (self.kind() == "number" and self.peek().isdigit()):
                raise self.fail(f'{source}["{key}"][...] needs a whole number')
            index = int(self.take())
            self.take("]")
        return Field("FORMAT" if source == "tumor.FORMAT" else source, key, index)

    def call(self, name: str) -> Call:
        """Parse a function with its arguments."""
        from tumorkit.errors import suggestion

        if name not in FUNCTIONS:
            raise self.fail(
                f"unknown function {name!r}",
                suggestion(name, FUNCTIONS) or f"known: {', '.join(FUNCTIONS)}",
            )
        self.take("(")
        arguments = [self.logic("or")]
        while self.peek() == ",":
            self.take()
            arguments.append(self.logic("or"))
        self.take(")")
        if len(arguments) != FUNCTIONS[name]:
            raise self.fail(f"{name}() takes {FUNCTIONS[name]} values, found {len(arguments)}")
        if name == "found" and isinstance(arguments[1], Text):
            try:
                re.compile(arguments[1].value)
            except re.error as error:
                raise self.fail(f"{arguments[1].value!r} is no pattern ({error})") from error
        return Call(name, tuple(arguments))


def tokenize(source: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of every token."""
    at, end = 0, len(source.rstrip())
    while at < end:
        found = _TOKEN.match(source, at)
        if found is None:
            raise ParameterError(f"cannot read {source[at:].strip()[:12]!r} in `{source}`")
        kind = found.lastgroup or ""
        yield kind, found[kind]
        at = found.end()


def parse(source: str) -> Node:
    """Return the tree of an expression.

    >>> parse("a and b or c")
    Logic(word='or', terms=(Logic(word='and', terms=(Name(name='a'), Name(name='b'))),
    Name(name='c')))
    >>> parse("tumor.vaf = 1")
    Traceback (most recent call last):
        ...
    tumorkit.errors.ParameterError: unexpected '=' in `tumor.vaf = 1`
    """
    return Parser(source).whole()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below."""
    if isinstance(node, Not):
        return (node.inner,)
    if isinstance(node, Logic):
        return node.terms
    if isinstance(node, (Compare, Arithmetic)):
        return node.left, node.right
    return node.arguments if isinstance(node, Call) else ()


def spell(node: Node) -> str:
    """Return a node as text.

    >>> spell(parse("not (a<1) and b in [x,y] or INFO['Q'][1]/2 > -1"))
    'not a < 1 and b in [x, y] or INFO["Q"][1] / 2 > -1'
    """
    return _spell(node, 0)


def _spell(node: Node, tightness: int) -> str:
    text, own = _spelled(node)
    return f"({text})" if own < tightness else text


def _spelled(node: Node) -> tuple[str, int]:  # noqa: PLR0911 - one return per kind of node
    """Return text and how tightly the node binds."""
    if isinstance(node, Logic):
        own = 1 if node.word == "or" else 2
        return f" {node.word} ".join(_spell(term, own + 1) for term in node.terms), own
    if isinstance(node, Not):
        return f"not {_spell(node.inner, 3)}", 3
    if isinstance(node, Compare):
        return f"{_spell(node.left, 5)} {node.sign} {_spell(node.right, 5)}", 4
    if isinstance(node, Arithmetic):
        own = 5 if node.sign in "+-" else 6
        return f"{_spell(node.left, own)} {node.sign} {_spell(node.right, own + 1)}", own
    if isinstance(node, Number):
        return spelled_number(node.value), 9
    if isinstance(node, Text):
        return quoted(node.value), 9
    if isinstance(node, Words):
        return f"[{', '.join(map(spelled_word, node.values))}]", 9
    if isinstance(node, Field):
        index = "" if node.index is None else f"[{node.index}]"
        return f'{node.source}["{node.key}"]{index}', 9
    if isinstance(node, Call):
        return f"{node.name}({', '.join(spell(item) for item in node.arguments)})", 9
    return node.name, 9


def spelled_number(value: float) -> str:
    """Return a number in as few digits as give it back.

    >>> spelled_number(0.005), spelled_number(10_000_001.0)
    ('0.005', '10000001.0')
    """
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def spelled_word(value: str | float) -> str:
    """Return a member of a list, in quotes where it is no plain word."""
    if not isinstance(value, str):
        return spelled_number(value)
    return value if _WORD.fullmatch(value) else quoted(value)


def quoted(text: str) -> str:
    """Return a text in quotes that do not occur in it."""
    return f"'{text}'" if '"' in text else f'"{text}"'


def _meaning(token: str) -> str:
    if token.lower() in KEYWORDS and token not in KEYWORDS:
        return f"write it in lower case: {token.lower()}"
    return f"write {_MEANT[token]!r} for {token!r}" if token in _MEANT else ""
