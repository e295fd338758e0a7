"""Every setting of Interlock, read from the environment and `.env`; nothing else reads the environment."""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import (
    AliasChoices,
    Field,
    IPvAnyNetwork,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PREFIX = "INTERLOCK_"
_SECRET_BYTES = 32
_TOLD = TypeAdapter(dict[str, str])

Seconds = Annotated[float, Field(gt=0)]
Grace = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one line that names it and says what to do."""


class Settings(BaseSettings):
    """The settings of one process. Names, defaults and meanings are those of the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: str = ""
    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None

    jwt_secret: SecretStr | None = None
    jwks_url: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()

    tick_seconds: Seconds = 1.0
    grace_seconds: Grace = 2.0
    early_grace_seconds: Grace = 5.0
    lock_seconds: Seconds = 15.0
    pause_max_seconds: Seconds = 86_400.0
    feed_retention_days: Seconds = 30.0

    webhook_private_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()

    demo: bool = False

    openai_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("OPENAI_API_KEY"))
    openai_base_url: str | None = Field(default=None, validation_alias=AliasChoices("OPENAI_BASE_URL"))
    model_short_answer: str = "gpt-4o-mini"
    model_code: str = "gpt-4o"
    model_summary: str = "gpt-4o"
    ai_timeout_seconds: Seconds = 30.0
    ai_max_attempts: Count = 5
    ai_concurrency: Count = 16

    log_format: Literal["console", "json"] | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("trusted_proxies", "webhook_private_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _ignore_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("jwt_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < _SECRET_BYTES:
            raise ValueError(
                f"must have at least {_SECRET_BYTES} bytes; `openssl rand -hex 32` makes a good one"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_scheme(value, "postgresql://", "postgres://")

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_scheme(value, "redis://", "rediss://", "unix://")

    @field_validator("public_url", "jwks_url", "openai_base_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else value

    @property
    def base_url(self) -> str:
        """The base of every link that is handed out, without a slash at its end."""
        return self.public_url or f"http://{url_host(self.host)}:{self.port}"

    @property
    def required_database_url(self) -> str:
        """The database's address; raises `SettingsError` where none is set."""
        return _required(
            self.database_url, "INTERLOCK_DATABASE_URL", "postgresql://user:password@host/database"
        )

    @property
    def required_redis_url(self) -> str:
        """Redis' address; raises `SettingsError` where none is set."""
        return _required(self.redis_url, "INTERLOCK_REDIS_URL", "redis://host:6379/0")

    @property
    def required_jwt_secret(self) -> str:
        """The signing secret; raises `SettingsError` where none is set."""
        return _required(self.jwt_secret, "INTERLOCK_JWT_SECRET", "what `openssl rand -hex 32` prints")

    def require_tokens(self) -> None:
        """Raise `SettingsError` unless tokens can be checked, by our own secret or an identity provider's keys."""
        if self.jwt_secret is None and self.jwks_url is None:
            raise SettingsError(
                "set INTERLOCK_JWT_SECRET (`openssl rand -hex 32` makes one)"
                " or INTERLOCK_JWKS_URL: without either no token can be checked"
            )


def read_settings(*, env_file: Path | None = Path(".env"), **changes: Any) -> Settings:
    """Read the settings, with `changes` over them; raises `SettingsError` with one line."""
    try:
        return Settings(_env_file=env_file, **changes)
    except ValidationError as error:
        raise SettingsError(
            "; ".join(_fault(fault["loc"], fault["msg"]) for fault in error.errors())
        ) from None


def tell(changes: dict[str, str]) -> bytes:
    """Write settings for a child that waits for them with `wait_to_be_told`."""
    return orjson.dumps(changes)


def wait_to_be_told() -> None:
    """Wait for settings on standard input, from the process that started this one, and put them over our own."""
    told = sys.stdin.buffer.read()
    if not told:
        raise SystemExit(1)  # it has ended without a word
    os.environ.update(_TOLD.validate_json(told))


def url_host(host: str) -> str:
    """Write `host` as it stands in a URL: brackets around IPv6, and this machine for "every address"."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1"
    return f"[{host}]" if address.version == 6 else host


def _with_scheme(value: SecretStr | None, *schemes: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(schemes):
        raise ValueError(f"must start with {' or '.join(schemes)}")
    return value


def _required(value: SecretStr | None, name: str, example: str) -> str:
    if value is None:
        raise SettingsError(f"set {name}, for example to {example}")
    return value.get_secret_value()


def _fault(where: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not where:
        return message
    name = str(where[0])
    return f"{name if name.isupper() else _PREFIX + name.upper()}: {message[0].lower()}{message[1:]}"
