"""The rows of exchange."""

from app.domain.access.roles import Permission
from tests.faces.rule import Listing, Open, Row

ROWS: dict[str, Row | Listing | Open] = {
    "list_changes": Listing((), Permission.CHANGE_READ),
    "list_batches": Listing(("batch",), Permission.PROVINCE_EXCHANGE),
    "create_batch": Row(
        "unit", Permission.PROVINCE_EXCHANGE, in_body=True,
        body=lambda unit_id: {"city_id": str(unit_id)},
    ),
    "get_batch": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
    "get_batch_content": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
    "get_record": Open("One's own record; refused to who is no teacher."),
    "list_own_provisions": Listing((), Permission.RECORD_OWN),
}  # fmt: skip
