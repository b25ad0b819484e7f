"""Numbers and names as a reader sees them: no false digits, no invisible characters."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from tumorkit.report.language import localized, say, spoken, term

UNKNOWN = "–"  # an en dash: nobody measured it
MINUS = "\N{MINUS SIGN}"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LONGEST_ALLELE = 16
LONGEST_CHANGE = 22

# A number that a result has rounded itself.
WRITTEN = re.compile(r"\d+\.\d+")


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with ``digits`` significant digits, thousands apart, and a true minus.

    >>> number(12.5781), number(0.0471), number(43192), number(-0.6412), number(None)
    ('12.6', '0.0471', '43,192', '−0.641', '–')
    >>> number(0.0000123, 2)
    '1.2·10⁻⁵'
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if float(value).is_integer() and abs(value) < 1e15:
        return signed(localized(f"{value:,.0f}"))
    if value != 0 and abs(value) < 1e-4:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{signed(localized(mantissa))}·10{str(int(exponent)).translate(SUPERSCRIPT)}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return signed(localized(text.rstrip("0").rstrip(".") if "." in text else text))


def fixed(value: float | None, decimals: int = 2) -> str:
    """Return a number with a fixed count of decimals, so that a column lines up.

    >>> fixed(-0.6412), fixed(0.2), fixed(-0.001)
    ('−0.64', '0.20', '0.00')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    return localized(text.removeprefix("-")) if float(text) == 0 else signed(localized(text))


def signed(text: str) -> str:
    """Replace the hyphen of a negative number by a minus."""
    return MINUS + text[1:] if text.startswith("-") else text


def percent(fraction: float | None) -> str:
    r"""Return a fraction in percent; below 1 % with two decimals, none of them of nothing.

    >>> percent(0.1234), percent(0.0041), percent(0.0), percent(None)
    ('12.3\xa0%', '0.41\xa0%', '0\xa0%', '–')
    """
    if fraction is None or not math.isfinite(fraction):
        return UNKNOWN
    decimals = 0 if fraction == 0 else 2 if fraction < 0.01 else 1
    return localized(f"{fraction * 100:.{decimals}f}") + "\N{NO-BREAK SPACE}%"


def probability(value: float) -> str:
    """Return a probability as printed beside a class: ``= .77``, ``< .001``, ``> .999``.

    >>> probability(0.7712), probability(0.0002), probability(0.9999), probability(0.994)
    ('= .77', '< .001', '> .999', '= .994')
    """
    if value < 0.001:
        return f"< {share('0.001')}"
    if value > 0.999:
        return f"> {share('0.999')}"
    decimals = 3 if value < 0.01 or value > 0.99 else 2
    return f"= {share(f'{value:.{decimals}f}')}"


def share(written: str) -> str:
    """Return a probability between 0 and 1 as the language writes it.

    >>> share("0.77")
    '.77'
    """
    return localized(written) if spoken().zero else written.removeprefix("0")


def interval(low: float | None, high: float | None) -> str:
    """Return an interval, both ends with as many decimals as three digits of the larger need.

    >>> interval(7.581, 19.64), interval(0.55, 0.7), interval(-0.7, -0.5), interval(38, 45)
    ('7.6–19.6', '0.55–0.70', '−0.7 to −0.5', '38–45')
    >>> interval(None, 4.611), interval(None, None)
    ('up to 4.61', '–')
    """
    if low is None and high is None:
        return UNKNOWN
    if low is None:
        return say("up to {value}", value=number(high))
    if high is None:
        return say("from {value}", value=number(low))
    larger = max(abs(low), abs(high))
    if 0 < larger < 1e-4:
        ends = [number(low), number(high)]
    else:
        decimals = max(0, 2 - math.floor(math.log10(larger))) if larger else 0
        ends = [f"{end:,.{decimals}f}" for end in (low, high)]
        while "." in ends[0] and all(end[-1] in "0." for end in ends):
            ends = [end[:-1] for end in ends]
        ends = [signed(localized(end)) for end in ends]
    return (f" {say('to')} " if low < 0 or high < 0 else "–").join(ends)


def words(name: str) -> str:
    """Return a field's name as words, in the language of the report.

    >>> words("not_evaluable"), words("megabases")
    ('not evaluable', 'megabases')
    """
    return term(name.replace("_", " "))


HEADINGS = {
    "vaf": "VAF",
    "baf": "BAF",
    "pos": "Position",
    "code": "Rule",
    "text": "Meaning",
    "tmb": "TMB",
    "msi": "MSI",
    "hrd": "HRD",
}


def heading(name: str) -> str:
    """Return a field's name as the heading of a column.

    >>> heading("alt_depth"), heading("vaf")
    ('Alt depth', 'VAF')
    """
    said = words(name)
    return term(HEADINGS[name]) if name in HEADINGS else said[:1].upper() + said[1:]


def scalar(value: Any) -> str:
    """Return any plain value as text."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, (int, float)):
        return number(float(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(scalar(item) for item in value) or say("none")
    text = str(value)
    return localized(text) if WRITTEN.fullmatch(text) else term(text)


def allele(sequence: str) -> str:
    r"""Return an allele, shortened with its length when it is long.

    >>> allele("A"), allele("ACGTACGTACGTACGTACGTACGT")
    ('A', 'ACGTACGT… (24\xa0bp)')
    """
    if len(sequence) <= LONGEST_ALLELE or sequence.startswith("<"):
        return sequence
    return f"{sequence[:8]}… ({number(len(sequence))}\N{NO-BREAK SPACE}bp)"


def brief(name: str) -> str:
    """Return a change in HGVS, its end left out when it is long.

    >>> brief("p.Arg273Cys"), brief("p.Leu747_Thr751delinsProLeuThrSer")
    ('p.Arg273Cys', 'p.Leu747_Thr751delins…')
    """
    return name if len(name) <= LONGEST_CHANGE else f"{name[: LONGEST_CHANGE - 1]}…"


def listed(names: Sequence[str], most: int) -> str:
    """Join names, saying how many are left out.

    >>> listed(["EGFR", "MET", "BRAF"], 2)
    'EGFR, MET and 1 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    named = ", ".join(names[:most])
    return say("{names} and {count} more", names=named, count=number(len(names) - most))


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "variant"), plural(1204, "variant")
    ('1 variant', '1,204 variants')
    """
    return f"{number(count)} {say(one if count == 1 else many or one + 's')}"
