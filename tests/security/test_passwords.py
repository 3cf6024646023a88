import asyncio
import threading
from collections.abc import Iterator

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.security import passwords
from app.security.passwords import (
    LONGEST_PASSWORD,
    PasswordTooLong,
    TooManySignIns,
    check_secret,
    hash_password,
    hash_secret,
    new_password,
    new_secret,
    verify_password,
)


async def test_a_password_is_verified_against_its_hash_and_no_other() -> None:
    stored = await hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "horse" not in stored
    assert await verify_password("correct horse", stored) == (True, None)
    assert await verify_password("correct horsf", stored) == (False, None)
    assert await hash_password("correct horse") != stored


async def test_full_width_characters_are_the_same_password() -> None:
    stored = await hash_password("Abc123密码")
    assert await verify_password("Ａｂｃ１２３密码", stored) == (True, None)


async def test_a_hash_of_another_cost_is_renewed_when_the_password_is_right() -> None:
    cheap = Argon2Hasher(memory_cost=64, time_cost=1, parallelism=1).hash("secret")
    right, successor = await verify_password("secret", cheap)
    assert right
    assert successor is not None
    assert await verify_password("secret", successor) == (True, None)
    assert await verify_password("wrong", cheap) == (False, None)


@pytest.mark.parametrize("stored", ["", "!", "$argon2id$broken", "plain text", "$2b$12$abc"])
async def test_an_unreadable_hash_fits_no_password(stored: str) -> None:
    assert await verify_password("", stored) == (False, None)
    assert await verify_password(stored, stored) == (False, None)


async def test_an_unknown_account_costs_as_much_as_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[str] = []
    verify = passwords._verify

    def watched(password: str, stored: str) -> tuple[bool, str | None]:
        checked.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "_verify", watched)
    stored = await hash_password("secret")
    assert await verify_password("secret", None) == (False, None)
    assert await verify_password("secret", stored) == (True, None)
    nobody, somebody = ([*hash_.split("$")[1:4], len(hash_)] for hash_ in checked)
    assert nobody == somebody
    # The library does the work for this hash, and does not refuse it as unreadable.
    assert not passwords._hashing.current_hasher.check_needs_rehash(passwords._NOBODY)


async def test_a_password_that_is_too_long_is_never_hashed() -> None:
    longest = "a" * LONGEST_PASSWORD
    assert await verify_password(longest, await hash_password(longest)) == (True, None)
    with pytest.raises(PasswordTooLong):
        await hash_password(longest + "a")
    assert await verify_password("a" * 10_000_000, None) == (False, None)


async def test_a_lone_surrogate_is_a_wrong_password_and_no_error() -> None:
    assert await verify_password("\ud800", await hash_password("a")) == (False, None)


class Gate:
    """Hashing that waits until it is let through, so that a rush can be looked at."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Semaphore(0)
        self.inside = 0
        self.most_inside = 0
        self.lock = threading.Lock()

    def __call__(self, password: str, stored: str) -> tuple[bool, str | None]:
        with self.lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        self.entered.release()
        self.open.wait(timeout=10)
        with self.lock:
            self.inside -= 1
        return password == stored, None


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(passwords, "_verify", gate)
    yield gate
    gate.open.set()


async def sign_ins(number: int) -> list[asyncio.Task[tuple[bool, str | None]]]:
    tasks = [asyncio.create_task(verify_password("a", "a")) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def both_at_work(gate: Gate) -> None:
    for _ in range(2):
        assert await asyncio.to_thread(gate.entered.acquire, timeout=10)


async def test_beyond_two_at_work_and_fifty_waiting_people_are_asked_to_come_back(
    gate: Gate,
) -> None:
    tasks = await sign_ins(52)
    with pytest.raises(TooManySignIns) as refused:
        await verify_password("a", "a")
    assert refused.value.details == {"retry_after": 2}
    await both_at_work(gate)
    gate.open.set()
    assert await asyncio.gather(*tasks) == [(True, None)] * 52
    assert gate.most_inside == 2
    assert await asyncio.gather(*await sign_ins(52)) == [(True, None)] * 52


async def test_who_leaves_the_queue_makes_room(gate: Gate) -> None:
    tasks = await sign_ins(52)
    await both_at_work(gate)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    # The two at work go on computing for nobody, and hold their places until they end.
    later = await sign_ins(50)
    with pytest.raises(TooManySignIns):
        await verify_password("a", "a")
    gate.open.set()
    assert await asyncio.gather(*later) == [(True, None)] * 50


async def test_nobody_signs_in_to_an_account_without_a_password(gate: Gate) -> None:
    gate.open.set()
    assert await verify_password(passwords._NOBODY, passwords._NOBODY) == (True, None)
    assert await verify_password(passwords._NOBODY, None) == (False, None)


def test_passwords_may_be_checked_in_one_event_loop_after_another() -> None:
    async def rush() -> list[tuple[bool, str | None]]:
        return await asyncio.gather(*(verify_password("a", None) for _ in range(4)))

    for _ in range(2):
        assert asyncio.run(rush()) == [(False, None)] * 4


def test_a_new_password_is_readable_and_never_the_same() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert [len(group) for group in password.split("-")] == [5, 5, 5, 5]
        assert not set(password) & set("01ilo")


def test_a_secret_is_checked_by_its_hash() -> None:
    secret = new_secret()
    assert (len(secret), len(hash_secret(secret))) == (43, 32)
    assert secret != new_secret()
    assert check_secret(secret, hash_secret(secret))
    assert not check_secret(new_secret(), hash_secret(secret))
    assert not check_secret("", hash_secret(secret))
    assert not check_secret("\ud800", hash_secret(secret))
