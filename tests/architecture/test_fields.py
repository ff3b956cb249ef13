"""Pages render again whenever news arrives: what somebody is typing must survive that."""

import re

from tests.architecture.shape import ROOT

PAGES = [
    page
    for folder in ("services", "libs/common/src")
    for page in sorted((ROOT / folder).rglob("*.js"))
    if not {"vendor", "node_modules", "tests"} & set(page.parts)
]
FIELD = re.compile(r"<(?:input|textarea|select|\$\{Field\})(?=\s)(?:=>|[^>])*>")
IS_CHOICE = re.compile(r'type="(?:radio|checkbox)"')
SETS = {True: re.compile(r"\schecked="), False: re.compile(r"\svalue=")}
LISTENS = re.compile(r"\son(?:Input|Change)=")


def forgetful(text: str) -> list[str]:
    """Return the fields that are set anew by each rendering and do not tell what was typed."""
    fields = FIELD.findall(text)
    return [
        field
        for field in fields
        if SETS[bool(IS_CHOICE.search(field))].search(field) and not LISTENS.search(field)
    ]


def test_no_field_loses_what_was_typed_when_the_page_renders_again() -> None:
    assert len(PAGES) > 30
    faults = {str(page.relative_to(ROOT)): forgetful(page.read_text("utf-8")) for page in PAGES}
    assert {page: fields for page, fields in faults.items() if fields} == {}


def test_a_field_that_forgets_is_found() -> None:
    assert forgetful('<input name="a" value=${word} />')
    assert forgetful('<${Field} name="areas" required value="19" />')
    assert forgetful('<input type="radio" name="to" value=${state} checked=${!i} />')
    assert not forgetful('<input type="checkbox" name="areas" value=${code} defaultChecked=${yes} />')
    assert not forgetful("<textarea value=${text} onInput=${event => set(event.target.value)}></textarea>")
