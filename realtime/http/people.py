"""Signing in: by a link, and in demo mode without a question asked."""

from realtime.contracts.people import DemoToken, DemoUsers, SignedIn, SignInLink
from realtime.domain.errors import LinkNotValid, NotFound, TooManyRequests
from realtime.http.routing import Access, Call, Routes
from realtime.usecases import demo, people

routes = Routes("People")


@routes.post(
    "/api/sign-in/link",
    access=Access.PUBLIC,
    body=SignInLink,
    answers={200: SignedIn},
    refusals=(LinkNotValid, TooManyRequests),
)
async def sign_in_by_link(call: Call[SignInLink, None]) -> SignedIn:
    """Sign in by what stands behind the `#` of a link."""
    settings = call.services.settings
    try:
        async with call.services.pool.acquire() as conn:
            return await people.sign_in_by_link(conn, settings=settings, link_token=call.body.token)
    except LinkNotValid:
        await call.limits.failed_sign_in(call.remote)
        raise


@routes.post(
    "/api/demo/token", access=Access.PUBLIC, body=DemoToken, answers={200: SignedIn}, refusals=(NotFound,)
)
async def demo_token(call: Call[DemoToken, None]) -> SignedIn:
    """Sign in as any user, without a password; demo mode only."""
    _require_demo(call)
    async with call.services.pool.acquire() as conn:
        return await people.sign_in(conn, settings=call.services.settings, email=call.body.email)


@routes.get("/api/demo/users", access=Access.PUBLIC, answers={200: DemoUsers}, refusals=(NotFound,))
async def demo_users(call: Call[None, None]) -> DemoUsers:
    """Whom the demo can be tried as; demo mode only."""
    _require_demo(call)
    async with call.services.pool.acquire() as conn:
        return await demo.people_of(conn)


def _require_demo(call: Call[DemoToken, None] | Call[None, None]) -> None:
    if not call.services.settings.demo:
        raise NotFound
