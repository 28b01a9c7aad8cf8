"""retry-attempts: a retry says how often, within what gRPC takes, and for which codes that are failures."""

from collections.abc import Iterator

from google.rpc.code_pb2 import OK

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Retries with numbers that gRPC's service config refuses."""
    for method in contract.methods:
        if not method.options.said.HasField("retry"):
            continue
        retry = method.options.said.retry
        if not 2 <= retry.max_attempts <= 5:
            told = f"retry of {method.name}: max_attempts is 2 to 5, the first attempt counted"
            yield Problem(method.options.position("retry", "max_attempts"), told)
        if retry.backoff_multiplier < 0:
            told = f"retry of {method.name}: backoff_multiplier is above 0"
            yield Problem(method.options.position("retry", "backoff_multiplier"), told)
        if OK in retry.retryable_status_codes:
            told = f"retry of {method.name}: OK is no failure"
            yield Problem(method.options.position("retry", "retryable_status_codes"), told)
