"""By what an output is known again beside its title: its DOI, its ISBN. Pure, without a database."""

from re import fullmatch
from unicodedata import normalize

from app.domain.errors import Invalid


class DoiWrong(Invalid):
    """A DOI begins with 10., the number of its registrant and a slash (ISO 26324)."""

    code = "doi_wrong"
    zh = "DOI 格式不正确，应如 10.1000/abc123。"
    en = "This is no DOI, which looks like 10.1000/abc123."


class BookNumberWrong(Invalid):
    """The last digit of an ISBN follows from the others (ISO 2108)."""

    code = "isbn_wrong"
    zh = "ISBN 校验位不正确。"
    en = "The last digit of this ISBN does not follow from the others."


def doi_of(written: str) -> str:
    """A DOI as it is compared: without the address before it, in lower case."""
    doi = written.strip().lower().removeprefix("https://doi.org/").removeprefix("doi:").strip()
    if not fullmatch(r"10\.\d{4,9}/\S{1,180}", doi):
        raise DoiWrong
    return doi


def book_number(written: str) -> str:
    """An ISBN as it is compared: its thirteen digits; one of ten digits is brought to these."""
    digits = "".join(c for c in normalize("NFKC", written).upper() if c not in " -‐–—")
    if fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if c == "X" else int(c) for c in digits]
        if sum((10 - at) * value for at, value in enumerate(values)) % 11:
            raise BookNumberWrong
        first = f"978{digits[:9]}"
        return first + str(-_weighed(first) % 10)
    if not fullmatch(r"97[89]\d{10}", digits) or _weighed(digits) % 10:
        raise BookNumberWrong
    return digits


def _weighed(digits: str) -> int:
    return sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(digits))
