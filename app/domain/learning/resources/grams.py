"""By what a resource is found: the characters of its title, one by one and two by two. Pure.

Chinese has no spaces between words, and a search types parts of them. A title is kept as all its single
characters and all pairs of neighbours, of which an index over arrays finds those that have every pair of
what is typed; one character is found as well as four, in every collation and without an extension of the
database. That the pairs stand side by side is seen by looking at the few that are left.
"""

from app.domain.errors import Invalid
from app.domain.plain_text import plain_text


class ResourceSearchEmpty(Invalid):
    """A search has at least one character in it."""

    code = "resource_search_empty"
    zh = "请输入至少一个汉字、字母或数字。"
    en = "Type at least one character, letter or digit."


def grams_of(*texts: str) -> list[str]:
    """The characters and the pairs of neighbours in these texts, each once."""
    found: dict[str, None] = {}
    for text in texts:
        plain = plain_text(text)
        found |= dict.fromkeys(plain)
        found |= dict.fromkeys(plain[at : at + 2] for at in range(len(plain) - 1))
    return list(found)


def grams_typed(text: str) -> list[str]:
    """What a resource must have in it in order to be found: the pairs, or the one character."""
    plain = plain_text(text)
    if not plain:
        raise ResourceSearchEmpty
    pairs = dict.fromkeys(plain[at : at + 2] for at in range(len(plain) - 1))
    return list(pairs) or [plain]
