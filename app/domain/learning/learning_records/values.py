"""The values of xAPI 1.0.3: identifiers, moments, durations, languages, and how one that is none is refused."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn

from app.domain.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2999


class Rule(StrEnum):
    """A rule of the specification that a statement breaks."""

    JSON = "json"
    OBJECT = "object"
    UNKNOWN = "unknown"
    MISSING = "missing"
    STRING = "string"
    BOOLEAN = "boolean"
    NUMBER = "number"
    RANGE = "range"
    LIST = "list"
    EMPTY = "empty"
    REPEATED = "repeated"
    WORD = "word"
    UUID = "uuid"
    IRI = "iri"
    MBOX = "mbox"
    SHA1 = "sha1"
    ONE_IDENTIFIER = "one_identifier"
    LANGUAGE = "language"
    DURATION = "duration"
    TIMESTAMP = "timestamp"
    VERSION = "version"
    NESTED = "nested"
    DEPTH = "depth"
    VOIDING = "voiding"
    MISPLACED = "misplaced"
    OTHER_ID = "other_id"
    TOO_LONG = "too_long"


_WORDS: dict[Rule, tuple[str, str]] = {
    Rule.JSON: ("不是合法的 JSON", "this is no JSON"),
    Rule.OBJECT: ("须为对象", "it is an object"),
    Rule.UNKNOWN: ("含有规范之外或重复的属性", "it has a property twice, or one too many"),
    Rule.MISSING: ("缺少必需的属性", "a property is missing"),
    Rule.STRING: ("须为字符串", "it is a string"),
    Rule.BOOLEAN: ("须为布尔值", "it is true or false"),
    Rule.NUMBER: ("须为数字", "it is a number"),
    Rule.RANGE: ("数值超出范围", "the number lies outside its range"),
    Rule.LIST: ("须为数组", "it is an array"),
    Rule.EMPTY: ("不能为空", "it is not empty"),
    Rule.REPEATED: ("标识重复", "an identifier is there twice"),
    Rule.WORD: ("取值不在规范之内", "it is one of the words of the specification"),
    Rule.UUID: ("须为 UUID", "it is a UUID"),
    Rule.IRI: ("须为带方案的 IRI", "it is an IRI with its scheme"),
    Rule.MBOX: ("须为 mailto: 开头的邮箱地址", "it is an address that begins with mailto:"),
    Rule.SHA1: ("须为 40 位十六进制数", "it is 40 hexadecimal digits"),
    Rule.ONE_IDENTIFIER: (
        "须有且只有一种标识（mbox、mbox_sha1sum、openid、account）",
        "it has exactly one of mbox, mbox_sha1sum, openid and account",
    ),
    Rule.LANGUAGE: ("语言标签须符合 RFC 5646", "a language is a tag of RFC 5646"),
    Rule.DURATION: ("须为 ISO 8601 时长", "it is a duration of ISO 8601"),
    Rule.TIMESTAMP: ("须为带时区的 RFC 3339 时间", "it is a moment of RFC 3339 with its offset"),
    Rule.VERSION: ("版本须为 1.0.x", "the version is 1.0.x"),
    Rule.NESTED: ("子语句不能再含子语句", "a SubStatement holds no SubStatement"),
    Rule.DEPTH: ("嵌套过深", "it lies too deep"),
    Rule.VOIDING: ("作废语句的客体须为 StatementRef", "the object of a voiding statement is a StatementRef"),
    Rule.MISPLACED: ("该属性不能用于此处", "this property does not belong here"),
    Rule.OTHER_ID: ("与地址中的 statementId 不一致", "it is not the statementId of the address"),
    Rule.TOO_LONG: ("所含标识过长或过多", "its identifiers are too long, or too many"),
}  # fmt: skip


class StatementUnfit(Invalid):
    """A statement is not as the specification says: `at` is where, `rule` which rule it breaks.

    What was sent is never repeated; where there is a property too many, `at` is what has it.
    """

    code = "statement_unfit"
    zh = "语句不符合 xAPI 1.0.3（{at}）：{why}。"
    en = "The statement is not as xAPI 1.0.3 says ({at}): {why}."

    def __init__(self, at: str, rule: Rule) -> None:
        super().__init__(at=at, rule=rule.value)

    def message(self, language: str) -> str:
        """The refusal with the words of its rule."""
        zh, en = _WORDS[Rule(self.details["rule"])]
        template, why = (self.zh, zh) if language == "zh" else (self.en, en)
        return template.format(at=self.details["at"], why=why)


def refuse(at: str, rule: Rule) -> NoReturn:
    """Refuse what stands there."""
    raise StatementUnfit(at, rule)


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>\"{}|\\^`]+")
_MBOX = re.compile(r"mailto:[^\x00-\x20\x7f@<>]+@[^\x00-\x20\x7f@<>]{2,}")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_LANGUAGE = re.compile(
    r"(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[xX](?:-[A-Za-z0-9]{1,8})+|[iI](?:-[A-Za-z0-9]{3,8})+)"
)
_PART = r"(?:(\d{1,9}(?:\.\d{1,9})?)%s)?"
_DURATION = re.compile(
    "P(?!$)" + _PART % "Y" + _PART % "M" + _PART % "W" + _PART % "D"
    + r"(?:T(?=\d)" + _PART % "H" + _PART % "M" + _PART % "S" + ")?"
)  # fmt: skip
_SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1)
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)"
)
_NO_OFFSET = re.compile(r"-00(?::?00)?$")
_VERSION = re.compile(r"1\.0(?:\.[0-9A-Za-z.-]{1,20})?")
LONGEST = 2_000_000_000
"""Seconds that a statement may tell of: more than that is told as that."""


def check_string(value: Any, at: str) -> None:
    """Refuse what is no string."""
    if type(value) is not str:
        refuse(at, Rule.STRING)


def check_boolean(value: Any, at: str) -> None:
    """Refuse what is neither true nor false."""
    if type(value) is not bool:
        refuse(at, Rule.BOOLEAN)


def check_number(value: Any, at: str) -> None:
    """Refuse what is no number."""
    if type(value) not in (int, float):
        refuse(at, Rule.NUMBER)


def check_uuid(value: Any, at: str) -> None:
    """Refuse what is no UUID."""
    if type(value) is not str or _UUID.fullmatch(value) is None:
        refuse(at, Rule.UUID)


def check_iri(value: Any, at: str) -> None:
    """Refuse what is no IRI with a scheme; an IRL is one."""
    if type(value) is not str or _IRI.fullmatch(value) is None:
        refuse(at, Rule.IRI)


def check_mbox(value: Any, at: str) -> None:
    """Refuse what is no address of mail."""
    if type(value) is not str or _MBOX.fullmatch(value) is None:
        refuse(at, Rule.MBOX)


def check_sha1(value: Any, at: str) -> None:
    """Refuse what is no SHA-1 in hexadecimal digits."""
    if type(value) is not str or _SHA1.fullmatch(value) is None:
        refuse(at, Rule.SHA1)


def check_language(value: Any, at: str) -> None:
    """Refuse what is no tag of a language."""
    if type(value) is not str or _LANGUAGE.fullmatch(value) is None:
        refuse(at, Rule.LANGUAGE)


def check_version(value: Any, at: str) -> None:
    """Refuse every version but 1.0 and its corrections."""
    if type(value) is not str or _VERSION.fullmatch(value) is None:
        refuse(at, Rule.VERSION)


def seconds_of(value: Any, at: str = "duration") -> int:
    """How many whole seconds a duration has; a year counts 365 days, and a month 30."""
    found = _DURATION.fullmatch(value) if type(value) is str else None
    given = [] if found is None else [each for each in found.groups() if each is not None]
    # A fraction is of the smallest part alone.
    if found is None or not given or any("." in each for each in given[:-1]):
        refuse(at, Rule.DURATION)
    parts = zip(found.groups(), _SECONDS, strict=True)
    return min(int(sum(Decimal(each) * unit for each, unit in parts if each)), LONGEST)


def moment_of(value: Any, at: str = "timestamp") -> datetime:
    """The moment that a timestamp says, in UTC."""
    if (
        type(value) is not str
        or _TIMESTAMP.fullmatch(value) is None
        or _NO_OFFSET.search(value)
        or not FIRST_YEAR < int(value[:4]) < LAST_YEAR
    ):
        refuse(at, Rule.TIMESTAMP)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except ValueError:
        refuse(at, Rule.TIMESTAMP)
