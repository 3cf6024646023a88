"""Typesetting: data stay data, the same bytes for the same, and any character can be set."""

import asyncio
import zlib
from datetime import UTC, datetime
from re import DOTALL, findall
from typing import Any

import pytest

from app.domain.credits.certificates.documents import Press, contents_of
from app.typesetting import GETA, Typesetter, TypesettingBusy

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
HOSTILE = '#panic("x") $1/0$ *b* _i_ `c` \\ @ref <l> [#include "/etc/passwd"] "; ⟨"\n= H\r\t{}'


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


def printed(**more: Any) -> dict[str, Any]:
    row = {
        "kind": "cycle", "number": "430600-2026-000001", "name": "测试甲", "school_name": "甲县第一小学",
        "rank": "first_grade", "hours": "20.00", "credits": "20.00", "subject": "学分管理办法",
        "cycle_start": AT.date(), "cycle_end": AT.date(), "unit_name": "甲县", "issued_on": AT.date(),
        "authority_name": "测试市", "code": "aaaaa-bbbbb-ccccc-ddddd", "former_number": None,
        "seal_state": "unsealed",
    } | more  # fmt: skip
    press: Any = Press(None, None, "https://example.cn")  # type: ignore[arg-type]
    return contents_of(row, press)


def test_the_same_data_give_the_same_bytes_and_others_do_not(typesetter: Typesetter) -> None:
    async def both() -> tuple[bytes, bytes, bytes]:
        one = await typesetter.typeset("certificate", printed(), at=AT)
        other = await Typesetter().typeset("certificate", printed(), at=AT)
        return one, other, await typesetter.typeset("certificate", printed(name="乙"), at=AT)

    one, same, different = asyncio.run(both())
    assert one == same != different
    assert one.startswith(b"%PDF-1.7")
    metadata = text_of(one)
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert len(one) < 100_000, "fonts are cut to what is used"


async def test_markup_in_data_is_text(typesetter: Typesetter) -> None:
    """Were it read as markup, `#panic` would end the compilation."""
    rows = printed(name=HOSTILE, school_name=HOSTILE, subject=HOSTILE, unit_name=HOSTILE)
    hostile = await typesetter.typeset("certificate", rows, at=AT)
    assert hostile.startswith(b"%PDF")
    title = rows | {"title": HOSTILE, "number": HOSTILE}
    assert "panic(" in text_of(await typesetter.typeset("certificate", title, at=AT))


async def test_a_character_without_a_glyph_is_named(typesetter: Typesetter) -> None:
    """龘 and 䶮 are in the fonts, U+20BB7 is not; a variation selector is no character of its own."""
    rare = typesetter._spelt(printed(name="龘䶮𠮷\ufe00"))
    assert f"龘䶮{GETA}" in rare
    assert '"without_glyph": ["U+20BB7"]' in rare
    assert "\ufe00" not in rare
    made = await typesetter.typeset("certificate", printed(name="龘䶮𠮷"), at=AT)
    assert made.startswith(b"%PDF")
    assert typesetter.picture("certificate", printed())[:8] == b"\x89PNG\r\n\x1a\n"


async def test_more_than_can_wait_are_sent_away(typesetter: Typesetter) -> None:
    asked = [typesetter.typeset("certificate", printed(), at=AT) for _ in range(80)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, TypesettingBusy)]
    assert 0 < len(refused) < 80
    assert len({each for each in outcomes if isinstance(each, bytes)}) == 1
    assert await typesetter.typeset("certificate", printed(), at=AT), "places are given back"


def text_of(document: bytes) -> str:
    """What the streams of a document hold, unpacked where they are packed."""
    found = [document]
    for stream in findall(rb"stream\r?\n(.*?)\r?\nendstream", document, DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found).decode("utf-8", "replace")
