"""What the command says to the person in front of it: results on one channel, the rest on the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.domain.errors import DomainError

# Widths are the terminal's; a pipe gets whole lines, so that addresses and tokens stay in one piece.
console = Console(soft_wrap=True, highlight=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False)


def tell(refusal: DomainError) -> None:
    """Say why something was refused, in Chinese and in English."""
    for language in ("zh", "en"):
        errors.print(refusal.message(language), style="red", markup=False)


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[float], None]]:
    """A bar that is told which part of the whole is done, from 0 to 1; shown to terminals only."""
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words, total=1.0)
        yield lambda done: progress.update(task, completed=done)
