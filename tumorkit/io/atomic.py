"""Files appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tumorkit.errors import OutputError


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success it is renamed, on failure removed.

    A link stays a link, its target is replaced. A device, pipe or socket (``/dev/null``, a shell's
    ``>(...)``) is written into once the content is whole: renaming would put a file in its place.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "table.tsv"
    >>> with atomic_path(target) as temporary:
    ...     _ = temporary.write_text("a\\n")
    >>> target.read_text()
    'a\\n'
    """
    stream = path.exists() and not path.is_file() and not path.is_dir()
    target = path.resolve() if path.is_symlink() and not stream else path
    folder = None if stream else target.parent
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix="".join(path.suffixes))
        os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        if stream:
            with temporary.open("rb") as content, path.open("wb") as into:
                shutil.copyfileobj(content, into)
        else:
            temporary.chmod(0o666 & ~current_umask())
            temporary.replace(target)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all; newlines are written as given."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a binary file, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def current_umask() -> int:
    """Return the process's umask without changing it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Turn an operating-system error into words."""
    reason = (error.strerror or str(error)).lower()
    return OutputError(
        path,
        f"cannot write: {reason}",
        hint="choose a folder that you may write to and that has room",
    )
