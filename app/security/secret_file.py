"""A secret kept in one file that nobody but its owner can read."""

import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class UnusableSecret(Exception):
    """A secret cannot be used as it stands; the message says why and never contains any of it."""


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the secret at `path`, which `make` supplies where there is none yet.

    When several processes start at once, one of them creates the file and all return its content:
    nobody ever sees half a file, and nobody's secret is overwritten.
    """
    with suppress(FileNotFoundError):
        return read(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = _write_beside(path, make())
    try:
        # A link, unlike a rename, fails where the name is taken: whoever was first has decided.
        with suppress(FileExistsError):
            os.link(written, path)
    finally:
        written.unlink()
    return read(path)


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Replace the secret at `path` by what `change` makes of it: wholly or, on failure, not at all.

    Raises `FileNotFoundError` where there is no secret to change.
    """
    written = _write_beside(path, change(read(path)))
    written.replace(path)


def read(path: Path) -> str:
    """Return the secret at `path`; raises `UnusableSecret` where others could read it, or nobody."""
    with path.open(encoding="utf-8") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise UnusableSecret(
                f"{path} can be read by others (mode {mode:03o}); run: chmod 600 '{path}'"
            )
        try:
            return file.read()
        except UnicodeDecodeError:
            raise UnusableSecret(f"{path} is not text") from None


def _write_beside(path: Path, text: str) -> Path:
    # mkstemp creates exclusively and with mode 0600, whatever the umask allows.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
