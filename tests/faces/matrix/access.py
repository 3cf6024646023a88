"""The rows of access."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row


def _account(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "new.account", "display_name": "新账号", "role": "school_admin",
        "subject_id": str(unit_id),
    }  # fmt: skip


def _client(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "new.app", "display_name": "新应用", "organisation": "示例公司", "purpose": "测试",
        "valid_to": "2099-01-01", "scopes": ["unit:read"], "flows": ["device_code"],
        "unit_id": str(unit_id),
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "get_profile": Open("One's own profile."),
    "change_password": Open("One's own password."),
    "enrol_second_factor": Open("One's own second factor."),
    "confirm_second_factor": Open("One's own second factor."),
    "remove_second_factor": Open("One's own second factor."),
    "begin_identity_link": Open("One's own identity, at a provider that everybody may use."),
    "unlink_own_identity": Open("One's own identities; another's is none of them."),
    "list_sign_ins": Open("One's own sign-ins."),
    "end_sign_in": Open("One's own sign-ins; another's is none of them."),
    "list_delegations": Open("Those that one has given or received."),
    "revoke_delegation": Open("Those that one has given or received; another's is none of them."),
    "act_on_behalf": Open("Those that one has received; another's is none of them."),
    "list_consents": Open("One's own consents."),
    "revoke_consent": Open("One's own consents; another's is none of them."),
    "list_accounts": Listing(("account",), Permission.ACCOUNT_READ),
    "create_account": Row(
        "unit", Permission.ACCOUNT_WRITE, body=_account, in_body=True, by_place=True
    ),
    "get_account": Row("account", Permission.ACCOUNT_READ, reads=True),
    "suspend_account": Row("account", Permission.ACCOUNT_WRITE),
    "restore_account": Row("account", Permission.ACCOUNT_WRITE),
    "reset_password": Row("account", Permission.ACCOUNT_WRITE),
    "reset_second_factor": Row("account", Permission.ACCOUNT_WRITE),
    "list_identities": Row("account", Permission.ACCOUNT_READ, reads=True),
    "link_identity": Row(
        "account", Permission.ACCOUNT_WRITE, absent="identity_provider_not_found",
        body=fixed(provider_id=NOWHERE, subject="somebody"),
    ),
    "unlink_identity": Row("identity", Permission.ACCOUNT_WRITE),
    "create_delegation": Row(
        "unit", Permission.GROUP_WRITE, in_body=True, by_place=True, absent="account_not_found",
        body=lambda unit_id: {
            "subject_id": str(unit_id), "delegate_id": NOWHERE, "permissions": ["group:write"],
            "reason": "外出学习", "valid_to": "2099-01-01",
        },
    ),
    "list_grants": Row("account", Permission.ACCOUNT_READ, reads=True),
    "grant_role": Row(
        "account", Permission.ACCOUNT_WRITE, also="unit",
        body=lambda unit_id: {"role": "school_admin", "subject_id": str(unit_id)},
    ),
    "revoke_grant": Row("grant", Permission.ACCOUNT_WRITE),
    "end_account_sign_ins": Row("account", Permission.ACCOUNT_WRITE),
    "list_clients": Listing(("client",), Permission.CLIENT_READ),
    "register_client": Row(
        "unit", Permission.CLIENT_WRITE, body=_client, in_body=True, by_place=True
    ),
    "get_client": Row("client", Permission.CLIENT_READ, reads=True),
    "update_client": Row("client", Permission.CLIENT_WRITE, body=fixed(purpose="另一用途")),
    "rotate_client_secret": Row("client", Permission.CLIENT_WRITE),
    "suspend_client": Row("client", Permission.CLIENT_WRITE),
    "restore_client": Row("client", Permission.CLIENT_WRITE),
    "list_identity_providers": Listing(
        ("identity_provider",), Permission.IDENTITY_PROVIDER_READ
    ),
    "register_identity_provider": Row(
        "unit", Permission.IDENTITY_PROVIDER_WRITE, in_body=True, by_place=True,
        body=of_unit(name="市平台", client_id="yanxun", issuer="https://login.example"),
    ),
    "get_identity_provider": Row(
        "identity_provider", Permission.IDENTITY_PROVIDER_READ, reads=True
    ),
    "update_identity_provider": Row(
        "identity_provider", Permission.IDENTITY_PROVIDER_WRITE, body=fixed(name="另一平台")
    ),
    "list_acts": Listing(("act",), Permission.AUDIT_READ),
    "get_act": Row("act", Permission.AUDIT_READ, reads=True),
    "get_audit_head": Open("Where the chain ends tells nothing, and the more know it the better."),
}  # fmt: skip
