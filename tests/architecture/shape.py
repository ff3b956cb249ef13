"""Reads source files and tells where they leave the shape that every service shares."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES = 250
FUNCTION_LINES = 30
LISTING_STATEMENTS = 3
HANDLER_STATEMENTS = 5
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_TRIES = (ast.Try, ast.TryStar)
_IMPURE_CALLS = {
    "now",
    "utcnow",
    "today",
    "uuid1",
    "uuid4",
    "getenv",
    "print",
    "open",
    "sleep",
    "time_ns",
    "monotonic",
}
_IMPURE_MODULES = {
    "logging",
    "os",
    "random",
    "secrets",
    "asyncio",
    "time",
    "threading",
    "subprocess",
    "socket",
}
_VERBS = {"get", "post", "put", "patch", "delete", "head", "api_route"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """Every Python module that is shipped."""
    trees = [ROOT / "libs/common/src", *sorted((ROOT / "services").glob("*/src")), ROOT / "deploy/local"]
    return [path for tree in trees for path in sorted(tree.rglob("*.py"))]


def too_long(text: str) -> Iterator[str]:
    """
    Modules of at most 250 lines, functions of at most 30 (their docstring does not count).

    A listing (what a service subscribes to, the fields of a view) has few statements and may be as long
    as its list.
    """
    lines = len(text.splitlines())
    if lines > MODULE_LINES:
        yield f"module has {lines} lines"
    for function in _functions(ast.parse(text)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1 - _docstring_lines(function)
        if length > FUNCTION_LINES and len(_body(function)) > LISTING_STATEMENTS:
            yield f"{function.name} (l.{function.lineno}) has {length} lines"


def too_clever(text: str) -> Iterator[str]:
    """HTTP handlers of at most 5 statements, without a try and without a loop."""
    for function in _functions(ast.parse(text)):
        if not any(_is_route(decorator) for decorator in function.decorator_list):
            continue
        statements = [
            node for part in _body(function) for node in ast.walk(part) if isinstance(node, ast.stmt)
        ]
        if len(statements) > HANDLER_STATEMENTS:
            yield f"{function.name} (l.{function.lineno}) has {len(statements)} statements"
        if any(isinstance(node, _LOOPS) for node in statements):
            yield f"{function.name} (l.{function.lineno}) has a loop"
        if any(isinstance(node, _TRIES) for node in statements):
            yield f"{function.name} (l.{function.lineno}) has a try"


def impure(text: str) -> Iterator[str]:
    """A domain without clock, chance, environment, logging, input, output or async."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield f"l.{node.lineno}: async"
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _IMPURE_CALLS:
                yield f"l.{node.lineno}: calls {name}()"
            case ast.Import(names=names):
                yield from (
                    f"l.{node.lineno}: imports {a.name}" for a in names if _root(a.name) in _IMPURE_MODULES
                )
            case ast.ImportFrom(module=str(module)) if _root(module) in _IMPURE_MODULES:
                yield f"l.{node.lineno}: imports {module}"
            case ast.Attribute(attr="environ"):
                yield f"l.{node.lineno}: reads the environment"


def is_routes(path: Path) -> bool:
    """Tell whether *path* is routes.py of a service, or a module of its routes package."""
    return path.stem == "routes" or path.parent.name == "routes"


def is_domain(path: Path) -> bool:
    """Tell whether *path* lies in a service's domain."""
    return "domain" in path.relative_to(ROOT).parts and "services" in path.relative_to(ROOT).parts


def _functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def _body(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _docstring_lines(function: Function) -> int:
    if ast.get_docstring(function) is None:
        return 0
    return (function.body[0].end_lineno or 0) - function.body[0].lineno + 1


def _is_route(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr=verb)):
            return verb in _VERBS
    return False


def _root(module: str) -> str:
    return module.split(".", maxsplit=1)[0]
