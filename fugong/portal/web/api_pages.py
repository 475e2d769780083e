"""The description of the interface, for machines and for people."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fugong.core.registries import api_routers, api_scopes
from fugong.portal.web.api import PROBLEMS, described


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 in JSON. It says nothing of any enterprise, so everybody may read it."""
    body = json.dumps(described(), ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _kind(schema: dict[str, Any]) -> str:
    """A type in a word or two: integer, list of text, ReportIn or nothing."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "any"))


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    needed = schema.get("required", [])
    return [
        {
            "name": name,
            "kind": _kind(field),
            "needed": name in needed,
            "words": field.get("description", ""),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _parts(description: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {entry.prefix: str(entry.title) for entry in api_routers.values()}
    parts: dict[str, list[dict[str, Any]]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            given = (
                operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
            )
            parts.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "words": operation.get("description", ""),
                    "parameters": [
                        {
                            "name": one["name"],
                            "kind": _kind(one.get("schema", {})),
                            "needed": one.get("required", False),
                            "words": one.get("description", ""),
                        }
                        for one in operation.get("parameters", [])
                    ],
                    "body": _kind(body) if body else "",
                    "gives": _kind(given) if given else "",
                }
            )
    return [{"title": titles.get(tag, tag), "operations": found} for tag, found in parts.items()]


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people: drawn from the description itself, so that the two cannot differ."""
    description = described()
    schemas = description["components"]["schemas"]
    context = {
        "parts": _parts(description),
        "schemas": [{"name": name, "fields": _fields(schema)} for name, schema in sorted(schemas.items())],
        "scopes": [(entry.name, entry.label) for entry in sorted(api_scopes.values(), key=lambda entry: entry.order)],
        "problems": sorted(PROBLEMS.items()),
        "openapi_url": reverse("api_openapi"),
        "keys_url": reverse("tokens:list") if not request.viewer.is_anonymous else "",
        "here": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "portal/api.html", context)
