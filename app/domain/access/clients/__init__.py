"""Client applications (客户端应用): the register of what may ask here on its own or for a person.

An application signs in as its account of kind `client`: the account has its name, its secret, its
grants and its security version; the register says who answers for it and how far it may go. Its
scopes (权限范围) are a ceiling: what it does for a person is what both the person and the application
may do. To suspend it is the kill switch (停用): every token issued to it is refused within seconds.

In reading order: `application` (fields, table, door, reads), `register` (entering, changing,
stopping), `asking` (the application that asks for a token, before there is an actor).
"""

from app.domain.access.clients.application import (
    CLIENTS,
    FOR_PEOPLE,
    Client,
    ClientFields,
    ClientKind,
    ClientNotFound,
    ClientView,
    Flow,
    get_client,
    list_clients,
)
from app.domain.access.clients.asking import (
    SCOPES_OF_STANDARDS,
    ScopeNotRegistered,
    find_client,
    has_flow,
    is_public,
    may_ask,
    origins_of_clients,
    read_client,
    scopes_asked_for,
    secrets_of_client,
)
from app.domain.access.clients.register import (
    OVERLAP,
    ClientChanges,
    ClientIsPublic,
    NewClient,
    PublicClientAlone,
    RedirectMissing,
    ScopeNeverGiven,
    register_client,
    restore_client,
    rotate_client_secret,
    suspend_client,
    update_client,
)

__all__ = [
    "CLIENTS",
    "FOR_PEOPLE",
    "OVERLAP",
    "SCOPES_OF_STANDARDS",
    "Client",
    "ClientChanges",
    "ClientFields",
    "ClientIsPublic",
    "ClientKind",
    "ClientNotFound",
    "ClientView",
    "Flow",
    "NewClient",
    "PublicClientAlone",
    "RedirectMissing",
    "ScopeNeverGiven",
    "ScopeNotRegistered",
    "find_client",
    "get_client",
    "has_flow",
    "is_public",
    "list_clients",
    "may_ask",
    "origins_of_clients",
    "read_client",
    "register_client",
    "restore_client",
    "rotate_client_secret",
    "scopes_asked_for",
    "secrets_of_client",
    "suspend_client",
    "update_client",
]
