"""Settings: the contract's defaults, and one clear line for each fault."""

from pathlib import Path

import pytest

from realtime.settings import Settings, SettingsError, read_settings, url_host


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"INTERLOCK_{name.upper()}", raising=False)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_are_those_of_the_contract() -> None:
    settings = read_settings()
    assert settings.base_url == "http://127.0.0.1:8080"
    assert (settings.tick_seconds, settings.grace_seconds, settings.early_grace_seconds) == (1, 2, 5)
    assert (settings.lock_seconds, settings.pause_max_seconds, settings.feed_retention_days) == (
        15,
        86_400,
        30,
    )
    assert (settings.ai_timeout_seconds, settings.ai_max_attempts, settings.ai_concurrency) == (30, 5, 16)
    assert (settings.model_short_answer, settings.model_code, settings.model_summary) == (
        "gpt-4o-mini",
        "gpt-4o",
        "gpt-4o",
    )
    assert not settings.demo
    assert settings.database_url is None


def test_dotenv_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("INTERLOCK_PORT=9001\nINTERLOCK_HOST=0.0.0.0\nOPENAI_API_KEY=k\nOTHER=x\n")
    monkeypatch.setenv("INTERLOCK_PORT", "9002")
    settings = read_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "k"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("INTERLOCK_JWT_SECRET", "x" * 31, "INTERLOCK_JWT_SECRET: must have at least 32 bytes"),
        ("INTERLOCK_PORT", "eighty", "INTERLOCK_PORT: input should be a valid integer"),
        ("INTERLOCK_PORT", "65536", "INTERLOCK_PORT: input should be less than or equal to 65535"),
        ("INTERLOCK_LOG_FORMAT", "xml", "INTERLOCK_LOG_FORMAT: input should be 'console' or 'json'"),
        ("INTERLOCK_TICK_SECONDS", "0", "INTERLOCK_TICK_SECONDS: input should be greater than 0"),
        (
            "INTERLOCK_DATABASE_URL",
            "mysql://u:hunter2@h/d",
            "INTERLOCK_DATABASE_URL: must start with postgresql://",
        ),
        ("INTERLOCK_REDIS_URL", "h:6379", "INTERLOCK_REDIS_URL: must start with redis://"),
        ("OPENAI_BASE_URL", "localhost:1", "OPENAI_BASE_URL: must start with http:// or https://"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value).startswith(line)
    assert "\n" not in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("secret", ["x" * 32, "ü" * 16])
def test_a_secret_counts_in_bytes(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("INTERLOCK_JWT_SECRET", secret)
    assert read_settings().required_jwt_secret == secret


def test_what_is_missing_is_named_when_it_is_needed() -> None:
    settings = read_settings()
    with pytest.raises(SettingsError, match="set INTERLOCK_DATABASE_URL"):
        _ = settings.required_database_url
    with pytest.raises(SettingsError, match="set INTERLOCK_REDIS_URL"):
        _ = settings.required_redis_url
    with pytest.raises(SettingsError, match=r"INTERLOCK_JWT_SECRET .* or INTERLOCK_JWKS_URL"):
        settings.require_tokens()


def test_jwks_alone_is_enough_for_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_JWKS_URL", "https://id.test/keys")
    read_settings().require_tokens()


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_PORT", "")
    monkeypatch.setenv("INTERLOCK_JWT_SECRET", "")
    assert read_settings().port == 8080
    assert read_settings().jwt_secret is None


def test_origins_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_ALLOWED_ORIGINS", "https://a.test, http://b.test:3000/ ,")
    assert read_settings().allowed_origins == ("https://a.test", "http://b.test:3000")


def test_trusted_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")
    assert [str(network) for network in read_settings().trusted_proxies] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "::1/128",
    ]
    monkeypatch.setenv("INTERLOCK_TRUSTED_PROXIES", "nginx")
    with pytest.raises(SettingsError, match="INTERLOCK_TRUSTED_PROXIES"):
        read_settings()


def test_secrets_do_not_show_in_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_JWT_SECRET", "s" * 40)
    monkeypatch.setenv("INTERLOCK_DATABASE_URL", "postgresql://u:hunter2@h/d")
    assert "ssss" not in repr(read_settings())
    assert "hunter2" not in repr(read_settings())


@pytest.mark.parametrize(
    ("host", "written"),
    [("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("a.test", "a.test")],
)
def test_hosts_in_links(host: str, written: str) -> None:
    assert url_host(host) == written
