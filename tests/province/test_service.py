"""What the simulator answers to bad input: a refusal, and it goes on."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.province_simulator.service import create_simulator
from app.province_simulator.store import Store

ADDRESS = "http://province/submissions/one"


@pytest.mark.parametrize(
    "signature", ["", "one", "one.two", "a.b.c.d", "..", "a.é.b", "a.bm8=.c", 7, None, ["a.b.c"]]
)
async def test_a_signature_that_is_none_is_malformed(tmp_path: Path, signature: Any) -> None:
    store = Store(tmp_path)
    transport = httpx2.ASGITransport(create_simulator(store, secret="x"))
    known = {"Authorization": "Bearer x"}
    async with httpx2.AsyncClient(transport=transport, headers=known) as http:
        body = {"manifest": {"city_id": "c", "number": 1}, "signature": signature}
        answer = await http.put(ADDRESS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
        # e30 is {}: well made, and of another manifest.
        other = await http.put(ADDRESS, json=body | {"signature": "a.e30.c"})
        assert (other.status_code, other.json()["code"]) == (409, "manifest_unsigned")
    store.close()
