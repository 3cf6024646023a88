"""What is wrong with a text by itself, and a cleaned copy beside it; the text is kept as it came. Pure.

Only what shows without knowing what was meant is found here: pinyin put into the text, broken characters,
placeholders, page numbers within sentences, digits that lost what stood between them. Which words were
meant, a cleaned copy never guesses.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from app.domain.quality.stated_figures.answer import Answer, line
from app.domain.quality.stated_figures.vocabulary import FigureReason, FigureVerdict

_HAN = "\u4e00-\u9fff"
_PINYIN = re.compile(
    rf"(?<=[{_HAN}])\([a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{{1,6}}\)"
)  # fmt: skip
_BROKEN = re.compile(
    "[\ufffd\u3105-\u312f\u2500-\u257f\uff66-\uff9f]|(?<=[^\\s])[\u2474-\u2487]"
    f"|[?!](?=[a-z][{_HAN}])"
)
_PLACEHOLDER = re.compile(r"20XX|20xx|\*\*+|(?<!\d)20 \d{2}(?!\d)")
_PAGE = re.compile(rf"第 ?\d+ ?页|(?<=[，,、；])\s+\d{{1,2}}\s+(?=[{_HAN}])")
_TOKEN = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]*[a-z][A-Z])[A-Za-z]{16,}(?![A-Za-z])")
_DIGITS = re.compile(r"(?<!\d)(?:19|20)\d{3,6}(?!\d)")
_TRANSLATED = {
    "Verb (abbreviation for verb)": "五、（序号被译作词性）",
    "intransitive verb": "六、（序号被译作词性）",
    "One-man gang": "一帮一",
    "higher education authorities": "上级教育部门",
    "identifying students' personal files": "学员个人档案",
}
"""Words that a machine has made of Chinese ones, as the sources show them; what stood there is a guess."""
_PAIRS = (
    "學学 師师 訓训 課课 發发 縣县 員员 實实 動动 環环 業业 術术 務务 開开 設设 現现 優优 長长 進进 "
    "導导 創创 構构 會会 應应 產产 質质 讀读 觀观 點点 間间 題题 專专 區区 級级 範范 網网 總总 結结"
)
_TRADITIONAL, _SIMPLIFIED = ({pair[at] for pair in _PAIRS.split()} for at in (0, 1))


def clean_text(text: str) -> str:
    """The text without what was put into it: pinyin and page numbers. Nothing is replaced by a guess."""
    return re.sub(r"[ \t]{2,}", " ", _PAGE.sub("", _PINYIN.sub("", text))).strip()


def examine_text(text: str) -> Answer:
    """What is damaged in a text, each finding with what stands there."""
    found = list(chain(_by_pattern(text), _lost(text), _translated(text), _mixed(text)))
    reasons = tuple(dict.fromkeys(reason for reason, _, _ in found))
    lines = tuple(
        line(None, label=there[:100], found=meant, reason=reason) for reason, there, meant in found
    )
    return Answer(
        verdict=FigureVerdict.TEXT_DAMAGED if reasons else FigureVerdict.AGREES,
        reasons=reasons or (FigureReason.NO_DAMAGE_FOUND,),
        lines=lines[:100],
        cleaned=clean_text(text),
    )


_Found = Iterator[tuple[FigureReason, str, str | None]]
_PATTERNS = (
    (FigureReason.INSERTED_PINYIN, _PINYIN),
    (FigureReason.BROKEN_CHARACTERS, _BROKEN),
    (FigureReason.PLACEHOLDER, _PLACEHOLDER),
    (FigureReason.PAGE_FURNITURE, _PAGE),
    (FigureReason.FOREIGN_TOKEN, _TOKEN),
)


def _by_pattern(text: str) -> _Found:
    for reason, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield reason, text[max(0, found.start() - 4) : found.end() + 4].strip(), None


def _lost(text: str) -> _Found:
    """Digits that can be read in more than one way since nothing stands between them any more."""
    for found in _DIGITS.finditer(text):
        readings = readings_of(found[0])
        if readings:
            yield FigureReason.PUNCTUATION_LOST, found[0], " / ".join(readings)


def readings_of(digits: str) -> list[str]:
    """What a year with digits after it may have meant: a day, another year, or a number."""
    year, rest = digits[:4], digits[4:]
    found = []
    for cut in (1, 2):
        month, day = rest[:cut], rest[cut:]
        if day and not (month + day).startswith("0") and not day.startswith("0"):
            try:
                found.append(date(int(year), int(month), int(day)).isoformat())
            except ValueError:
                continue
    if len(rest) == 4 and rest[:2] in {"19", "20"}:
        found.append(f"{year}—{rest}")
    if len(rest) < 4:
        found.append(f"〔{year}〕{rest}号")
    return found


def _translated(text: str) -> _Found:
    for words, meant in _TRANSLATED.items():
        if words in text:
            yield FigureReason.MACHINE_TRANSLATED, words, meant


def _mixed(text: str) -> _Found:
    signs = set(text)
    if signs & _TRADITIONAL and signs & _SIMPLIFIED:
        both = sorted(signs & _TRADITIONAL)[:3] + sorted(signs & _SIMPLIFIED)[:3]
        yield FigureReason.MIXED_SCRIPTS, "".join(both), None
