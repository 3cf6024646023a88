"""The unified social credit code (统一社会信用代码, GB 32100-2015): eighteen characters, the last a check."""

import unicodedata

from app.domain.errors import Invalid

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capital letters without I, O, S, V and Z."""
_LENGTH = 18


class CreditCodeWrong(Invalid):
    """It is no unified social credit code: a character is wrong, missing or too many."""

    code = "credit_code_wrong"
    zh = "统一社会信用代码不正确，请核对。"
    en = "This is no unified social credit code: compare it with the document."


def check_credit_code(given: str) -> str:
    """The code in half-width capitals, if its check character follows from the others.

    Each of the first seventeen is weighted with a power of three, modulo thirty-one.
    """
    normal = "".join(unicodedata.normalize("NFKC", given).split()).upper()
    if len(normal) != _LENGTH or not set(normal) <= set(_CHARACTERS):
        raise CreditCodeWrong
    weighted = sum(
        _CHARACTERS.index(each) * pow(3, place, 31) for place, each in enumerate(normal[:-1])
    )
    if normal[-1] != _CHARACTERS[-weighted % 31]:
        raise CreditCodeWrong
    return normal
