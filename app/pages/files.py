"""The files of the pages: where they lie, and under which addresses they are served."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def assets() -> dict[str, Path]:
    """Return every file that may be served, by its path below the assets folder.

    A name is looked up, never joined to a folder, so nothing outside can be asked for.
    """
    root = FOLDER / "assets"
    return {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@cache
def assets_version() -> str:
    """Return a digest of all assets: it is part of their URLs, so they may be cached for ever."""
    digest = blake2b(digest_size=8)
    for name, path in assets().items():
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
