"""Which template makes which file."""

from protolith_codegen.model import Contract
from protolith_codegen.project import Settings
from protolith_codegen.render.environment import environment

_PACKAGE_TEMPLATES = ("services.py", "servicers.py", "clients.py")
_CONTRACT_TEMPLATES = {
    "go/contract/contract.go": "contract.go",
    "go/cmd/host/main.go": "main.go",
    "assets.go": "assets.go",
}


def render_all(contract: Contract, settings: Settings) -> dict[str, str]:
    """Text of every rendered file by its path under generated/."""
    files = {}
    for package in contract.packages:
        for name in _PACKAGE_TEMPLATES if package.services else ():
            template = environment().get_template(f"{name}.j2")
            files[f"python/{package.folder}/{name}"] = template.render(package=package)
    for path, name in _CONTRACT_TEMPLATES.items():
        files[path] = environment().get_template(f"{name}.j2").render(contract=contract, settings=settings)
    return files
