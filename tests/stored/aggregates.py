"""Every kind of aggregate that is kept, with the store that reads and writes it; no server is asked for anything."""

import functools
import importlib
import typing
from typing import Any

from common.mongo.aggregates import MongoAggregates
from common.service import Service
from common.testing.sign_in import sample_settings
from deploy.local.services import PACKAGES


def service(package: str, **settings: Any) -> Service:
    """Compose a service with sample settings; *settings* win."""
    module = importlib.import_module(f"{package}.settings")
    [kind] = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and kind.__module__ == module.__name__
        and kind.__name__.endswith("Settings")
    ]
    made: Service = importlib.import_module(f"{package}.app").build(sample_settings(kind, **settings))
    return made


@functools.cache
def stores() -> dict[str, MongoAggregates[Any]]:
    """Return the stores by `<package>.<collection>`."""
    found = {}
    for package in PACKAGES:
        runtime = service(package).runtime
        for store in runtime.stores:
            if isinstance(store, MongoAggregates):
                found[f"{package}.{store.collection.name}"] = store
        runtime.client.close()
    return found


def state_of(store: MongoAggregates[Any]) -> Any:
    """Return the class of the states that *store* keeps."""
    for kind in type(store).__mro__:
        for base in getattr(kind, "__orig_bases__", ()):
            if typing.get_origin(base) is MongoAggregates:
                return typing.get_args(base)[0]
    raise TypeError(f"{type(store).__name__} does not say what it keeps")


def paths(document: Any, at: str = "") -> set[str]:
    """Return the places of a document that hold something."""
    match document:
        case dict():
            return {path for name, value in document.items() for path in paths(value, f"{at}.{name}")}
        case list() | tuple():
            return {path for value in document for path in paths(value, f"{at}[]")}
        case None | "" | b"" | False:
            return set()
        case _:
            return {at}
