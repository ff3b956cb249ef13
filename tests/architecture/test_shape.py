"""Modules, functions and handlers keep the size and the purity that the architecture promises."""

from pathlib import Path

import pytest

from tests.architecture import shape


def findings(check, paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(shape.ROOT)}: {found}"
        for path in paths
        for found in check(path.read_text("utf-8"))
    ]


def test_modules_and_functions_stay_short():
    assert not (found := findings(shape.too_long, shape.sources())), "\n".join(found)


def test_a_route_is_a_sentence_not_a_program():
    assert not (
        found := findings(shape.too_clever, [path for path in shape.sources() if shape.is_routes(path)])
    ), "\n".join(found)


def test_a_domain_has_no_clock_no_chance_and_no_environment():
    assert not (
        found := findings(shape.impure, [path for path in shape.sources() if shape.is_domain(path)])
    ), "\n".join(found)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (shape.too_long, "x = 1\n" * 251),
        (shape.too_long, "def long():\n" + "    x = 1\n" * 30),
        (shape.too_clever, "@router.get('/')\ndef page():\n" + "    x = 1\n" * 6),
        (shape.too_clever, "@router.post('/')\nasync def page():\n    for x in y:\n        pass\n"),
        (
            shape.too_clever,
            "@router.post('/')\nasync def page():\n    try:\n        x()\n    finally:\n        y()\n",
        ),
        (shape.impure, "import random\n"),
        (shape.impure, "from os import path\n"),
        (shape.impure, "x = datetime.now()\n"),
        (shape.impure, "x = uuid4()\n"),
        (shape.impure, "x = system.environ\n"),
        (shape.impure, "async def decide(): ...\n"),
        (shape.impure, "import logging\n"),
    ],
)
def test_each_check_finds_what_it_is_for(check, text: str):
    assert list(check(text))


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (shape.too_long, 'def long():\n    """' + "Words.\n" * 40 + '    """\n    return 1\n'),
        (
            shape.too_clever,
            "@router.get('/')\nasync def page():\n    '''Words.'''\n    return await work.run(command)\n",
        ),
        (
            shape.impure,
            "from datetime import datetime\n\ndef due(now: datetime) -> datetime:\n    return now\n",
        ),
    ],
)
def test_each_check_lets_ordinary_code_pass(check, text: str):
    assert list(check(text)) == []
