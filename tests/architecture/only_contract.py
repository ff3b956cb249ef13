"""
A contract for import-linter: these modules may import the standard library and a short list, nothing else.

import-linter can forbid a list of packages; a pure core needs the opposite, a list of what is allowed, so
that a library added tomorrow is refused as well.
"""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class OnlyContract(Contract):
    """
    Keep *source_modules* to the standard library, themselves and *allowed_modules* (and below).

    Only direct imports are looked at: what an allowed module imports is the business of its own contract.
    """

    type_name = "only"

    source_modules = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect each import that leaves the allowed set."""
        illegal: list[dict[str, Any]] = []
        sources = {module.name for module in module_expressions_to_modules(graph, self.source_modules)}
        allowed = tuple(self.allowed_modules or ())
        for source in sorted(sources):
            inside = {source, *graph.find_descendants(source)}
            for importer in sorted(inside):
                for imported in sorted(graph.find_modules_directly_imported_by(importer) - inside):
                    if not _is_allowed(imported, (*allowed, source)):
                        illegal.append(_link(graph, importer, imported))
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each illegal import with its lines."""
        for link in check.metadata["illegal"]:
            lines = ", ".join(f"l.{number}" for number in link["lines"])
            output.print_error(f"{link['importer']} imports {link['imported']} ({lines})", bold=False)


def _is_allowed(imported: str, allowed: tuple[str, ...]) -> bool:
    if imported.split(".", maxsplit=1)[0] in sys.stdlib_module_names:
        return True
    return any(imported == name or imported.startswith(f"{name}.") for name in allowed)


def _link(graph: ImportGraph, importer: str, imported: str) -> dict[str, Any]:
    details = graph.get_import_details(importer=importer, imported=imported)
    return {"importer": importer, "imported": imported, "lines": [d["line_number"] for d in details]}
