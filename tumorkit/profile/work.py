"""A profile under way, and how a part says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import Progress
from tumorkit.contract.result import plain
from tumorkit.io.atomic import write_text
from tumorkit.io.documents import read_document
from tumorkit.profile.analysis import TITLES, check_earlier_result
from tumorkit.profile.prepare import Prepared
from tumorkit.profile.result import Part

# Results whose schema is not called like their part.
SCHEMAS = {"signatures": "signatures-fit"}


@dataclass
class Work:
    """A run under way: the checked case, where its files go, the parts that are done."""

    case: Prepared
    outdir: Path
    threads: int
    progress: Progress
    done: dict[str, Part] = field(default_factory=dict)

    def document(self, part: str) -> Mapping[str, Any]:
        """Return the document of a part that is done; empty where there is none."""
        found = self.done.get(part)
        return (found.result or {}) if found else {}


def known(name: str, document: Mapping[str, Any], *files: str) -> Part:
    """Return a part that has a result; its status is that of the document where it has one."""
    status = document.get("status", "ok")
    reason = document.get("reason") if status != "ok" else None
    return Part(
        name=name, title=TITLES[name], status=status, reason=reason, files=files, result=document
    )


def unknown(name: str, reason: str) -> Part:
    """Return a part that cannot be evaluated from what was given."""
    return Part(name=name, title=TITLES[name], status="not_evaluable", reason=reason)


def earlier_part(work: Work, name: str, path: Path) -> Part:
    """Take a result of an earlier step, if it belongs to this case."""
    document = read_document(path, hint="give a tumorkit result")
    build = work.case.build.name if work.case.build else ""
    said = {str(item.get("role")) for item in document.get("inputs", ())}
    check_earlier_result(
        document,
        path=str(path),
        schema=SCHEMAS.get(name, name),
        sample=work.case.sample,
        build=build,
        digests={role: item.sha256 for role in said if (item := work.case.file(role))},
    )
    copy = f"{name}.json"
    write_text(work.outdir / copy, path.read_text(encoding="utf-8"))
    return known(name, plain(document), copy)
