"""One product for the run, one Chromium a test, one context a person."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.product import CHROMIUM_OPTIONS, READY_SECONDS, Api, Product, chromium

ARTEFACTS = Path(__file__).parents[2] / "artefacts"

NewPerson = Callable[[], Awaitable[BrowserContext]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product, with demo data."""
    place = Path(tempfile.mkdtemp(prefix="interlock-e2e-"))
    place.chmod(0o755)  # as root, PostgreSQL runs as somebody who has to get in
    running = Product.start(place)
    yield running
    running.stop()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
async def api(product: Product) -> AsyncIterator[Api]:
    """The product's API, once it is ready."""
    async with aiohttp.ClientSession() as session:
        until = time.monotonic() + READY_SECONDS
        while not await _ready(session, product.url):
            assert product.process.poll() is None, (product.place / "log").read_text()
            assert time.monotonic() < until, (product.place / "log").read_text()
            await asyncio.sleep(0.1)
        yield Api(product.url, session)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield opened
        await opened.close()


@pytest.fixture
async def person(browser: Browser, api: Api, request: pytest.FixtureRequest) -> AsyncIterator[NewPerson]:
    """Somebody with a browser of their own; what they saw last is kept as a picture."""
    contexts: list[BrowserContext] = []

    async def arrive() -> BrowserContext:
        context = await browser.new_context(viewport={"width": 1280, "height": 900}, base_url=api.url)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield arrive
    ARTEFACTS.mkdir(exist_ok=True)
    for number, context in enumerate(contexts):
        for tab, page in enumerate(context.pages):
            await _picture(page, ARTEFACTS / f"{request.node.name}-{number}-{tab}.png")


async def _picture(page: Page, path: Path) -> None:
    if not page.is_closed():
        await page.screenshot(path=path)


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/readyz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
