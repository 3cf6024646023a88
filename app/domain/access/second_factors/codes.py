"""One-time codes (动态验证码), pure: what an authenticator shows at a moment (RFC 4226, RFC 6238).

SHA-1, six digits, thirty seconds: what every authenticator knows. The construction of HMAC does not
rest on what is broken of SHA-1.
"""

import hmac
import unicodedata
from base64 import b32decode
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

PERIOD: Final = 30
"""Seconds for which a code is shown."""
DIGITS: Final = 6


def step_of(moment: datetime) -> int:
    """The number of the period in which a moment lies."""
    return int(moment.timestamp()) // PERIOD


def code_at(secret: str, step: int) -> str:
    """The code of a secret (in base32) in the period of this number."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, given: str, *, now: datetime, after: int) -> int | None:
    """The period whose code was given: the present one or a neighbour, and later than `after`.

    A clock may be half a minute off. None where the code is of none of them, or of one that was
    used already.
    """
    if not is_one_time(given):
        return None
    present, found = step_of(now), None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(code_at(secret, step), given) and step > after:
            found = step
    return found


def is_one_time(given: str) -> bool:
    """Whether a plain code can be one of an authenticator; any other is a recovery code."""
    return len(given) == DIGITS and given.isascii() and given.isdigit()


def plain_code(typed: str) -> str:
    """A code as it was shown, however it was typed: full-width, in groups, in capitals."""
    text = unicodedata.normalize("NFKC", typed).lower()
    return "".join(each for each in text if each.isalnum())


def setup_address(secret: str, *, name: str, issuer: str) -> str:
    """What an authenticator reads from a QR code: the secret, and whose it is (`otpauth:`)."""
    told = {"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS,
            "period": PERIOD}  # fmt: skip
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{urlencode(told, quote_via=quote)}"
