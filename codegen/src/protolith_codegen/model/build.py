"""Descriptors to the model, in one pass. Everything the model holds is decided here and never changes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import (
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)
from protolith.v1 import method_pb2, service_pb2

from protolith_codegen.model.contract import Contract, Package
from protolith_codegen.model.errors import Error, read_errors
from protolith_codegen.model.http import read_bindings
from protolith_codegen.model.messages import Declared, read_types
from protolith_codegen.model.names import constant_case, go_package_name, python_module
from protolith_codegen.model.options import Said, rpc_options, said
from protolith_codegen.model.service import Idempotency, MessageRef, Method, Service
from protolith_codegen.selectors import Selector
from protolith_codegen.source import Path, Source

_SERVICE, _METHOD = 6, 2


def build(files: FileDescriptorSet, own: frozenset[str], selectors: tuple[Selector, ...] = ()) -> Contract:
    """The model of an image; `own` names the files that are contracts, `selectors` are protolith.yaml's."""
    declared = read_types(files.file, own)
    packages: dict[str, list[FileDescriptorProto]] = defaultdict(list)
    for file in sorted((each for each in files.file if each.name in own), key=_name):
        packages[file.package].append(file)
    aliases = _go_aliases(packages)
    errors = read_errors(declared.enums.values())
    return Contract(
        packages=tuple(
            _package(name, aliases[name], packages[name], declared, selectors, errors.get(name, ()))
            for name in sorted(packages)
        ),
        messages=declared.messages,
        enums=declared.enums,
        selectors=selectors,
        files=files,
    )


def _package(
    name: str,
    go_alias: str,
    files: list[FileDescriptorProto],
    declared: Declared,
    selectors: tuple[Selector, ...],
    errors: tuple[Error, ...],
) -> Package:
    refs = _references(files, declared)
    services = tuple(
        _service(service, name, go_alias, source, index, refs, selectors)
        for file in files
        for source in [Source(file)]
        for index, service in enumerate(file.service)
    )
    return Package(
        name=name,
        go_alias=go_alias,
        files=tuple(file.name for file in files),
        services=tuple(_with_errors(service, errors) for service in services) if errors else services,
        errors=errors,
    )


def _with_errors(service: Service, errors: tuple[Error, ...]) -> Service:
    """The service, its rpcs knowing the errors that they list by name. The check tells names that nothing has."""
    known = {error.reason: error for error in errors}
    methods = (
        replace(method, errors=tuple(known[name] for name in method.options.said.errors if name in known))
        for method in service.methods
    )
    return replace(service, methods=tuple(methods))


def _go_aliases(packages: Iterable[str]) -> dict[str, str]:
    """Names of the packages in Go, whole where their ends are alike."""
    short = {name: go_package_name(name) for name in packages}
    counts = Counter(short.values())
    return {name: alias if counts[alias] == 1 else name.replace(".", "") for name, alias in short.items()}


def _service(
    service: ServiceDescriptorProto,
    package: str,
    go_alias: str,
    source: Source,
    index: int,
    refs: dict[str, MessageRef],
    selectors: tuple[Selector, ...],
) -> Service:
    path = (_SERVICE, index)
    full_name = f"{package}.{service.name}"
    options = said(service.options, service_pb2.service, source, path)
    return Service(
        name=service.name,
        package=package,
        go_alias=go_alias,
        methods=tuple(
            _method(method, full_name, source, (*path, _METHOD, at), refs, _others(options, selectors))
            for at, method in enumerate(service.method)
        ),
        deprecated=service.options.deprecated,
        options=options,
        origin=source.origin(path),
    )


def _method(
    method: MethodDescriptorProto,
    service: str,
    source: Source,
    path: Path,
    refs: dict[str, MessageRef],
    others: Callable[[str], tuple[Said, ...]],
) -> Method:
    full_name = f"{service}.{method.name}"
    return Method(
        name=method.name,
        full_name=full_name,
        service_constant=constant_case(service.rpartition(".")[2]),
        request=refs[method.input_type],
        response=refs[method.output_type],
        client_streaming=method.client_streaming,
        server_streaming=method.server_streaming,
        idempotency=Idempotency(method.options.idempotency_level),
        bindings=read_bindings(method.options, source, path),
        deprecated=method.options.deprecated,
        options=rpc_options(said(method.options, method_pb2.method, source, path), others(full_name)),
        origin=source.origin(path),
    )


def _others(service: Said | None, selectors: tuple[Selector, ...]) -> Callable[[str], tuple[Said, ...]]:
    """Who else has a say about an rpc: its service, then protolith.yaml, where a later entry beats an earlier one."""
    nearest = (service,) if service else ()

    def others(full_name: str) -> tuple[Said, ...]:
        selected = (each for each in reversed(selectors) if each.selects(full_name))
        return (*nearest, *(Said(each.options, each.written) for each in selected))

    return others


def _references(files: list[FileDescriptorProto], declared: Declared) -> dict[str, MessageRef]:
    """The messages of the files' rpcs by type name, each with its module's alias."""
    types = sorted(set(_rpc_types(files)))
    modules = {each: python_module(declared.message_files[each.removeprefix(".")]) for each in types}
    aliases = _module_aliases(set(modules.values()), {python_module(file.name) for file in files})
    return {each: _reference(each, module, aliases[module], declared) for each, module in modules.items()}


def _module_aliases(modules: set[str], own: set[str]) -> dict[str, str]:
    """Modules keep their names, the package's own first; others of the same name get their whole path as alias."""
    counts = Counter(module.rpartition(".")[2] for module in modules | own)
    return {
        module: name if module in own or counts[name] == 1 else module.replace(".", "_")
        for module in modules
        for name in [module.rpartition(".")[2]]
    }


def _reference(type_name: str, module: str, alias: str, declared: Declared) -> MessageRef:
    full_name = type_name.removeprefix(".")
    return MessageRef(full_name, module, alias, declared.local_names[full_name])


def _rpc_types(files: Iterable[FileDescriptorProto]) -> Iterator[str]:
    for file in files:
        for service in file.service:
            for method in service.method:
                yield from (method.input_type, method.output_type)


def _name(file: FileDescriptorProto) -> str:
    return file.name
