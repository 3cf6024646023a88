"""What two spellings of one text have in common. Pure.

Titles and words are compared, searched and told apart by it; what people typed stays as it is.
"""

from unicodedata import normalize


def plain_text(text: str) -> str:
    """A text without width, case, spaces and punctuation; nothing is left of one that has only these."""
    return "".join(each for each in normalize("NFKC", text).casefold() if each.isalnum())
