"""One product at a time, one Chromium a test, one context a person."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.e2e.product import CHROMIUM_OPTIONS, READY_SECONDS, Api, Product, chromium
from tests.e2e.sides import Sides
from tests.ports import free_ports
from tests.proxy import nginx

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
# Several browsers and products share two cores: how fast a page is, is measured elsewhere.
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)

NewPerson = Callable[[], Awaitable[BrowserContext]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session", params=["one-node", "two-nodes-behind-nginx"])
def product(request: pytest.FixtureRequest) -> Iterator[Product]:
    """The whole product, with demo data: once as `up` runs it, once as two nodes and two consumers behind a proxy."""
    place = Path(tempfile.mkdtemp(prefix="interlock-e2e-"))
    place.chmod(0o755)  # as root, PostgreSQL runs as somebody who has to get in
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        if request.param == "one-node":
            running = Product.start(place, ports=free_ports(1))
        else:
            ports = free_ports(2)
            proxy = stack.enter_context(nginx([f"http://127.0.0.1:{port}" for port in ports]))
            running = Product.start(place, ports=ports, consumers=2, url=proxy.url)
        stack.callback(running.stop)
        yield running


@pytest.fixture
async def api(product: Product) -> AsyncIterator[Api]:
    """The product's API, once it is ready."""
    async with aiohttp.ClientSession() as session:
        until = time.monotonic() + READY_SECONDS
        for url in (*product.nodes, product.url):
            while not await _ready(session, url):
                assert product.process.poll() is None, (product.place / "log").read_text()
                assert time.monotonic() < until, (product.place / "log").read_text()
                await asyncio.sleep(0.1)
        yield Api(product.url, session)


@pytest.fixture
def sides(product: Product, api: Api) -> Sides:
    """Who is connected to which node."""
    return Sides(product, api)


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
        context.set_default_timeout(PATIENCE_MS)
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
