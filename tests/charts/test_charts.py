"""Charts: the same bytes for the same, Chinese letters as paths, refused when too many wait."""

import asyncio
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure

from app.charts import ChartsBusy, Plotter
from app.charts.drawing import _bars, draw_chart
from app.domain.quality.reports.charts import Chart, ChartCode, ChartShape, Series

NUMBERS = (Decimal("93.10"), None, Decimal(5))
NOTES = ("93.10%（931/1000）", "无", "5.00%（1/20）")
LABELS = ("到会人次", "旬阳", "九成宫")


def chart(shape: ChartShape = ChartShape.BARS, *labels: str) -> Chart:
    series = (Series("命名学校", NUMBERS, NOTES), Series("其他学校", NUMBERS[::-1], NOTES[::-1]))
    return Chart(ChartCode.GROUPS, "比较", shape, labels or LABELS, series, "%", "截至今日")


@pytest.mark.parametrize("shape", ChartShape)
@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_chart_gives_the_same_bytes_and_another_does_not(
    shape: ChartShape, form: str
) -> None:
    assert draw_chart(chart(shape), form) == draw_chart(chart(shape), form)
    assert draw_chart(chart(shape), form) != draw_chart(chart(shape, "甲", "乙", "丙"), form)


def test_letters_are_paths_and_nothing_is_fetched() -> None:
    picture = draw_chart(chart(), "svg")
    root = ET.fromstring(picture)  # noqa: S314  we made it
    assert not [each for each in root.iter() if each.tag.endswith(("}text", "}image", "}script"))]
    assert b"<dc:date>" not in picture
    # Each letter is a glyph of a font that comes along, defined once and used where it stands.
    assert b'<path id="NotoSansSC-Regular-' in picture


def test_every_letter_has_a_glyph(caplog: pytest.LogCaptureFixture) -> None:
    """The library warns where it sets a box in place of a letter, and warnings are errors here."""
    draw_chart(chart(ChartShape.BARS, "旬阳县", "垚犇喆", "〔2013〕18号—“三”"), "png")
    assert caplog.records == []


def test_people_are_not_marked_by_halves() -> None:
    """Of few people an axis would have marks at 2.5 and 7.5 as well."""
    figure = Figure()
    axes = figure.add_subplot()
    few = Series("现持有", (Decimal(12), Decimal(6)), ("12人", "6人"))
    _bars(
        axes, Chart(ChartCode.TITLES, "称号", ChartShape.BARS, ("市级", "县级"), (few,), "人", "注")
    )
    assert all(mark == round(mark) for mark in axes.get_xticks())


def test_a_picture_is_a_png() -> None:
    assert draw_chart(chart(), "png").startswith(b"\x89PNG\r\n")


async def test_too_many_are_refused_and_the_rest_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.charts._WAITING", 0)
    plotter = Plotter()
    one = asyncio.ensure_future(plotter.draw(chart(), form="svg"))
    await asyncio.sleep(0)
    given: dict[str, Any] = {"form": "svg"}
    with pytest.raises(ChartsBusy):
        await plotter.draw(chart(), **given)
    assert (await one).startswith(b"<?xml")
