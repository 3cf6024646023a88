"""Typesetting: documents in PDF/A-2a, from templates of this package and the fonts that come along.

A template (`templates/*.typ`, for typst) is handed its data as one JSON text and reads them as data:
nothing of them is ever a part of the markup. The same data at the same moment give the same bytes, on
every machine with the same versions: fonts of the system are not looked at, nothing is fetched, no clock
is read. Setting a certificate takes some milliseconds of one core, and is done in two threads beside the
event loop.
"""

import asyncio
import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import segno
import typst

from app.domain.errors import Unavailable
from app.typesetting.glyphs import characters_of

TEMPLATES: Final = Path(__file__).parent / "templates"
FONTS: Final = Path(pylopdf_fonts_zh_cn.serif_path()).parent

STANDARD: Final = "a-2a"
"""PDF/A-2a (ISO 19005-2): kept for long, and tagged, so that it can be read aloud."""
GETA: Final = "〓"
"""What stands for a character without a glyph, as printers have it: a note says which it is."""

_AT_ONCE: Final = 2
_WAITING: Final = 64


class TypesettingBusy(Unavailable):
    """More documents are asked for at this moment than can be set within a second or two."""

    code = "typesetting_busy"
    zh = "当前生成文档的请求过多，请稍后重试。"
    en = "Too many documents are being made at this moment: please try again."


class Typesetter:
    """Sets documents; one for each process, made once, for the fonts are read then."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
        )
        self._known = characters_of(sorted(FONTS.glob("*.otf")))
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="typesetting")
        self._places = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._own = threading.local()

    async def typeset(self, template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        """The document of a template with these data, made at this moment; raises `TypesettingBusy`.

        A text in the data may hold any character: one without a glyph is set as `GETA`, and the
        template is told which these are (`without_glyph`, as `U+20BB7`). Where the data have an
        `address`, the template is given the QR code that leads there (`qr`, as SVG).
        """
        if not self._places.acquire(blocking=False):
            raise TypesettingBusy
        future = self._threads.submit(self._compile, template, data, "pdf", int(at.timestamp()))
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    def picture(self, template: str, data: Mapping[str, Any]) -> bytes:
        """The first page as a PNG, to be looked at: for documentation and tests, not for requests."""
        return self._compile(template, data, "png", 0)

    def _compile(self, template: str, data: Mapping[str, Any], form: Any, moment: int) -> bytes:
        # A compiler is borrowed while it compiles, so that each thread has its own for each template.
        compilers: dict[str, typst.Compiler] = self._own.__dict__
        if template not in compilers:
            compilers[template] = typst.Compiler(
                str(TEMPLATES / f"{template}.typ"),
                root=str(TEMPLATES),
                font_paths=self._fonts,
                ignore_system_fonts=True,
            )
        made = compilers[template].compile(
            format=form,
            sys_inputs={"data": self._spelt(data)},
            pdf_standards=[STANDARD] if form == "pdf" else [],
            timestamp=moment,
        )
        return made if isinstance(made, bytes) else (made or [b""])[0]

    def _spelt(self, data: Mapping[str, Any]) -> str:
        without: dict[str, None] = {}
        spelt = {name: self._spell(value, without) for name, value in data.items()}
        spelt["without_glyph"] = [f"U+{ord(each):04X}" for each in without]
        if "address" in data:
            spelt["qr"] = segno.make_qr(data["address"], error="m").svg_inline()
        return json.dumps(spelt, ensure_ascii=False)

    def _spell(self, value: Any, without: dict[str, None]) -> Any:
        """The value with every character that has no glyph replaced, and noted."""
        if isinstance(value, Mapping):
            return {name: self._spell(each, without) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._spell(each, without) for each in value]
        if not isinstance(value, str):
            return value
        letters = []
        for letter in value:
            if _chooses_a_form(letter):
                continue
            if ord(letter) in self._known:
                letters.append(letter)
            elif letter.isspace():
                letters.append(" ")
            else:
                without[letter] = None
                letters.append(GETA)
        return "".join(letters)


def _chooses_a_form(letter: str) -> bool:
    """Whether it is a variation selector, which is no character of its own."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
