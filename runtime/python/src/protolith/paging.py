"""Opaque page tokens (AIP-158): where a list goes on, bound to the query that it pages through.

A token names the last item of a page, not a count of items, so that it survives inserts and deletes.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from protolith.fields import invalid_field

_DEFAULT_PAGE_SIZE = 20

Position = tuple[str | int, ...]


def page_limit(page_size: int, default: int = _DEFAULT_PAGE_SIZE) -> int:
    """How many items to answer: the asked size, or the default when it is 0."""
    return page_size or default


def page_token(query: Sequence[str | int], *position: str | int) -> str:
    """The token of the page after `position` (the sort key of the last item answered), good for this query only."""
    return urlsafe_b64encode(json.dumps([_fingerprint(query), *position]).encode()).decode().rstrip("=")


def page_position(token: str, query: Sequence[str | int], start: Position) -> Position:
    """The position inside a token; `start` when it is empty. INVALID_ARGUMENT when it is not one of this query's."""
    if not token:
        return start
    fingerprint, *position = _decode(token)
    if fingerprint != _fingerprint(query) or [type(part) for part in position] != [type(part) for part in start]:
        raise invalid_field("page_token", "belongs to another query: begin again without it")
    return tuple(position)


def _decode(token: str) -> list[str | int]:
    try:
        parts = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or not parts:
        raise invalid_field("page_token", "is not a next_page_token of this server")
    return parts


def _fingerprint(query: Sequence[str | int]) -> str:
    return sha256(json.dumps(list(query)).encode()).hexdigest()[:8]
