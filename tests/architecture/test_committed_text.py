"""What is committed speaks of the project alone: no addresses of machines, no secrets."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

VENDORED = "app/pages/assets/vendored/"
"""Files of others, committed as they came."""

OFFENCES = {
    "the host of a package registry": re.compile(
        r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|npmmirro[r]\.com|"
        r"(?:deb|security)\.debian\.org|proxy\.golang\.org|mirrors?\.[a-z]+\.(?:com|edu|org)"
    ),
    "the host of a content network": re.compile(r"unpkg\.com|jsdelivr\.net|cdnjs\.cloudflare"),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:wor[k]|Users|home)/\w"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]"),
    "a line end of Windows": re.compile(r"\r\n"),
    "the mark of an unfinished merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def committed() -> list[Path]:
    """The files git tracks, and those it would track; a deleted one is passed over."""
    # The folder may belong to somebody else than the one who tests, as in a mounted checkout.
    names = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [ROOT / name for name in names.split("\0") if name and not name.startswith(VENDORED)]
    return [path for path in paths if path.is_file()]


def offences(text: str) -> list[str]:
    return [offence for offence, pattern in OFFENCES.items() if pattern.search(text)]


def text_of(path: Path) -> str | None:
    """The text of a file, or None where it is a picture or another binary."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("the source is not in a git checkout, so nothing says what is committed")
    found = committed()
    assert ROOT / "pyproject.toml" in found
    return found


def test_nothing_committed_names_a_machine_a_registry_or_a_secret(files: list[Path]) -> None:
    texts = {path: text_of(path) for path in files}
    found = {str(path): offences(text) for path, text in texts.items() if text is not None}
    assert {path: found[path] for path in found if found[path]} == {}


def test_every_text_ends_with_a_line_end(files: list[Path]) -> None:
    texts = {path: text_of(path) for path in files}
    assert [path for path, text in texts.items() if text and not text.endswith("\n")] == []


@pytest.mark.parametrize(
    ("offence", "text"),
    [
        ("the host of a package registry", "https://files.python" + "hosted.org/packages"),
        ("the host of a content network", "https://unpkg" + ".com/react"),
        ("a path of one machine", "see /ho" + "me/someone/notes"),
        ("a private key", "-----BEGIN EC PRIVATE " + "KEY-----\nMHcCAQ"),
        ("a line end of Windows", "one\r\ntwo"),
        ("the mark of an unfinished merge", "one\n" + "<" * 7 + " HEAD"),
    ],
)
def test_each_offence_is_found(offence: str, text: str) -> None:
    assert offences(text) == [offence]
