"""Signing in to the server that is fuzzed, as any client does."""

import httpx2


def bearer(address: str, name: str, secret: str) -> dict[str, str]:
    """The header by which an account asks."""
    form = {"grant_type": "password", "username": name, "password": secret}
    answer = httpx2.post(f"{address}/oauth/token", data=form, timeout=60).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
