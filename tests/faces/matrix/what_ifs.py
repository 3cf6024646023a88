"""The rows of what-ifs: a city's is asked by whoever publishes its packs, who may refine them as well."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import of_unit
from tests.faces.rule import Listing, Open, Row

_DECIDES = Permission.PACK_REFINE

ROWS: dict[str, Row | Listing | Open] = {
    "list_what_ifs": Listing(("what_if",), _DECIDES),
    "request_what_if": Row(
        "unit", _DECIDES, in_body=True, body=of_unit(document={}), absent="no_rule_pack_in_force"
    ),
    "get_what_if": Row("what_if", _DECIDES, reads=True),
    "list_what_if_groups": Row("what_if", _DECIDES),
    "list_what_if_people": Row("what_if", _DECIDES),
    "cancel_what_if": Row("what_if", _DECIDES),
}
