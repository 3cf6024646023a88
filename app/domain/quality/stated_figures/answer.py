"""An answer: a verdict with its reasons, the figures it rests on, and the lines side by side. Pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.quality.stated_figures.vocabulary import (
    FigureReason,
    FigureUnit,
    FigureVerdict,
    StatedValue,
)

R = FigureReason

REASONS: dict[FigureReason, tuple[str, str]] = {
    R.EQUAL: ("文中数与核对数一致", "what is stated equals what was found"),
    R.FITS: ("所述各项可以同时成立", "what is stated can hold together"),
    R.NUMBER_DIFFERS: ("文中数与登记数不一致", "the stated number is not the register's"),
    R.PARTS_DIFFER: ("分项之和不等于总数", "the parts do not add up to the whole"),
    R.COUNTED_IN_SEVERAL_PARTS: (
        "有学校跨学段，会计入多个分项", "some schools have several stages and are in several parts",
    ),
    R.NOTHING_REGISTERED: ("登记数据中没有可核对的内容", "the register holds nothing of this"),
    R.NOTHING_TO_COMPARE: ("未说明与何登记数核对", "it is not said against what it is checked"),
    R.OTHER_UNIT_OF_COUNTING: ("计量单位不同，不作比较", "counted in another unit: not compared"),
    R.PERSON_TIMES_AS_PERSONS: (
        "把人次当作人数使用", "person-times are used as if they were persons"
    ),
    R.BASE_MISSING: ("百分比没有说明基数", "the percentage states no base"),
    R.EXCEEDS_WHOLE: ("部分超过整体", "the part is larger than the whole"),
    R.SHARE_DIFFERS: ("百分比与分子、分母不符", "the percentage is not numerator by base"),
    R.NO_COMMON_BASE: ("没有一个人数能使各百分比同时成立", "no one head-count fits all percentages"),
    R.BASES_DIFFER: ("出现多个基数", "several bases are stated"),
    R.STATED_BASE_UNFIT: ("所述基数不在可成立的范围内", "the stated base fits not"),
    R.DATES_CONTRADICT: ("先后顺序与日期矛盾", "the order contradicts the dates"),
    R.DATE_MISSING: ("缺少日期", "a date is missing"),
    R.VALUES_DIFFER: ("同一事项说法不一", "the same thing is stated differently"),
    R.NUMBER_MISSING: ("编号缺漏", "a number is left out"),
    R.NUMBER_REPEATED: ("编号重复", "a number stands twice"),
    R.NAME_MASKED: ("名称被遮盖", "a name is masked"),
    R.NAME_INCOMPLETE: ("名称不完整", "a name is cut off"),
    R.NAME_SHARED: ("一个名称可指多个对象", "a name may mean several"),
    R.NAME_UNKNOWN: ("名称不在本地登记中", "a name is not on the register of the place"),
    R.NOT_ALL_NAMED: ("只列出一部分名称", "only some of them are named"),
    R.INSERTED_PINYIN: ("文字中混入拼音", "pinyin stands within the text"),
    R.BROKEN_CHARACTERS: ("文字有乱码", "characters are broken"),
    R.MIXED_SCRIPTS: ("繁体与简体混用", "traditional and simplified characters are mixed"),
    R.PLACEHOLDER: ("留有占位符", "a placeholder was left"),
    R.PUNCTUATION_LOST: ("数字间标点丢失，读法不唯一", "punctuation was lost between digits"),
    R.MACHINE_TRANSLATED: ("有机器翻译痕迹", "words of a machine translation"),
    R.FOREIGN_TOKEN: ("混入与正文无关的字符串", "a string that belongs not to the text"),
    R.PAGE_FURNITURE: ("页码混入正文", "a page number stands within the text"),
    R.NO_DAMAGE_FOUND: ("未发现文字损坏", "no damage was found"),
    R.NOT_DEFINED: ("用语没有定义", "the term is defined nowhere"),
    R.RULES_CONFLICT: ("同一辖区的规定相互冲突", "rules of one place contradict each other"),
    R.JURISDICTIONS_DIFFER: (
        "分属不同辖区，各自有效，不作比较", "of different places: each holds in its own"
    ),
    R.HUMAN_JUDGEMENT: ("须由人工判断", "people have to judge it"),
}  # fmt: skip
"""Each reason in Chinese and in English."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What the register says of a stated figure, as of a day."""

    counted_in: FigureUnit
    numerator: int
    denominator: int | None = None
    as_of: date
    by_stage: dict[str, int] = field(default_factory=dict)
    known_names: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered: never more than follows from what is stated and registered."""

    verdict: FigureVerdict
    reasons: tuple[FigureReason, ...]
    lines: tuple[dict[str, Any], ...] = ()
    difference: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    cleaned: str | None = None


def line(
    value: StatedValue | None,
    *,
    label: str | None = None,
    found: object = None,
    difference: Decimal | None = None,
    reason: FigureReason | None = None,
) -> dict[str, Any]:
    """A line of an answer, as it is kept."""
    return {
        "label": label or (value.label if value else ""),
        "stated": stated(value) if value else None,
        "found": None if found is None else str(found),
        "difference": None if difference is None else str(difference),
        "reason": reason,
    }


_UNITS = {
    FigureUnit.PERSON: "人", FigureUnit.PERSON_TIME: "人次", FigureUnit.SCHOOL: "所",
    FigureUnit.SESSION: "场次", FigureUnit.THING: "项", FigureUnit.HOUR: "学时",
    FigureUnit.CREDIT: "学分", FigureUnit.PERCENT: "%",
}  # fmt: skip


def stated(value: StatedValue) -> str | None:
    """A value in the words in which it is shown: `1030人`, `29%`, `2016-11-29`."""
    if value.number is None:
        return value.says
    unit = _UNITS[value.counted_in] if value.counted_in else ""
    return f"{plain(value.number)}{unit}" + (f"（{value.says}）" if value.says else "")


def words_of(value: StatedValue) -> str:
    """What a value says, or else what it is called."""
    return value.says or value.label


def plain(number: Decimal) -> str:
    """A number without needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
