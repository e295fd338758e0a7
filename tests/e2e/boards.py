"""A recruiter before a board of their own: Ron's, so that no crowd of these tests stands on another test's board."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from playwright.async_api import BrowserContext, Locator, Page, expect

from db.pool import Connection, connect
from tests.e2e.product import Api, Product

RON = "ron@demo.test"
WAIT_SECONDS = 30
MCQ: dict[str, Any] = {
    "type": "mcq",
    "question_text": "Which status says that nothing was found?",
    "time_limit": 600,
    "points": 10,
    "options": ["200", "301", "404"],
    "correct_answer": "404",
}
SHORT: dict[str, Any] = {
    "type": "short_answer",
    "question_text": "What does an index cost?",
    "time_limit": 600,
    "points": 20,
    "expected_keywords": ["writes", "space"],
}


async def ask(api: Api, method: str, path: str, body: Any = None) -> Any:
    """Call the API as Ron."""
    headers = {"Authorization": f"Bearer {await api.token(RON)}"}
    async with api.session.request(method, api.url + path, headers=headers, json=body) as response:
        reply = await response.json(content_type=None)
        assert response.status < 300, reply
        return reply


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview of Ron's."""

    api: Api
    id: UUID

    async def invite(self, name: str) -> str:
        """A new candidate's link."""
        reply = await ask(
            self.api,
            "POST",
            f"/api/recruiter/interviews/{self.id}/invitations",
            {"email": f"{uuid4().hex}@people.test", "name": name, "max_attempts": 3},
        )
        url: str = reply["url"]
        return url

    async def sessions(self) -> list[dict[str, Any]]:
        """Its sessions as the list has them."""
        path = f"/api/recruiter/sessions?interview_id={self.id}&limit=200"
        found: list[dict[str, Any]] = (await ask(self.api, "GET", path))["sessions"]
        return found

    async def until(self, true: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Wait until its sessions are so; a page that is read once must not come too early."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not true(await self.sessions()):
                await asyncio.sleep(0.1)

    async def act(self, session_id: str, act: str, **body: Any) -> None:
        """Do something to one of its sessions."""
        path = f"/api/recruiter/sessions/{session_id}/{act}"
        await ask(self.api, "POST", path, body or None)


async def interview(api: Api, *questions: dict[str, Any]) -> Interview:
    """Make an interview of Ron's."""
    wanted = {"title": f"Board {uuid4().hex[:6]}", "questions": list(questions or (MCQ, SHORT))}
    made = await ask(api, "POST", "/api/recruiter/interviews", wanted)
    return Interview(api, UUID(made["id"]))


async def board(context: BrowserContext, of: Interview, *, path: str = "/recruiter", more: str = "") -> Page:
    """Ron before the board, or another page, of one interview."""
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_role("button", name="Ron").click()
    await expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    await page.goto(f"{path}{'&' if '?' in path else '?'}interview={of.id}{more}")
    return page


def row(page: Page, name: str) -> Locator:
    """A session's row."""
    return page.get_by_role("table", name="Sessions").get_by_role("row").filter(has_text=name)


async def names(page: Page) -> list[str]:
    """Who stands on the board, from top to bottom."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll(".sessions tbody tr")]
            .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
            .map((row) => row.querySelector(".name").textContent)"""
    )
    return found


async def begin(context: BrowserContext, link: str) -> Page:
    """A candidate who opens their invitation and starts."""
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Start Interview").click()
    await expect(page.get_by_role("timer")).to_be_visible()
    return page


@asynccontextmanager
async def database(product: Product) -> AsyncIterator[Connection]:
    """The product's own database."""
    conn = await connect(product.report["database_url"], application_name="e2e")
    try:
        yield conn
    finally:
        await conn.close()
