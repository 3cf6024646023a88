"""Identity documents: which number can be one, what it tells, and how it is shown.

A number is checked by its form, its date of birth and its check digit only (GB 11643-1999). The
administrative division in its first six digits is not looked up: divisions are renamed and numbers
are not, so every such list refuses real people. Numbers are personal data: no refusal repeats one.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from operator import mul
from typing import Final, Protocol

from app.domain.errors import Invalid


class IdKind(StrEnum):
    """Which document the number stands on."""

    RESIDENT_CARD = "resident_card"
    """居民身份证, the identity card of residents of the mainland."""

    RESIDENCE_PERMIT = "residence_permit"
    """港澳台居民居住证, of residents from Hong Kong (81), Macao (82) and Taiwan (83)."""

    FOREIGNER_PERMIT = "foreigner_permit"
    """外国人永久居留身份证: 18 digits from 9 on, or the older form of 3 letters and 12 digits."""

    HOME_RETURN_PERMIT = "home_return_permit"
    """港澳居民来往内地通行证: H or M and 8 or 10 digits."""

    TAIWAN_PERMIT = "taiwan_permit"
    """台湾居民来往大陆通行证: 8 digits, or 10 digits and a letter."""

    PASSPORT = "passport"
    """A passport of any country: 5 to 12 letters and digits."""


class Sex(StrEnum):
    """What the number says: the parity of its seventeenth digit."""

    MALE = "male"
    FEMALE = "female"


class BadLength(Invalid):
    """The number is longer or shorter than numbers of this kind."""

    code = "id_number_bad_length"
    zh = "证件号码长度不正确。"
    en = "The ID number does not have the length that this document's numbers have."


class BadForm(Invalid):
    """The number has a character in a place where numbers of this kind have another."""

    code = "id_number_bad_form"
    zh = "证件号码格式与证件类型不符。"
    en = "The ID number does not have the form that this document's numbers have."


class BadDate(Invalid):
    """The date of birth does not exist, lies before 1900 or is yet to come."""

    code = "id_number_bad_date"
    zh = "证件号码中的出生日期无效。"
    en = "The date of birth in the ID number is not possible."


class BadCheckDigit(Invalid):
    """The last character does not follow from the others: at least one was mistyped."""

    code = "id_number_bad_check_digit"
    zh = "证件号码校验码错误，请核对后重新输入。"
    en = "The check digit of the ID number is wrong. Please compare it with the document."


class PersonalDataCipher(Protocol):
    """What the domain needs in order to keep personal data: it is handed one, and knows no key."""

    @property
    def current(self) -> int:
        """The version of the key that seals now; the first byte of what is sealed is its own."""

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` encrypted; `context` is the place it is kept in: table|column|row id."""

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return what was sealed for this `context`; raise for anything else."""

    def blind_index(self, plain: str) -> bytes:
        """Return 32 bytes that are equal for equal texts, for uniqueness and look-up."""


# For each kind the lengths and the forms of its numbers, after normalisation.
_FORMS: Final[dict[IdKind, tuple[frozenset[int], re.Pattern[str]]]] = {
    kind: (frozenset(lengths), re.compile(form))
    for kind, lengths, form in (
        (IdKind.RESIDENT_CARD, {18}, r"[1-9][0-9]{16}[0-9X]"),
        (IdKind.RESIDENCE_PERMIT, {18}, r"8[123][0-9]{15}[0-9X]"),
        (IdKind.FOREIGNER_PERMIT, {15, 18}, r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"),
        (IdKind.HOME_RETURN_PERMIT, {9, 11}, r"[HM](?:[0-9]{8}|[0-9]{10})"),
        (IdKind.TAIWAN_PERMIT, {8, 11}, r"[0-9]{8}|[0-9]{10}[A-Z]"),
        (IdKind.PASSPORT, set(range(5, 13)), r"[A-Z0-9]+"),
    )
}

_CITIZEN_LENGTH: Final = 18
_LONGEST_INPUT: Final = 64
EARLIEST_BIRTH: Final = date(1900, 1, 1)
_CHECK_DIGITS: Final = "10X98765432"
_WEIGHTS: Final = tuple(1 << (17 - place) for place in range(17))


def check_id_number(kind: IdKind, number: str, *, today: date) -> str:
    """Return the normalised number: half-width, upper case, without blanks.

    `today` is the civil date in Asia/Shanghai. Raises `BadLength`, `BadForm`, `BadDate` or
    `BadCheckDigit`.
    """
    if len(number) > _LONGEST_INPUT:
        raise BadLength
    normal = normal_id_number(number)
    lengths, form = _FORMS[kind]
    if len(normal) not in lengths:
        raise BadLength
    if not form.fullmatch(normal):
        raise BadForm
    if len(normal) == _CITIZEN_LENGTH:
        born = _birth_date(normal)
        if born is None or not EARLIEST_BIRTH <= born <= today:
            raise BadDate
        if normal[17] != check_digit(normal[:17]):
            raise BadCheckDigit
    return normal


def normal_id_number(number: str) -> str:
    """Return a number as it is kept, whether or not it can be one."""
    return "".join(unicodedata.normalize("NFKC", number[:_LONGEST_INPUT]).split()).upper()


def check_digit(body: str) -> str:
    """Return the eighteenth character for the first seventeen (ISO 7064, MOD 11-2)."""
    weighted = sum(map(mul, map(int, body), _WEIGHTS))
    return _CHECK_DIGITS[weighted % 11]


def birth_date_of(number: str) -> date | None:
    """Return the date of birth in a number that has passed the check; None where it has none."""
    return _birth_date(number) if len(number) == _CITIZEN_LENGTH else None


def sex_of(number: str) -> Sex | None:
    """Return the sex in a number that has passed the check; None where it has none."""
    if len(number) != _CITIZEN_LENGTH:
        return None
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def mask_id_number(number: str) -> str:
    """Return what may be shown: `4306**********123X`, or `E******78` of a shorter number."""
    head, tail = (4, 4) if len(number) > 12 else (1, 2)
    hidden = max(len(number) - head - tail, 0)
    return number[:head] + "*" * hidden + number[-tail:] if hidden else "*" * len(number)


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
