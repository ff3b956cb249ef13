"""Small words that every manifest is made of."""

from collections.abc import Iterable
from typing import Any, Final

import yaml

Manifest = dict[str, Any]
NAMESPACE: Final = "la-chan"
HEADER: Final = (
    "# Written by `make k8s-render` (python -m deploy.k8s write). Change the generator, not this file.\n"
)


class _Dumper(yaml.SafeDumper):
    """Writes lists indented and nothing as an alias, so that a reader needs no second place."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(manifests: Iterable[Manifest]) -> str:
    """Return *manifests* as one YAML stream with the header."""
    return HEADER + yaml.dump_all(
        manifests, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, explicit_start=True
    )


def labels(name: str, component: str) -> dict[str, str]:
    """Return the labels that selectors use: who it is and which half; never a version."""
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/component": component}


def metadata(name: str, component: str, *, of: str = "", **more: Any) -> Manifest:
    """Return the metadata of an object called *name* that belongs to *of* (by default itself)."""
    return {
        "name": name,
        "labels": {**labels(of or name, component), "app.kubernetes.io/part-of": NAMESPACE},
        **more,
    }


def kustomization(*resources: str, kind: str = "Kustomization", **more: Any) -> str:
    """Return a kustomization file that lists *resources*."""
    version = "v1alpha1" if kind == "Component" else "v1beta1"
    body = {"apiVersion": f"kustomize.config.k8s.io/{version}", "kind": kind, **more}
    return dump([{**body, "resources": list(resources)}])
