"""`yanxun packs what-if`: against the application itself."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.remote import NoCredentials, ServerRefused
from app.cli.trying import NoUnitOfOnesOwn, try_out
from tests.jobs.test_jobs import at, city
from tests.make import City
from tests.make_what_ifs import asking_for
from tests.streams import Serving

__all__ = ["at", "city"]


async def test_a_draft_is_tried_out(
    at: Serving,
    city: City,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(asking_for("999.00")))
    url = f"http://{at.address}"
    monkeypatch.delenv("YANXUN_TOKEN", raising=False)
    with pytest.raises(NoCredentials):
        try_out(file, None, None, url, as_json=True)
    monkeypatch.setenv("YANXUN_TOKEN", at.token(city.city_admin.actor))
    await asyncio.to_thread(try_out, file, None, None, url, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["done"], told["unit_id"]) == ("done", 5, str(city.city["id"]))
    assert told["groups"]["all"][0]["fell"] == 2
    assert {each["name"] for each in told["groups"]["school"]} > {city.school["name"]}
    await asyncio.to_thread(try_out, file, None, None, url, as_json=False)
    assert city.county["name"] in capsys.readouterr().out

    nobody = replace(city.city_admin.actor, grants=())
    monkeypatch.setenv("YANXUN_TOKEN", at.token(nobody))
    with pytest.raises(NoUnitOfOnesOwn):
        await asyncio.to_thread(try_out, file, None, None, url, as_json=True)
    monkeypatch.setenv("YANXUN_TOKEN", at.token(city.city_admin.actor))
    file.write_text(json.dumps(asking_for("999.00") | {"unit": "minutes"}))
    with pytest.raises(ServerRefused) as refused:
        await asyncio.to_thread(try_out, file, None, None, url, as_json=True)
    assert refused.value.details["refusal"] == "pack_refused"
    file.write_text("no JSON")
    with pytest.raises(SystemExit) as unreadable:
        try_out(file, None, None, url, as_json=True)
    assert unreadable.value.code == 2
