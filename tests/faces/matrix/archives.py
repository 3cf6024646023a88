"""The rows of archives: volumes, looks, destructions, releases, growth files from elsewhere."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Row

READ, WRITE = Permission.ARCHIVE_READ, Permission.ARCHIVE_WRITE
CHECK, TRUST = Permission.ARCHIVE_CHECK, Permission.ARCHIVE_TRUST
_KEY = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}

ROWS: dict[str, Row | Listing | Open] = {
    "list_archive_kinds": Open("What is filed, and for how long, is the same for everybody."),
    "list_archive_volumes": Listing(("archive_volume", "growth_volume"), READ),
    "get_archive_volume": Row("archive_volume", READ, reads=True),
    "list_archive_pieces": Row("archive_volume", READ, reads=True),
    "open_school_volume": Row("unit", WRITE, body=fixed(school_year=2026)),
    "open_growth_volume": Row("teacher", WRITE, body=fixed(school_year=2026)),
    "assemble_archive_volume": Row("archive_volume", WRITE),
    "check_archive_volume": Row(
        "archive_volume", CHECK, body=fixed(passed=True, opinion="齐全")
    ),
    "seal_archive_volume": Row("archive_volume", CHECK),
    "hold_archive_volume": Row("archive_volume", CHECK, body=fixed(reason="审计")),
    "list_archive_retrievals": Listing(("archive_retrieval",), READ),
    "create_archive_retrieval": Row("archive_volume", READ, body=fixed(reason="督导")),
    "get_archive_bundle": Row("archive_retrieval", READ, reads=True),
    "list_archive_destructions": Listing(("archive_destruction",), READ),
    "propose_archive_destruction": Row("archive_volume", WRITE, body=fixed(reason="期满")),
    "decide_archive_destruction": Row(
        "archive_destruction", CHECK, body=fixed(agreed=False, opinion="保留")
    ),
    "list_growth_releases": Listing(("growth_release",), READ),
    "get_growth_release": Row("growth_release", READ, reads=True),
    "give_growth_release": Open("Everybody decides of themselves; who is no teacher is refused."),
    "revoke_growth_release": Row("growth_release", Permission.RECORD_OWN),
    "hand_over_growth_file": Row("growth_release", WRITE),
    "list_growth_issuers": Listing(("growth_issuer",), READ),
    "trust_growth_issuer": Row(
        "unit", TRUST, body=fixed(did="did:web:example.cn", name="邻市", keys=[_KEY])
    ),
    "end_growth_issuer": Row("growth_issuer", TRUST),
    "list_arrived_growth_files": Listing(("arrived_growth_file",), READ),
    "get_arrived_growth_file": Row("arrived_growth_file", READ, reads=True),
    "list_arrived_pieces": Row("arrived_growth_file", READ),
    "take_in_growth_file": Row(
        "teacher", WRITE, absent="file_not_found", body=fixed(file_id=NOWHERE)
    ),
}  # fmt: skip
