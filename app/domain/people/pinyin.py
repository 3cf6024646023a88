"""Pinyin (拼音) of names: the terms by which a name is found, in characters, in pinyin, by initials.

Pure. Somebody types a name from any of its characters on; so the terms of a name are what is left of it
from each on, written in each way, and a search is for a term that begins with what was typed.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "曾": ("zeng",), "区": ("ou",),
    "查": ("zha",), "任": ("ren",), "翟": ("zhai", "di"), "盖": ("ge", "gai"),
    "朴": ("piao", "pu"), "覃": ("qin", "tan"), "乐": ("yue", "le"), "缪": ("miao",),
    "员": ("yun", "yuan"), "郗": ("xi", "chi"), "宓": ("mi", "fu"), "洗": ("xian",),
    "冼": ("xian",), "黑": ("he",), "秘": ("bi",), "折": ("she",), "种": ("chong",),
    "召": ("shao",), "繁": ("po",), "晁": ("chao",), "谌": ("chen", "shen"), "句": ("gou",),
    "逄": ("pang",), "祭": ("zhai",), "重": ("chong",), "车": ("che",), "长": ("zhang",),
    "柏": ("bai", "bo"), "薄": ("bo",), "卜": ("bu",), "贾": ("jia",), "牟": ("mou", "mu"),
    "隗": ("wei", "kui"), "费": ("fei", "bi"), "阚": ("kan",), "葛": ("ge",), "纪": ("ji",),
    "尉迟": ("yuchi",), "万俟": ("moqi",), "长孙": ("zhangsun",), "单于": ("chanyu",),
    "澹台": ("tantai",), "令狐": ("linghu",), "皇甫": ("huangfu",), "宇文": ("yuwen",),
    "呼延": ("huyan",), "夏侯": ("xiahou",), "鲜于": ("xianyu",),
}  # fmt: skip
"""Surnames that are read otherwise than the same characters elsewhere, or in more than one way.

The readings are those of 现代汉语词典 as commonly cited; they were not compared with a printed copy.
"""
_SYLLABLES: Final = {
    "yuchi": ("yu", "chi"), "moqi": ("mo", "qi"), "zhangsun": ("zhang", "sun"),
    "chanyu": ("chan", "yu"), "tantai": ("tan", "tai"), "linghu": ("ling", "hu"),
    "huangfu": ("huang", "fu"), "yuwen": ("yu", "wen"), "huyan": ("hu", "yan"),
    "xiahou": ("xia", "hou"), "xianyu": ("xian", "yu"),
}  # fmt: skip
_AS_IN_PASSPORTS: Final = {"lv": "lyu", "nv": "nyu"}
"""What is typed with v is written with y in passports (GB/T 28039-2011)."""
SEPARATOR: Final = "·"
"""Between the parts of names of several nationalities, which begin with no Chinese surname."""


def plain(text: str) -> str:
    """Letters, characters and digits alone, in lower case: what is typed with ü is typed with v."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    return "".join(each for each in folded if each.isalnum())


def name_terms(name: str) -> list[str]:
    """The terms of a name: itself, its pinyin and its initials first, in this order, then the rest."""
    written = plain(name)
    readings = list(_readings(name, written))
    terms = [written]
    for syllables in readings:
        terms += ["".join(syllables), "".join(each[0] for each in syllables)]
    terms += [written[start:] for start in range(1, len(written))]
    for syllables in readings:
        for start in range(1, len(syllables)):
            rest = syllables[start:]
            terms += ["".join(rest), "".join(each[0] for each in rest)]
    return [each for each in dict.fromkeys(terms) if each]


def load() -> None:
    """Read the dictionaries now: whoever serves does so before the first name is entered."""
    _syllables("")


@lru_cache(maxsize=16_384)
def _syllables(text: str) -> tuple[str, ...]:
    """One syllable for each character, as it is usually read where it stands.

    Kept, since given names recur: whoever enters fifty thousand people waits seconds less.
    """
    # The dictionaries take a seventh of a second, which most commands need not wait for.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return tuple(lazy_pinyin(text))


def _readings(name: str, written: str) -> Iterator[list[str]]:
    """How a name can be read, the likeliest first: one syllable for each character."""
    length = next((n for n in (2, 1) if written[:n] in SURNAMES), 0)
    if SEPARATOR in name:
        length = 0
    rest = _syllables(written[length:])
    for reading in SURNAMES.get(written[:length], ("",)):
        syllables = [*_SYLLABLES.get(reading, (reading,) if reading else ()), *rest]
        yield syllables
        if any(each in _AS_IN_PASSPORTS for each in syllables):
            yield [_AS_IN_PASSPORTS.get(each, each) for each in syllables]
