"""What gradings are made with: kept once by its hash, and read by whoever grades."""

from typing import Any
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("gradings")


async def keep_recipe(conn: Connection, sha256: str, *, recipe: dict[str, Any]) -> None:
    """Keep a recipe under its hash, so that results which name it can be explained; the same again changes nothing."""
    await conn.execute(_Q["keep_recipe"], sha256, recipe)


async def recipe_of(conn: Connection, session_id: UUID, *, grading_version: int) -> dict[str, Any] | None:
    """The recipe that a session's grading goes by; None where each grader goes by its own settings."""
    recipe: dict[str, Any] | None = await conn.fetchval(_Q["recipe_of"], session_id, grading_version)
    return recipe
