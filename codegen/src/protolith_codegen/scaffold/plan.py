"""What the handlers lack, over all services: files to write, whole, and remarks on what is there already."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from protolith_codegen.model import Contract, Service
from protolith_codegen.scaffold.insert import add_methods
from protolith_codegen.scaffold.new import INIT, class_name, new_module, new_package, with_class
from protolith_codegen.scaffold.package import HandlerPackage, read_package
from protolith_codegen.scaffold.review import orphans, wrong_signatures


@dataclass(slots=True)
class Plan:
    """Files by path (their whole new text), what was added, and what a person must mend, as `file:line: message`."""

    files: dict[Path, bytes] = field(default_factory=dict)
    created: list[Path] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def plan_handlers(contract: Contract, root: Path) -> Plan:
    """Plan for all services. Raises HandlerError where a handler file cannot be read."""
    plan = Plan()
    rooms: dict[str, list[Service]] = defaultdict(list)
    for service in contract.services:
        rooms[service.room].append(service)
    if rooms and not (root / "handlers" / INIT).exists():
        _create(plan, root / "handlers" / INIT, new_package("Handlers: one package a service, business code only."))
    for room, services in rooms.items():
        _plan_room(plan, root, room, services)
    return plan


def _plan_room(plan: Plan, root: Path, room: str, services: list[Service]) -> None:
    folder = root / "handlers" / room
    if not (folder / INIT).exists():
        _create(plan, folder / INIT, new_package(f"Handlers of {', '.join(_packages(services))}."))
    names = Counter(service.name for service in services)
    for service in services:
        package = read_package(folder, root, plan.files)
        _plan_service(plan, package, service, services, unique=names[service.name] == 1)


def _plan_service(
    plan: Plan, package: HandlerPackage, service: Service, neighbours: list[Service], *, unique: bool
) -> None:
    others = [each for each in neighbours if each is not service]
    missing = [each for each in service.methods if each.attribute not in package.attributes_for(service, others)]
    if not package.classes_of(service):
        name = class_name(service, unique=unique)
        if namesake := package.named(name):
            base = f"{service.package}.servicers.{service.base_class}"
            plan.wrong.append(f"{namesake.place}: {name} does not derive from {base}: let it, or rename it")
            return
        _add_class(plan, package.folder / "service.py", service, name)
        package = read_package(package.folder, package.root, plan.files)
    plan.orphans += orphans(package, service)
    plan.wrong += wrong_signatures(package, service)
    if missing:
        target = package.leaf(service)
        plan.files[target.module.path] = add_methods(target, missing)
        plan.added += [f"{target.module.shown}: {target.name}.{method.attribute}" for method in missing]


def _add_class(plan: Plan, path: Path, service: Service, name: str) -> None:
    if path not in plan.files and not path.exists():
        _create(plan, path, new_module(service))
    plan.files[path] = with_class(plan.files[path] if path in plan.files else path.read_bytes(), service, name)


def _create(plan: Plan, path: Path, text: str) -> None:
    plan.files[path] = text.encode()
    plan.created.append(path)


def _packages(services: list[Service]) -> list[str]:
    return sorted({service.package for service in services})
