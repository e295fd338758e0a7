"""The browser client: built files with long caching, and its one page for every address that it knows."""

from pathlib import Path

from aiohttp import hdrs, web

DIST = Path(__file__).parent.parent / "web" / "dist"
INDEX = DIST / "index.html"
PAGES = ("/", "/interview", "/recruiter", "/sign-in")
NO_PAGES = ("/api/", "/assets/", "/socket.io/")  # programs ask here, whatever they say that they accept
FRESH = {hdrs.CACHE_CONTROL: "no-cache"}
IMMUTABLE = "public, max-age=31536000, immutable"  # built files carry a hash of their content in their name
NOT_BUILT = (
    "The browser client is not built. Run ./deploy/up, or `npm ci && npm run build` in realtime/web.\n"
)


def add_to(app: web.Application) -> None:
    """Serve the client."""
    for path in PAGES:
        app.router.add_get(path, _page)
        if path != "/":
            app.router.add_get(path + "/{rest:.*}", _page)
    app.router.add_get("/{name:[^/]+\\.(?:svg|ico|png|txt|webmanifest)}", _public)
    app.router.add_get("/assets/{name}", _asset)


def missing(request: web.Request) -> web.StreamResponse | None:
    """What a browser is shown that was led to an address which does not exist; None for whoever wants no page."""
    wants_page = request.method == hdrs.METH_GET and "text/html" in request.headers.get(hdrs.ACCEPT, "")
    if not wants_page or request.path.startswith(NO_PAGES) or not INDEX.is_file():
        return None
    return web.FileResponse(INDEX, status=404, headers=FRESH)


async def _page(_: web.Request) -> web.StreamResponse:
    if not INDEX.is_file():
        return web.Response(text=NOT_BUILT, status=503)
    return web.FileResponse(INDEX, headers=FRESH)


async def _asset(request: web.Request) -> web.StreamResponse:
    return _file(DIST / "assets", request.match_info["name"], cache=IMMUTABLE)


async def _public(request: web.Request) -> web.StreamResponse:
    return _file(DIST, request.match_info["name"], cache="public, max-age=3600")


def _file(folder: Path, name: str, *, cache: str) -> web.StreamResponse:
    path = folder / name
    if path.parent != folder or not path.is_file():  # a name is one step, never a way out
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={hdrs.CACHE_CONTROL: cache})
