"""Which template makes which file."""

from protolith_codegen.model import Contract, Package
from protolith_codegen.project import Settings
from protolith_codegen.render.environment import environment

_SERVICE_TEMPLATES = ("services.py", "servicers.py", "clients.py")
_CONTRACT_TEMPLATES = {
    "go/contract/contract.go": "contract.go",
    "go/cmd/host/main.go": "main.go",
    "assets.go": "assets.go",
}


def render_all(contract: Contract, settings: Settings) -> dict[str, str]:
    """Text of every rendered file by its path under generated/."""
    files = {}
    for package in contract.packages:
        for name in _templates(package):
            template = environment().get_template(f"{name}.j2")
            files[f"python/{package.folder}/{name}"] = template.render(package=package)
    for path, name in _CONTRACT_TEMPLATES.items():
        files[path] = environment().get_template(f"{name}.j2").render(contract=contract, settings=settings)
    return files


def _templates(package: Package) -> tuple[str, ...]:
    """What a package gets: an error enum needs no service."""
    return (*(("errors.py",) if package.errors else ()), *(_SERVICE_TEMPLATES if package.services else ()))
