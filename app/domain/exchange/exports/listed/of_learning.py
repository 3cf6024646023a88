"""The lists of the wing learning that can be exported."""

from typing import Final

from app.domain.exchange.exports.listed.listing import Listed

LISTS: Final[tuple[Listed, ...]] = ()
