"""Clients who enter credit without pause and insist on an answer; and whether just that is in the ledger."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from prove.asking import Answer, Insistent
from prove.ground import Found, Ground
from prove.town import transfer

WRITERS = 8
MOST_WRONG = 50
"""After so many answers that nobody should get, nothing more is learned."""
PEOPLE = 40
"""Of so many teachers the ledger grows."""


class Writers:
    """Some clients of one server; the documents that they enter are numbered after the proof."""

    def __init__(self, ground: Ground, name: str, port: int, *, patience: float = 300) -> None:
        self.name, self.port, self._ground, self._patience = name, port, ground, patience
        self._headers = ground.town.token(ground.town.city.city_admin)
        self.acknowledged: dict[str, str] = {}
        """The number of each document that was answered with 201, and the key that was answered."""
        self.wrong: list[Answer] = []
        """Answers that nobody should have got."""
        self.lost = 0
        """Requests that nobody answered, and that were sent again."""
        self.put_off: list[Answer] = []
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def _write(self, writer: int) -> None:
        client, number = Insistent(lambda: self.port, patience=self._patience), 0
        try:
            while not self._stopping:
                number += 1
                teacher = self._ground.town.crowd[(writer + number * WRITERS) % PEOPLE]
                document = f"{self.name}-{writer}-{number}-{self._ground.seed}"
                answer = await client.ask(transfer(teacher["id"], document, self._headers))
                if answer.status == 201:
                    self.acknowledged[document] = answer.content["id"]
                else:
                    self.wrong.append(answer)
                    if len(self.wrong) > MOST_WRONG:
                        raise RuntimeError(f"answered with {answer.status}: {answer.body!r}")
        finally:
            self.lost += client.lost
            self.put_off += client.put_off
            client.close()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """They write meanwhile; at the end each gets the answer to its last request."""
        self._stopping = False
        self._tasks = [asyncio.create_task(self._write(number)) for number in range(WRITERS)]
        try:
            yield
        finally:
            self._stopping = True
            await asyncio.gather(*self._tasks)

    async def write_on(self, more: int = 1) -> None:
        """Wait until so many more documents are acknowledged."""
        enough = len(self.acknowledged) + more
        while len(self.acknowledged) < enough:
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)

    def figures(self) -> dict[str, float | int | str]:
        """What they have seen."""
        return {
            "acknowledged": len(self.acknowledged),
            "answers lost": self.lost,
            "told to come back": len(self.put_off),
        }


def check_ledger(ground: Ground, found: Found, writers: Writers) -> None:
    """Each document that was acknowledged has its transfer and its entry, once, and no other has.

    Whoever was not answered so was told to come back, by a problem document that says when.
    """
    for answer in writers.wrong[:3]:
        found.wrong.append(f"answered with {answer.status}: {answer.body[:200]!r}")
    for answer in writers.put_off:
        told = answer.status == 409 or "retry-after" in answer.headers
        problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        if not (told and problem):
            found.wrong.append(f"put off with {answer.status}, {answer.headers}")
    check_documents(ground, found, f"{writers.name}-%-{ground.seed}", writers.acknowledged)


def check_documents(ground: Ground, found: Found, numbers: str, said: dict[str, str]) -> None:
    """These documents are in the ledger, once, and no other of such a number."""
    rows = ground.town.rows(
        "SELECT document_number, id::text FROM credit_transfer WHERE document_number LIKE $1",
        numbers,
    )
    there = {row[0]: row[1] for row in rows}
    found.expect_equal("documents registered", len(rows), len(said))
    lost, others = sorted(said.keys() - there.keys()), sorted(there.keys() - said.keys())
    found.expect(there == said, f"lost: {lost[:3]}, never acknowledged: {others[:3]}")
    entered = ground.town.rows(
        "SELECT split_part(reason, ' ', 2), count(*) FROM credit_entry"
        " WHERE reason LIKE '外市教育局 ' || $1 GROUP BY 1",
        f"{numbers} 转入%",
    )
    found.expect({row[0] for row in entered} == set(said), "what is entered is not what was said")
    found.expect_equal("entries of a document", {row[1] for row in entered} - {1}, set())


def verify(ground: Ground, found: Found) -> None:
    """Rebuild the ledger, the books and the audit trail with the command that operators use."""
    status, said = ground.house.yanxun("verify", "all")
    found.expect(status == 0, f"yanxun verify: {said[-500:]}")
    standing = ground.town.value("SELECT coalesce(sum(earned_credits), 0) FROM standing")
    entered = ground.town.value("SELECT coalesce(sum(credits), 0) FROM credit_entry")
    found.expect_equal("credits in standings", Decimal(standing), Decimal(entered))
