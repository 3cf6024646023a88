"""Workbooks (.xlsx), read by a process of their own that may take only so much.

A crafted workbook of some kilobytes can end the process that reads it, or fill its memory; this one
only takes rows from a pipe. Its own limits the other process sets itself, before it looks at anything.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

import msgspec

from app.tabular.faults import UnreadableFile
from app.tabular.rows import Limits, Merged, Record, SourceRow, rows_of

LARGEST: Final = 100_000_000
"""Bytes of a workbook as it lies in its file."""

_READER: Final = Path(__file__).with_name("workbook_process.py")
_PIECE: Final = 1_000_000
_WORDS: Final = 1_000_000
"""Characters of a form: one long text can stand in each of its cells, and is small in the file."""
_Rows = list[tuple[int, list[str], dict[int, str]]]


def workbook_rows(
    file: BinaryIO, limits: Limits, expected: Collection[str] | None
) -> Iterator[SourceRow]:
    """The rows of the first sheet that is not hidden."""
    with _on_disk(file) as there, closing(_messages(there)) as messages:
        merged = next(messages)["merged"]
        records = (Record(*record) for chunk in messages for record in chunk)
        yield from rows_of(records, limits, expected, merged and Merged(*merged))


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[IO[bytes]]:
    """The file as the system knows it; what lies in memory is written down first."""
    if file.seek(0, 2) > LARGEST:
        raise UnreadableFile("file_too_large", most=LARGEST)
    file.seek(0)
    with tempfile.TemporaryFile() as copy:
        try:
            file.fileno()
        except OSError:
            shutil.copyfileobj(file, copy, _PIECE)
            copy.flush()
            yield copy
        else:
            yield file


def workbook_layout(file: BinaryIO, limits: Limits) -> tuple[dict[str, Any], list[Record]]:
    """What the first sheet looks like (its name, widths and merged ranges), and all its rows."""
    with _on_disk(file) as there, closing(_messages(there, "layout")) as messages:
        looks = next(messages)
        next(messages)
        records: list[Record] = []
        words = 0
        for chunk in messages:
            records += (Record(*record) for record in chunk)
            words += sum(len(text) for _, cells, _ in chunk for text in cells)
            if words > _WORDS:
                raise UnreadableFile("file_too_many_cells")
            if len(records) > limits.rows:
                raise UnreadableFile("file_too_many_rows", most=limits.rows)
            if any(len(record.cells) > limits.columns for record in records):
                raise UnreadableFile("file_too_many_columns", most=limits.columns)
    return looks, records


def _messages(file: IO[bytes], *how: str) -> Generator[Any]:
    """What the process says: how far down merged cells reach, then rows, some at a time."""
    decode = msgspec.json.Decoder(_Rows | dict[str, Any]).decode
    # Nothing of our surroundings goes along, and nothing is imported but by that file itself.
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(_READER), *how],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    ) as process:
        try:
            for line in process.stdout or ():
                if not line.endswith(b"\n"):
                    break  # it was ended in the middle of a line
                message = decode(line)
                if "refused" in message:
                    raise UnreadableFile(message["refused"])
                yield message
            _check_ended_well(process.wait())
        finally:
            process.kill()


def _check_ended_well(status: int) -> None:
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise UnreadableFile("file_too_slow")
    if status:
        # The library ends its process where it is given no more memory.
        raise UnreadableFile("file_too_many_cells" if status == -signal.SIGABRT else "file_damaged")
