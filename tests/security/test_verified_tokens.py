from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.security.tokens import (
    LEEWAY,
    ExpiredToken,
    InvalidToken,
    JoseKey,
    Keyring,
    VerifiedTokens,
)
from tests.security.forged_tokens import forged_tokens

NOW = 1_800_000_000
ISSUER = "https://yanxun.example"
AUDIENCE = "yanxun"
PRIVATE = ec.generate_private_key(ec.SECP256R1())


class Counting:
    """Verified tokens, with a clock to turn and a list of the subjects that were read."""

    def __init__(self, limit: int = 100) -> None:
        self.time = float(NOW)
        self.subjects: list[str] = []
        self.keyring = Keyring(
            [JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE, now=lambda: self.time
        )
        self.tokens = VerifiedTokens(self.keyring, self.subject_of, limit=limit)

    def subject_of(self, claims: dict[str, Any]) -> str:
        self.subjects.append(claims["sub"])
        return str(claims["sub"])


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_a_known_token_is_not_verified_again(counting: Counting) -> None:
    token = counting.keyring.sign({"sub": "a"})
    assert [counting.tokens.read(token) for _ in range(3)] == ["a"] * 3
    assert counting.subjects == ["a"]


def test_a_known_token_expires_at_its_time(counting: Counting) -> None:
    token = counting.keyring.sign({"sub": "a"})
    counting.tokens.read(token)
    counting.time += 600 + LEEWAY - 0.001
    assert counting.tokens.read(token) == "a"
    counting.time += 0.001
    with pytest.raises(ExpiredToken):
        counting.tokens.read(token)
    assert counting.subjects == ["a"]


def test_forgetting_a_subject_reads_its_tokens_anew_and_no_others(counting: Counting) -> None:
    first, second, other = (counting.keyring.sign({"sub": name}) for name in "aab")
    for token in (first, second, other):
        counting.tokens.read(token)
    counting.tokens.forget("a")
    for token in (first, second, other):
        counting.tokens.read(token)
    assert counting.subjects == ["a", "a", "b", "a", "a"]
    counting.tokens.forget_all()
    counting.tokens.read(other)
    assert counting.subjects[5:] == ["b"]


def test_the_cache_is_bounded_and_the_oldest_leaves() -> None:
    counting = Counting(limit=2)
    tokens = [counting.keyring.sign({"sub": name}) for name in "abc"]
    for token in tokens:
        counting.tokens.read(token)
    assert len(counting.tokens._known) == 2
    counting.tokens.read(tokens[2])
    counting.tokens.read(tokens[0])
    assert counting.subjects == ["a", "b", "c", "a"]


def test_a_refusal_of_the_reader_is_not_remembered() -> None:
    allowed = [False]

    def read(claims: dict[str, Any]) -> str:
        if not allowed[0]:
            raise InvalidToken
        return str(claims["sub"])

    keyring = Keyring([JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE)
    tokens = VerifiedTokens(keyring, read)
    token = keyring.sign({"sub": "a"})
    with pytest.raises(InvalidToken):
        tokens.read(token)
    allowed[0] = True
    assert tokens.read(token) == "a"


def test_a_forged_token_enters_no_cache(counting: Counting) -> None:
    good = counting.keyring.verify(counting.keyring.sign({"sub": "a"}))
    for token in forged_tokens(PRIVATE, good).values():
        with pytest.raises(InvalidToken):
            counting.tokens.read(token)
    assert not counting.tokens._known
    assert not counting.subjects


def test_a_token_that_has_expired_is_not_kept(counting: Counting) -> None:
    token = counting.keyring.sign({"sub": "a"})
    counting.tokens.read(token)
    counting.time += 600 + LEEWAY
    with pytest.raises(ExpiredToken):
        counting.tokens.read(token)
    assert not counting.tokens._known


def test_a_subject_is_forgotten_by_its_name_and_not_by_what_was_read(counting: Counting) -> None:
    read: list[str] = []
    tokens = VerifiedTokens(counting.keyring, lambda claims: read.append(claims["sub"]))
    token = counting.keyring.sign({"sub": "a"})
    tokens.read(token)
    tokens.forget("a")
    tokens.read(token)
    assert read == ["a", "a"]
