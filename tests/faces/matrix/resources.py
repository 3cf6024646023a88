"""The rows of resources, equipment and neighbour systems."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _WRITE = Permission.RESOURCE_READ, Permission.RESOURCE_WRITE
_LINK = {"link": "https://ziyuan.example.edu.cn/2"}
_SYSTEM = {
    "name": "教育专网", "kind": "education_network", "operated_by": "省教育厅",
    "link": "https://zhuanwang.example.edu.cn",
}  # fmt: skip

ROWS: dict[str, Row | Listing | Open] = {
    "list_resources": Listing(("resource", "asked_resource"), _READ),
    "list_shared_resources": Listing(
        ("resource", "asked_resource"), _READ, published=True
    ),
    "search_resources": Open(
        "What it finds lies within or is shared; tests/domain/learning/test_resources.py asks."
    ),
    "create_resource": Row(
        "unit", _WRITE, in_body=True,
        body=of_unit(title="教案", kind="book", licence="teaching", shelf="一排"),
    ),
    "get_resource": Row("resource", _READ, reads=True),
    "update_resource": Row("resource", _WRITE, body=fixed(title="改名")),
    "list_resource_versions": Row("resource", _READ, reads=True),
    "add_resource_version": Row("resource", _WRITE, body=fixed(**_LINK)),
    "use_resource": Row("resource", _READ, reads=True),
    "ask_resource_sharing": Row("resource", _WRITE, body=fixed(sharing="city")),
    "decide_resource_sharing": Open(
        "Where it is to go decides; tests/domain/learning/test_resources.py asks who may."
    ),
    "retire_resource": Row("resource", _WRITE),
    "list_resource_links": Open(
        "By place or by sharing, as asked; tests/domain/learning/test_resource_links.py asks."
    ),
    "link_resource": Open(
        "What uses it decides; tests/domain/learning/test_resource_links.py asks who may."
    ),
    "unlink_resource": Open("The same; tests/domain/learning/test_resource_links.py asks."),
    "list_equipment": Listing(("equipment",), Permission.UNIT_READ),
    "record_equipment": Row(
        "unit", Permission.STATISTIC_WRITE,
        body=fixed(kind="media_room", number=1, counted_on="2026-09-01"),
    ),
    "list_equipment_totals": Row("unit", Permission.UNIT_READ, reads=True),
    "list_neighbour_systems": Listing(
        ("neighbour_system",), Permission.UNIT_READ, published=True
    ),
    "register_neighbour_system": Row(
        "unit", Permission.STATISTIC_WRITE, body=of_unit(**_SYSTEM), in_body=True
    ),
    "get_neighbour_system": Row("neighbour_system", Permission.UNIT_READ, reads=True),
    "list_system_identifiers": Listing(("system_identifier",), Permission.UNIT_READ),
    "record_system_identifier": Open(
        "It names a system that must be known there; tests/domain/learning/test_neighbour_systems.py."
    ),
}  # fmt: skip
