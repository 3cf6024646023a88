"""The first secret of a new account, made here because the domain neither hashes nor draws lots."""

from base64 import b64encode
from secrets import token_bytes

from app.domain.access.accounts import AccountKind
from app.security import passwords


async def new_secret_for(kind: AccountKind) -> tuple[str, bytes]:
    """A random password for a person or a secret for a client, and what is stored of it."""
    if kind is AccountKind.CLIENT:
        return new_client_secret()
    password = passwords.new_password()
    return password, (await passwords.hash_password(password)).encode()


def new_client_secret() -> tuple[str, bytes]:
    """A random secret for an application, and what is stored of it."""
    secret = passwords.new_secret()
    return secret, passwords.hash_secret(secret)


def new_webhook_secret() -> str:
    """A random secret that signs what an application is told, as Standard Webhooks write it."""
    return f"whsec_{b64encode(token_bytes(32)).decode()}"
