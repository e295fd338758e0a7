"""The OpenAPI document as a page."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from realtime.http import reading
from realtime.http.markup import Child, Html, join, prose, tag
from realtime.http.openapi import Document

LINKS = {"/api/openapi.json": "OpenAPI document", "/api/asyncapi": "Events and streams"}


def calls_page(document: Document) -> bytes:
    """Render an OpenAPI document in UTF-8."""
    info = document["info"]
    return reading.page(
        title=f"{info['title']} over HTTP",
        version=info["version"],
        about=info["description"],
        links=LINKS,
        sections=[
            *(_subject(document, subject) for subject in document["tags"]),
            reading.forms(document["components"]["schemas"]),
        ],
    )


def _subject(document: Document, subject: Mapping[str, str]) -> reading.Section:
    operations = list(_operations(document, subject["name"]))
    articles = [_operation(document, method, path, operation) for method, path, operation in operations]
    return reading.Section(
        anchor=f"subject-{subject['name'].lower()}",
        title=subject["name"],
        body=join([prose(subject["description"]), articles]),
        entries=tuple(
            reading.Entry(operation["operationId"], f"{method} {path}")
            for method, path, operation in operations
        ),
    )


def _operations(document: Document, subject: str) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if subject in operation["tags"]:
                yield method.upper(), path, operation


def _operation(document: Document, method: str, path: str, operation: Document) -> Html:
    return reading.article(
        operation["operationId"],
        [tag("span", method, class_="method"), " ", tag("code", path)],
        tag("p", operation["summary"], "."),
        tag("p", operation["description"], class_="soft") if "description" in operation else "",
        _parameters(operation.get("parameters", [])),
        _body(operation.get("requestBody")),
        reading.part("Answers", tag("dl", list(_answers(document, operation["responses"])))),
    )


def _parameters(parameters: list[Document]) -> Child:
    if not parameters:
        return ""
    items = [
        reading.item(
            parameter["name"],
            tag("span", reading.kind(parameter["schema"]), class_="type"),
            tag(
                "span",
                parameter["in"] if parameter["required"] else f"{parameter['in']}, optional",
                class_="soft",
            ),
            about=parameter.get("description", ""),
        )
        for parameter in parameters
    ]
    return reading.part("Parameters", tag("dl", items))


def _body(body: Document | None) -> Child:
    if body is None:
        return ""
    forms = [
        tag("p", tag("code", media_type), " ", tag("span", reading.kind(content["schema"]), class_="type"))
        for media_type, content in body["content"].items()
    ]
    limit = tag("p", body["description"], class_="soft")
    return reading.part("Body" if body["required"] else "Body, optional", forms, limit)


def _answers(document: Document, responses: Mapping[str, Document]) -> Iterator[Html]:
    for status, answer in responses.items():
        described = _resolved(document, answer)
        yield reading.item(
            status, HTTPStatus(int(status)).phrase, _content(described), about=described["description"]
        )


def _resolved(document: Document, answer: Document) -> Document:
    found: Any = answer
    if "$ref" in answer:
        found = document
        for step in answer["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def _content(answer: Document) -> Child:
    return [
        tag("span", reading.kind(content["schema"]), class_="type")
        for content in answer.get("content", {}).values()
    ]
