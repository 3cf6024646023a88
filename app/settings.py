"""The settings, from the environment; each has a default that suits a newcomer's machine."""

from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _network(text: str) -> str:
    network = ip_network(text)
    if network.prefixlen == 0:
        raise ValueError("every address is in it: name the proxies")
    return text


class Settings(BaseSettings):
    """What can be set. Names in the environment begin with `YANXUN_` unless written out here."""

    model_config = SettingsConfigDict(env_prefix="YANXUN_", extra="ignore")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """The application's role on any PostgreSQL 15 to 18; without it the embedded server is used."""

    database_owner_url: str | None = Field(default=None, validation_alias="DATABASE_OWNER_URL")
    """The owner's role, for migrations only."""

    database_direct_url: str | None = Field(default=None, validation_alias="DATABASE_DIRECT_URL")
    """The application's role past a pooler: for what needs a session of its own (hearing, the worker)."""

    database_pooler: Literal["none", "transaction"] = "none"
    """Whether `DATABASE_URL` leads to a pooler that lends a server for each transaction (PgBouncer)."""

    database_replica_urls: list[str] = Field(default=[], validation_alias="DATABASE_REPLICA_URLS")
    """The application's role on servers that follow the primary, from which may be read; a JSON list."""

    replica_behind: float = Field(default=5.0, ge=1)
    """Seconds by which a replica may be behind and still be read from."""

    postgres_binaries: Path | None = None
    """Binaries of PostgreSQL for the embedded server instead of those that come with Yanxun."""

    data_folder: Path = Path(".yanxun")
    """Where the embedded server and the keys lie."""

    log_archive: Path | None = None
    """Where the embedded server keeps its write-ahead log, so that any moment can be restored."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)

    public_url: str | None = None
    """The address by which clients know this deployment; the issuer of its tokens."""

    allowed_hosts: list[str] = ["*"]
    """Host names that requests may name; set it where the deployment faces the network."""

    trusted_proxies: list[Annotated[str, AfterValidator(_network)]] = []
    """Addresses or networks of proxies that are believed when they say from where a request comes.

    Never everybody: whoever may name any address as their own is bounded by no limit.
    """

    requests_per_second: float = Field(default=100.0, ge=0)
    """How fast one account, or one address without a token, may ask each process; 0: no limit."""

    requests_at_once: int = Field(default=1000, ge=1)
    """How many requests of one account or address may come together."""

    attempts_at_once: int = Field(default=200, ge=1)
    """How many people may try to sign in from one address together: a school has one for all."""

    attempts_per_minute: float = Field(default=60.0, gt=0)
    """How many more may try in each following minute."""

    live_streams: int = Field(default=2000, ge=0)
    """How many streams of what happens may be open in one process."""

    live_streams_each: int = Field(default=10, ge=1)
    """How many of them one account may have open."""

    live_pause: float = Field(default=0.5, ge=0)
    """Seconds between two reads of one register, and a tenth of those between two of an inbox."""

    message_channel: Literal["record", "none"] = "record"
    """By what people are told outside: written into a file instead of being sent, or not at all."""

    pool_size: int = Field(default=10, ge=1, le=200)
    pool_patience: float = Field(default=5.0, gt=0)
    """Seconds that a request waits for a connection before it is told to come back."""

    statement_timeout: float = Field(default=30.0, gt=0)
    """Seconds after which the database gives up on one statement."""

    worker: bool = True
    """Whether a server does background work as well; where `yanxun work` runs beside it, it need not."""

    log_format: Literal["plain", "json"] = "plain"
    """How what is logged is written: lines for people, or a JSON object in each line."""

    access_log: bool = False
    """Whether each request gets a line, which costs some 20 microseconds."""

    telemetry: bool = False
    """Whether FastAPI reports to OpenTelemetry; off, since even asking for a receiver costs time."""

    webhook_networks: list[Annotated[str, AfterValidator(_network)]] = []
    """Private addresses or networks at which applications may be told of changes all the same."""

    webhook_ports: list[Annotated[int, Field(ge=1, le=65535)]] = [443, 8443]
    """Ports at which they may be told."""

    webhook_plain: bool = False
    """Whether they may be told without https: for trying things out."""

    second_factor: Literal["optional", "administrators"] = "optional"
    """Of whom a second factor is demanded: of nobody, or of whoever may administer accounts."""

    loopback_providers: bool = False
    """Whether identity providers on this machine are asked without https: for trying things out."""

    signing_keys: SecretStr | None = None
    """The keys that sign tokens, instead of the file in the data folder."""

    ledger_keys: SecretStr | None = None
    """The keys that sign the heads of the ledger, instead of the file in the data folder."""

    personal_data_cipher: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    """With what a new key of personal data seals: the first one, and each that a rotation adds."""

    personal_data_keys: SecretStr | None = None
    """The keys that seal personal data, instead of the file in the data folder."""

    @property
    def demands_second_factor(self) -> bool:
        """Whether administrators do nothing here before they have enrolled a second factor."""
        return self.second_factor == "administrators"

    file_bucket: str | None = None
    """The bucket of an S3-compatible object store in which files lie; without it, the data folder."""

    file_endpoint: str | None = None
    """The address of that object store, where it is not Amazon's."""

    file_region: str = "us-east-1"
    file_access_key: SecretStr | None = None
    file_secret_key: SecretStr | None = None

    file_quota: int = Field(default=50_000_000_000, ge=0)
    """Bytes that the files of one school or one bureau may have together."""

    file_link_key: SecretStr | None = None
    """The key that signs links to files, instead of the file in the data folder."""

    credential_keys: SecretStr | None = None
    """The keys that sign credentials of certificates, instead of the file in the data folder."""

    sealer: Literal["none", "simulated"] = "none"
    """What seals certificates: nothing, or a simulation, which says that it is one."""

    province_url: str | None = None
    """The address of the provincial platform; without it nothing is handed over."""

    province_secret: SecretStr | None = None
    """By which this deployment proves to the platform who it is."""

    province_window: Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] | None = None
    """The hours in which the platform takes anything, as 22:00-06:00 (Asia/Shanghai)."""

    province_loopback: bool = False
    """Whether the platform may be on this machine, without https: the simulator."""

    @model_validator(mode="after")
    def _has_a_way_past_the_pooler(self) -> "Settings":
        if self.database_pooler != "none" and self.database_direct_url is None:
            raise ValueError("YANXUN_DATABASE_POOLER needs DATABASE_DIRECT_URL beside it")
        return self

    @property
    def session_url(self) -> str:
        """The address for what needs a session that is its own: never a pooler's."""
        return str(self.database_direct_url or self.database_url)

    @property
    def address(self) -> str:
        """The address that is printed: that by which clients know this deployment, or where it listens."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def issuer(self) -> str:
        """The issuer and audience of the tokens."""
        return self.public_url or "yanxun"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
