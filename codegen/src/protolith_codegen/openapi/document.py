"""The document as a plain dict, and as sorted, stable JSON."""

import json
from collections import Counter
from typing import Any

from protolith_codegen.model import Contract, Service
from protolith_codegen.openapi.operation import Operations
from protolith_codegen.openapi.schemas import Schemas
from protolith_codegen.openapi.status import ERROR_RESPONSE, add_status
from protolith_codegen.project import Settings


def openapi_json(contract: Contract, settings: Settings) -> str:
    """The document as JSON: keys sorted, so that equal contracts give equal bytes."""
    return json.dumps(document(contract, settings), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def document(contract: Contract, settings: Settings) -> dict[str, Any]:
    """One document over all services."""
    schemas = Schemas(contract)
    add_status(schemas)
    operations = Operations(contract, schemas)
    services = [service for service in contract.services if service.public]
    labels = _labels(services)
    paths: dict[str, dict[str, Any]] = {}
    for service in services:
        for path, verb, operation in operations.of(service, labels[service.full_name]):
            paths.setdefault(path, {})[verb] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": settings.title, "version": settings.version},
        "tags": [_tag(service, labels[service.full_name]) for service in services],
        "paths": paths,
        "components": {"schemas": schemas.components, "responses": {"Error": ERROR_RESPONSE}},
    }


def _labels(services: list[Service]) -> dict[str, str]:
    """What the document calls each service: its name, or its full name where another has the same."""
    counts = Counter(service.name for service in services)
    return {each.full_name: each.name if counts[each.name] == 1 else each.full_name for each in services}


def _tag(service: Service, label: str) -> dict[str, Any]:
    return {"name": label, **({"description": service.origin.comment} if service.origin.comment else {})}
