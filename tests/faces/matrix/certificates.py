"""The rows of certificates."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _APPROVE = Permission.CERTIFICATE_READ, Permission.CERTIFICATE_APPROVE
_WHY = fixed(reason="登记有误")

ROWS: dict[str, Row | Listing | Open] = {
    "list_certificate_batches": Listing(("certificate_batch",), _READ),
    "get_certificate_batch": Row("certificate_batch", _READ, reads=True),
    "list_certificate_candidates": Row("certificate_batch", _READ),
    "draw_up_certificate_batch": Row(
        "unit", Permission.CERTIFICATE_WRITE, in_body=True, body=of_unit(),
        absent="no_rule_pack_in_force",
    ),
    "approve_certificate_batch": Row("certificate_batch", _APPROVE),
    "return_certificate_batch": Row("certificate_batch", _APPROVE, body=fixed(opinion="请核对")),
    "withdraw_certificate_batch": Row("certificate_batch", Permission.CERTIFICATE_WRITE),
    "list_certificates": Listing(("certificate",), _READ),
    "get_certificate": Row("certificate", _READ, reads=True),
    "get_certificate_document": Row("certificate", _READ, reads=True),
    "get_certificate_credential": Row("certificate", _READ, reads=True),
    "revoke_certificate": Row("certificate", _APPROVE, body=_WHY),
    "uphold_certificate": Row("certificate", _APPROVE, body=_WHY),
    "replace_certificate": Row("certificate", _APPROVE, body=_WHY),
}  # fmt: skip
