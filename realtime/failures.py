"""What is known to go wrong with a command: one line on stderr and exit code 1, in place of a traceback."""


class CommandFailed(Exception):
    """The command could not do what was asked; the text is for a person."""


def is_known(error: Exception) -> bool:
    """Say whether this is no defect of ours; imports much, and so is asked only once something was raised."""
    import asyncpg
    from redis.exceptions import RedisError

    from db.embedded import EmbeddedError
    from db.migrate import MigrationError
    from realtime.contracts.files import FaultyFile
    from realtime.domain.errors import Refusal
    from realtime.settings import SettingsError
    from realtime.up import UpFailed

    ours = (
        CommandFailed,
        EmbeddedError,
        FaultyFile,
        MigrationError,
        Refusal,
        SettingsError,
        UpFailed,
    )
    lost = (asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, RedisError, OSError)
    return isinstance(error, (*ours, *lost))


def reason(error: BaseException) -> str:
    """Say what an error says, or its type where it says nothing."""
    return str(error).strip() or type(error).__name__
