"""Records (本人档案): what a person is shown of all that is kept about them, and of who was given it."""

from app.domain.exchange.records.export import LEFT_OUT, Section, sections, stream_record
from app.domain.exchange.records.provided import list_own_provisions

__all__ = ["LEFT_OUT", "Section", "list_own_provisions", "sections", "stream_record"]
