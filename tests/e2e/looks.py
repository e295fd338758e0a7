"""Looking at a page as different people see it: sizes, themes, and axe-core's findings; each look is kept as a picture."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Page, ViewportSize

from tests.e2e.conftest import ARTEFACTS

AXE = Path(__file__).parents[2] / "realtime" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = ((1440, 900), (768, 1024), (390, 844), (320, 640))  # the last is also 1280 at 400 %
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Finding:
    """What axe-core holds against a page."""

    rule: str
    why: str
    where: tuple[str, ...]


@cache
def axe() -> str:
    """axe-core's source."""
    return AXE.read_text("utf-8")


async def findings(page: Page) -> list[Finding]:
    """What axe-core finds on the page as it is. Its script is evaluated: the page's policy lets in no script tag."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(axe())
    found: dict[str, Any] = await page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })",
        RULES,
    )
    return [
        Finding(each["id"], each["help"], tuple(str(node["target"]) for node in each["nodes"]))
        for each in found["violations"]
    ]


async def look(page: Page, name: str) -> None:
    """Look at a page in every size and theme; raises AssertionError for what not everybody could use."""
    before = page.viewport_size
    ARTEFACTS.mkdir(exist_ok=True)
    wrong: list[str] = []
    for theme in THEMES:
        await page.emulate_media(
            color_scheme=theme, reduced_motion="reduce"
        )  # no picture of a half-way colour
        for width, height in SIZES:
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            await page.screenshot(path=ARTEFACTS / f"look-{name}-{width}-{theme}.png")
            wide = await page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                wrong.append(f"{width} px, {theme}: {wide} px too wide")
            wrong += [f"{width} px, {theme}: {finding}" for finding in await findings(page)]
    await page.emulate_media(color_scheme="null", reduced_motion="null")
    if before is not None:
        await page.set_viewport_size(before)
    assert not wrong, f"{name}:\n" + "\n".join(wrong)
