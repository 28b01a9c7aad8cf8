"""What is written but does not fit the contract: told with `file:line`, never changed."""

import ast
from collections.abc import Iterator
from typing import TypeAlias

from protolith_codegen.model import Method, Service
from protolith_codegen.scaffold.package import HandlerClass, HandlerPackage

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_REQUESTS = frozenset({"request", "requests"})


def orphans(package: HandlerPackage, service: Service) -> Iterator[str]:
    """Public methods that look like handlers of an rpc that the contract has no more."""
    known = {method.attribute for method in service.methods}
    for each, function in _functions(package, service):
        parameters = [argument.arg for argument in function.args.args]
        like_handler = len(parameters) == 3 and parameters[1] in _REQUESTS and parameters[2] == "context"
        if like_handler and not function.name.startswith("_") and function.name not in known:
            yield f"{_place(each, function)} has no rpc in {service.full_name} any more: remove or rename it"


def wrong_signatures(package: HandlerPackage, service: Service) -> Iterator[str]:
    """Methods of an rpc that cannot be called as one, or are of the wrong kind."""
    methods = {method.attribute: method for method in service.methods}
    for each, function in _functions(package, service):
        method = methods.get(function.name)
        if method is None or function.decorator_list:
            continue  # a decorator may change both: the runtime looks again
        if not (_takes_two(function.args) and _right_kind(function, method)):
            yield f"{_place(each, function)} must be {_expected(method)}"


def _functions(package: HandlerPackage, service: Service) -> Iterator[tuple[HandlerClass, Function]]:
    for each in package.family_of(service):
        for function in each.functions:
            yield each, function


def _place(each: HandlerClass, function: Function) -> str:
    return f"{each.module.shown}:{function.lineno}: {each.name}.{function.name}"


def _takes_two(arguments: ast.arguments) -> bool:
    """Whether a bound method takes a request and a context by position."""
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    fits = needed <= 3 and (len(positional) >= 3 or arguments.vararg is not None)
    return fits and all(default is not None for default in arguments.kw_defaults)


def _right_kind(function: Function, method: Method) -> bool:
    coroutine = isinstance(function, ast.AsyncFunctionDef) and not _yields(function)
    generator = isinstance(function, ast.AsyncFunctionDef) and _yields(function)
    if method.server_streaming:
        return generator or isinstance(function, ast.FunctionDef)
    return coroutine


def _yields(function: Function) -> bool:
    """Whether the function itself yields, functions inside it aside."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))
    return False


def _expected(method: Method) -> str:
    end = "and `yield` its answers" if method.server_streaming else "and `return` its answer"
    return f"`async def {method.attribute}(self, {method.request_parameter}, context)` {end}"
