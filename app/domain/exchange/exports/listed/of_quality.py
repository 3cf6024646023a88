"""The lists of the wing quality that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed

LISTS: tuple[Listed, ...] = ()
