"""How a chart is drawn: bars that lie, for their labels are words; lines with a legend; the base below."""

from decimal import Decimal
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from app.charts import Drawn

FONTS: Final = Path(pylopdf_fonts_zh_cn.serif_path()).parent
_COLOURS: Final = ("#2f5d8a", "#d08b2d", "#5b8c5a", "#8a4f7d")
"""Told apart by those who do not see red and green, and on paper by their darkness."""
_QUIET: Final = "#5a5a5a"
_DPI: Final = 160
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "yanxun",
    "svg.fonttype": "path",
    "font.family": ["Noto Sans SC"],
    "axes.unicode_minus": False,
}


def _add_fonts() -> None:
    for font in sorted(FONTS.glob("*.otf")):
        font_manager.fontManager.addfont(str(font))


_add_fonts()


def draw_chart(chart: "Drawn", form: str) -> bytes:
    """The picture, 16 centimetres wide and as high as its bars need."""
    with mpl.rc_context(_SETTINGS):
        rows = len(chart.labels) * max(1, len(chart.series))
        height = 3.6 if chart.shape == "lines" else 1.5 + 0.30 * rows
        figure = Figure(figsize=(6.3, height), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        (_lines if chart.shape == "lines" else _bars)(axes, chart)
        axes.set_title(chart.title, fontsize=12, loc="left")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        figure.supxlabel(chart.note, fontsize=7.5, color=_QUIET)
        content = BytesIO()
        if form == "svg":
            canvas: Any = FigureCanvasSVG(figure)
            canvas.print_svg(content, metadata={"Date": None, "Creator": None})
        else:
            canvas = FigureCanvasAgg(figure)
            canvas.print_png(content, metadata={"Software": None})
        return content.getvalue()


def _bars(axes: Any, chart: "Drawn") -> None:
    """One group of lying bars for each label, the first on top, each with its note."""
    count = len(chart.series)
    thick = 0.78 / count
    for n, (series, colour) in enumerate(zip(chart.series, cycle(_COLOURS), strict=False)):
        at = [i + thick * (n - (count - 1) / 2) for i in range(len(chart.labels))]
        lengths = [float(value or Decimal(0)) for value in series.values]
        bars = axes.barh(at, lengths, height=thick * 0.92, color=colour, label=series.name)
        notes = series.notes or tuple(str(value) for value in series.values)
        axes.bar_label(bars, labels=list(notes), padding=3, fontsize=7.5)
    axes.set_yticks(range(len(chart.labels)), labels=list(chart.labels), fontsize=9)
    axes.invert_yaxis()
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(chart.axis, fontsize=8, loc="right")
    longest = max((float(v) for s in chart.series for v in s.values if v is not None), default=1.0)
    axes.set_xlim(0, (longest or 1.0) * 1.38)  # Room for the notes behind the longest bar.
    if chart.axis == "%":  # Nothing is more than the whole, whatever room the notes take.
        axes.set_xticks([mark for mark in range(0, 101, 20) if mark <= max(longest * 1.38, 20)])
    else:  # People and things are counted: half of one is no mark.
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    if count > 1:
        axes.figure.legend(fontsize=8, loc="outside upper right", ncols=count, frameon=False)


def _lines(axes: Any, chart: "Drawn") -> None:
    """Each series as a line over the same labels; all but the first are there to compare with."""
    for n, (series, colour) in enumerate(zip(chart.series, cycle(_COLOURS), strict=False)):
        values = [None if value is None else float(value) for value in series.values]
        style = {"marker": "o", "markersize": 3.5} if n == 0 else {"linestyle": "--"}
        axes.plot(range(len(values)), values, color=colour, label=series.name, **style)
    axes.set_xticks(range(len(chart.labels)), labels=list(chart.labels), fontsize=8)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylabel(chart.axis, fontsize=8)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.legend(fontsize=8, loc="upper left", frameon=False)
