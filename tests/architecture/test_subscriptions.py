"""What the services really listen to is what the catalogue of topics says."""

import importlib
import inspect
from typing import Any

import pytest

from common.contracts.registry import OWNERS, owner_of
from common.messaging.catalogue import load
from common.messaging.subscription import Subscription


def subscriptions(service: str) -> list[Subscription]:
    """Return the subscriptions of *service*; what they work on does not matter here."""
    module = importlib.import_module(f"{service.replace('-', '_')}.consumers")
    required = [
        parameter
        for parameter in inspect.signature(module.subscriptions).parameters.values()
        if parameter.default is parameter.empty
    ]
    nothing: list[Any] = [None for _ in required]
    return list(module.subscriptions(*nothing))


@pytest.mark.parametrize("service", OWNERS)
def test_every_group_reads_the_topics_that_the_catalogue_says(service: str) -> None:
    catalogue = load()
    for subscription in subscriptions(service):
        assert owner_of(subscription.group) == service
        assert sorted(subscription.listens) == sorted(catalogue.read_by(subscription.group)), (
            f"{subscription.group}: correct `subscribers` in schemas/topics.yaml"
        )


@pytest.mark.parametrize("service", OWNERS)
def test_every_group_of_the_catalogue_exists(service: str) -> None:
    listed = [group for group in load().groups if owner_of(group) == service]
    assert sorted(subscription.group for subscription in subscriptions(service)) == listed
