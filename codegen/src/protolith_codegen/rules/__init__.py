"""Contract rules: model in, problems out. One rule a module, named as its id; nothing here prints or raises."""

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Final

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem
from protolith_codegen.rules import (
    access_roles,
    access_undecided,
    cache_side_effects,
    cache_ttl,
    cache_vary,
    duration_positive,
    error_code,
    error_message,
    error_reason_twice,
    error_unknown,
    event_key,
    event_topic,
    event_unknown,
    http_body_field,
    http_body_on_get,
    http_patch_mask,
    http_path,
    http_path_variable,
    http_route_twice,
    idempotency_key,
    invalidation_unknown,
    list_pages,
    name_clash,
    name_package,
    rate_limit_incomplete,
    retry_attempts,
    retry_idempotency,
    rule_cel,
    rule_never_passes,
    rule_pattern,
    rule_type,
    selector_options,
    selector_unknown,
    stream_field,
    uses_cycle,
    uses_unknown,
)

RULES: Final[tuple[ModuleType, ...]] = (
    access_undecided,
    access_roles,
    http_path,
    http_path_variable,
    http_route_twice,
    http_body_on_get,
    http_body_field,
    http_patch_mask,
    list_pages,
    rule_type,
    rule_never_passes,
    rule_pattern,
    rule_cel,
    error_unknown,
    error_code,
    error_reason_twice,
    error_message,
    cache_side_effects,
    cache_ttl,
    cache_vary,
    invalidation_unknown,
    retry_idempotency,
    retry_attempts,
    rate_limit_incomplete,
    duration_positive,
    idempotency_key,
    stream_field,
    event_topic,
    event_key,
    event_unknown,
    uses_unknown,
    uses_cycle,
    selector_unknown,
    selector_options,
    name_package,
    name_clash,
)
"""All rules. A new one needs a line here, contracts under tests/contracts and a page under docs/rules."""


def rule_id(rule: ModuleType) -> str:
    """`access_undecided` -> `access-undecided`."""
    return rule.__name__.rpartition(".")[2].replace("_", "-")


def check(contract: Contract) -> list[Problem]:
    """Every problem of the contract, sorted by position."""
    return sorted(_problems(contract))


def _problems(contract: Contract) -> Iterator[Problem]:
    for rule in RULES:
        for problem in rule.check(contract):
            yield replace(problem, rule=rule_id(rule))
