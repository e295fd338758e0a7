"""The OpenAPI document: valid, complete both ways, and what the page to read it shows."""

from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from realtime.app import ROUTES, build
from realtime.http import pages
from realtime.http.markup import prose, tag
from realtime.http.openapi import openapi
from realtime.http.reading_calls import calls_page
from realtime.http.routing import Access, Route
from realtime.settings import read_settings
from tests.integration.node import SECRET, Node

ALL = tuple(route for subject in ROUTES for route in subject)
# As the contract names them: section 3's demo sign-in, section 4, section 8's document.
CONTRACT = """
POST /api/demo/token
GET /api/openapi.json
GET /api/docs
GET /api/asyncapi.json
GET /api/asyncapi
GET /api/interviews/available
POST /api/interviews/{}/start
GET /api/interviews/active
POST /api/interviews/{}/answers
PUT /api/interviews/{}/draft
POST /api/interviews/{}/start-over
GET /api/interviews/history
POST /api/recruiter/interviews
GET /api/recruiter/interviews
GET /api/recruiter/interviews/{}
PUT /api/recruiter/interviews/{}
POST /api/recruiter/interviews/{}/invitations
GET /api/recruiter/interviews/{}/invitations
PATCH /api/recruiter/interviews/{}/invitations/{}
DELETE /api/recruiter/interviews/{}/invitations/{}
POST /api/recruiter/interviews/{}/invitations/{}/link
GET /api/recruiter/sessions
GET /api/recruiter/sessions/{}
POST /api/recruiter/sessions/{}/extend
POST /api/recruiter/sessions/{}/pause
POST /api/recruiter/sessions/{}/resume
POST /api/recruiter/sessions/{}/terminate
POST /api/recruiter/sessions/{}/message
POST /api/recruiter/sessions/{}/release
POST /api/recruiter/sessions/{}/sign
POST /api/recruiter/answers/{}/score
POST /api/recruiter/sessions/{}/regrade
POST /api/recruiter/sessions/{}/promote
GET /api/recruiter/export.csv
GET /api/recruiter/feed
GET /healthz
GET /readyz
GET /metrics
""".strip().splitlines()
QUERIES = {
    "/api/recruiter/sessions": {"interview_id", "status", "q", "sort", "cursor", "limit"},
    "/api/recruiter/feed": {"after_epoch", "after_offset", "limit"},
    "/api/recruiter/export.csv": {"interview_id"},
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document, without a server."""
    return openapi(ALL, version="1.2.3")


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """All operations by method and path."""
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def nameless(path: str) -> str:
    """A path without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    faults = [
        f"{fault.json_path}: {fault.message}" for fault in OpenAPIV31SpecValidator(document).iter_errors()
    ]
    assert faults == []


@pytest.mark.parametrize("call", CONTRACT)
def test_every_call_of_the_contract_is_in_it(document: dict[str, Any], call: str) -> None:
    assert call in {f"{method} {nameless(path)}" for method, path in operations(document)}


def test_what_the_app_serves_and_what_is_documented_are_the_same(document: dict[str, Any]) -> None:
    settings = read_settings(
        env_file=None,
        jwt_secret=SECRET,
        database_url="postgresql://localhost/x",
        redis_url="redis://localhost",
    )
    served = {
        (route.method, route.resource.canonical)
        for route in build(settings).router.routes()
        if route.resource is not None and route.method != "HEAD" and not for_browsers(route)
    }
    assert served == set(operations(document))


def for_browsers(route: web.AbstractRoute) -> bool:
    """Whether it is the browser client's files, or the socket, which the other document describes."""
    return route.handler.__module__ == pages.__name__ or (
        route.resource is not None and route.resource.canonical == "/socket.io/"
    )


@pytest.mark.parametrize("route", ALL, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_documented_with_all_that_it_says_of_itself(
    document: dict[str, Any], route: Route
) -> None:
    operation = operations(document)[route.method, route.path]
    assert operation["summary"]
    assert operation.get("security", document["security"]) == (
        [] if route.access is Access.PUBLIC else [{"bearer": []}]
    )
    assert ("requestBody" in operation) == (route.body is not None)
    named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
    assert named == {part.strip("{}") for part in route.path.split("/") if part.startswith("{")}
    assert str(route.status) in operation["responses"]
    for refusal in route.refusals:
        assert refusal.code in codes(document, operation, status=refusal.status)
    if route.access is not Access.PUBLIC:
        assert codes(document, operation, status=401) >= {"unauthenticated"}
        assert codes(document, operation, status=403) == {"foreign_origin", "wrong_role"}
        assert codes(document, operation, status=429) == {"too_many_requests"}
    if route.body is not None:
        assert codes(document, operation, status=400) >= {"malformed_json"}
        assert codes(document, operation, status=413) == {"too_large"}
    assert codes(document, operation, status=422) >= {
        "invalid_body"
    }  # unknown parameters, wherever they are sent


def codes(document: dict[str, Any], operation: dict[str, Any], *, status: int) -> set[str]:
    """The codes that an operation may be refused with at a status."""
    name = operation["responses"][str(status)]["$ref"].rpartition("/")[2]
    content = document["components"]["responses"][name]["content"]
    assert list(content) == ["application/problem+json"]
    return set(content["application/problem+json"]["schema"]["properties"]["code"]["enum"])


@pytest.mark.parametrize("path", QUERIES)
def test_query_parameters_are_those_of_the_contract(document: dict[str, Any], path: str) -> None:
    parameters = operations(document)["GET", path]["parameters"]
    assert {parameter["name"] for parameter in parameters} == QUERIES[path]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(set(names)) == len(names)


def test_bodies_are_closed_and_answers_are_open(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["SubmitAnswerBody"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Submitted"]


def test_a_question_that_has_not_opened_needs_no_text(document: dict[str, Any]) -> None:
    question = document["components"]["schemas"]["CandidateQuestion"]
    assert set(question["required"]) == {"id", "index", "type", "time_limit", "points"}
    assert question["properties"]["question_text"] == {"type": "string"}


# As it is served ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/api/openapi.json", "application/json"),
        ("/api/asyncapi.json", "application/json"),
        ("/api/docs", "text/html; charset=utf-8"),
        ("/api/asyncapi", "text/html; charset=utf-8"),
    ],
)
async def test_documents_are_cached_by_their_etag(node: Node, path: str, media_type: str) -> None:
    first = await node.call("GET", path)
    assert (first.status, first.headers["Content-Type"]) == (200, media_type)
    etag = first.headers["ETag"]
    again = await node.call("GET", path, headers={"If-None-Match": etag})
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", etag)
    other = await node.call("GET", path, headers={"If-None-Match": '"another"'})
    assert (other.status, other.body) == (200, first.body)


async def test_pages_need_no_script_and_every_link_in_them_leads_somewhere(node: Node) -> None:
    for path in ("/api/docs", "/api/asyncapi"):
        page = Page((await node.call("GET", path)).body)
        assert page.open == []
        assert "script" not in page.tags
        assert "viewport" in page.metas
        assert len(set(page.ids)) == len(page.ids)
        inner = {link[1:] for link in page.links if link.startswith("#")}
        assert inner <= set(page.ids)
        for link in set(page.links) - {f"#{anchor}" for anchor in inner}:
            assert (await node.call("GET", link)).status == 200
    assert "candidate_answer" in Page((await node.call("GET", "/api/docs")).body).ids


def test_what_a_document_says_is_text_on_its_page(document: dict[str, Any]) -> None:
    evil = "<script>alert(1)</script> `<b>` **<i>**\n\n- <u>\n\n```\n</code><s>\n```"
    spoiled = document | {"info": {"title": evil, "version": evil, "description": evil}}
    spoiled["tags"] = [{"name": "Candidate", "description": evil}]
    page = Page(calls_page(spoiled).decode())
    assert not {"script", "b", "i", "u", "s"} & set(page.tags)
    assert page.open == []
    assert (
        tag("a", '">', href='"><b>', data_x="1") == '<a href="&quot;&gt;&lt;b&gt;" data-x="1">&quot;&gt;</a>'
    )


def test_descriptions_have_paragraphs_lists_and_code() -> None:
    assert prose("One `x`\nline.\n\n- **a**\n- b\n```\n- c <d>\n\ne\n```") == (
        "<p>One <code>x</code> line.</p><ul><li><strong>a</strong></li><li>b</li></ul>"
        '<pre tabindex="0"><code>- c &lt;d&gt;\n\ne</code></pre>'
    )


class Page(HTMLParser):
    """What a page is made of; `open` has tags that were never closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.metas: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "meta":
            self.metas.append(found.get("name", ""))
        elif tag != "link":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
