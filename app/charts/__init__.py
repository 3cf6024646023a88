"""Charts: pictures of numbers as SVG and PNG, drawn by matplotlib with the fonts that come along.

The same chart gives the same bytes with the same versions: the salt of the identifiers is fixed, no date is
written, fonts of the system are not looked at. In an SVG every letter is a path, so that Chinese stands right
wherever it is opened. The library is not made for several threads: one thread beside the event loop draws, and
loads it when the first chart is asked for.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Final, Protocol

from app.domain.errors import Unavailable

_WAITING: Final = 64


class Row(Protocol):
    """One row of numbers, with what is written beside each."""

    @property
    def name(self) -> str:
        """What the row is called."""

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        """Its numbers; null where there is none."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is written beside each number; nothing, or one for each."""


class Drawn(Protocol):
    """What can be drawn: `shape` is `bars` or `lines`."""

    @property
    def title(self) -> str:
        """What stands above."""

    @property
    def shape(self) -> str:
        """`bars` or `lines`."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What the numbers are of."""

    @property
    def series(self) -> Sequence[Row]:
        """The rows of numbers."""

    @property
    def axis(self) -> str:
        """In what the numbers are."""

    @property
    def note(self) -> str:
        """What stands below: the base, and the day."""


class ChartsBusy(Unavailable):
    """More charts are asked for at this moment than can be drawn within some seconds."""

    code = "charts_busy"
    zh = "当前生成图表的请求过多，请稍后重试。"
    en = "Too many charts are being drawn at this moment: please try again."


class Plotter:
    """Draws charts; one for each process."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="charts")
        self._places = threading.BoundedSemaphore(1 + _WAITING)

    async def draw(self, chart: Drawn, *, form: str) -> bytes:
        """The chart as `svg` or `png`; raises `ChartsBusy`."""
        if not self._places.acquire(blocking=False):
            raise ChartsBusy
        future = self._thread.submit(_draw, chart, form)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _draw(chart: Drawn, form: str) -> bytes:
    from app.charts.drawing import draw_chart  # noqa: PLC0415  loading takes a second and 60 MB

    return draw_chart(chart, form)
