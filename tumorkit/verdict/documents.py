"""Results of other rooms as they stand in JSON: found by their schema, read with care."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tumorkit.errors import InputError

PREFIX = "tumorkit/"
KNOWN = ("msi", "tmb", "purity", "hrd", "signatures")


@dataclass(frozen=True)
class Document:
    """A result's JSON and where it comes from."""

    source: str
    content: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Name of the schema without the prefix."""
        return str(self.content.get("schema", "")).removeprefix(PREFIX)

    def get(self, name: str) -> Any:
        """Return a field, None where there is none."""
        return self.content.get(name)


def opened(documents: Sequence[Document]) -> list[Document]:
    """Return single results; a profile gives those of its parts.

    Raises :class:`InputError` for what is no result of tumorkit, and for two of one kind.
    """
    found = [one for document in documents for one in parts_of(document)]
    seen: dict[str, str] = {}
    for one in found:
        key = one.kind + str(one.get("kind") or "")
        if key in seen:
            raise InputError(
                one.source,
                f"a second result of {one.kind}; the first is in {seen[key]}",
                hint="give one of them",
            )
        seen[key] = one.source
    return found


def parts_of(document: Document) -> Iterator[Document]:
    """Yield the results in a document: itself, or the parts of a profile."""
    if document.kind == "profile":
        for part in document.get("parts") or ():
            result = part.get("result")
            if part.get("status") == "failed":
                yield failed(document.source, part)
            elif isinstance(result, Mapping):
                # A purity that was given stands above the fit: genes are in the latter.
                fitted = result.get("fitted")
                inner = Document(document.source, fitted if isinstance(fitted, Mapping) else result)
                if inner.kind in KNOWN:
                    yield inner
    elif document.kind in KNOWN:
        yield document
    else:
        raise InputError(
            document.source,
            f"is no result that a verdict uses ({document.get('schema') or 'no schema'})",
            hint="give a profile.json, or the JSON of msi, tmb, purity, hrd or signatures fit",
        )


def failed(source: str, part: Mapping[str, Any]) -> Document:
    """Return a result that says why there is none: its input was damaged."""
    return Document(
        source,
        {"schema": f"{PREFIX}{part.get('name')}", "status": "failed", "reason": part.get("reason") or "failed"},
    )


def why_failed(document: Document) -> str:
    """Return why a result is none, empty where it is one."""
    return str(document.get("reason")) if document.get("status") == "failed" else ""


def of_kind(documents: Sequence[Document], kind: str) -> Document | None:
    """Return the result of a kind, None where there is none."""
    return next((one for one in documents if one.kind == kind), None)


def samples_of(documents: Sequence[Document]) -> list[str]:
    """Return the samples that documents name, each once."""
    names = [str(one.get("sample")) for one in documents if one.get("sample")]
    return list(dict.fromkeys(names))


def is_borderline(estimate: Mapping[str, Any]) -> bool:
    """Whether a value is too near a cut-off for a clear class."""
    return any(cut.get("certainty") == "borderline" for cut in estimate.get("cutoffs") or ())


def genes_of(documents: Sequence[Document], names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return what is known of genes' hits, by name."""
    purity = of_kind(documents, "purity")
    rows = (purity.get("genes") or ()) if purity is not None else ()
    return {str(row["gene"]): row for row in rows if row.get("gene") in names}


def processes_of(documents: Sequence[Document], name: str) -> list[tuple[str, Document, Any]]:
    """Return what every fit of signatures says of a process: kind of catalogue, document, row."""
    found = []
    for one in documents:
        if one.kind != "signatures" or why_failed(one):
            continue
        samples = list(one.get("samples") or ())
        if len(samples) != 1:
            raise InputError(
                one.source,
                f"holds {len(samples)} samples, a verdict is about one",
                hint="fit the one sample",
            )
        for row in samples[0].get("processes") or ():
            if row.get("name") == name:
                found.append((str(one.get("kind")), one, row))
    return found
