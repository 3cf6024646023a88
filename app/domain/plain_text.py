"""What two spellings of one text have in common. Pure.

Titles and words are compared, searched and told apart by it; what people typed stays as it is.
"""

from unicodedata import normalize

from app.domain.errors import Invalid


class TitleTooLongInPlain(Invalid):
    """Some characters stand for several (㍿, ㎏): written out, the title is longer than one may be."""

    code = "title_too_long_in_plain"
    zh = "标题中的合体字符展开后超过 {most} 个字，请缩短或改用普通文字。"
    en = "Written out in plain characters the title is longer than {most}: shorten it."


def plain_text(text: str) -> str:
    """A text without width, case, spaces and punctuation; nothing is left of one that has only these."""
    return "".join(each for each in normalize("NFKC", text).casefold() if each.isalnum())


def plain_title(title: str, *, most: int) -> str:
    """The same of a title that is kept, refused where it is too long to be."""
    plain = plain_text(title)
    if len(plain) > most:
        raise TitleTooLongInPlain(most=most)
    return plain
