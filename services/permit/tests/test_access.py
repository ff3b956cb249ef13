"""Who may do what, tried out: every route, every role, inside and outside the area."""

from collections.abc import Callable
from itertools import count
from typing import Any

from common.testing.access import Place, Rule, access_faults
from services.permit.tests.conftest import FIRM, IDENTITY, Province, application_body
from services.permit.tests.samples import HOUR, NOW

_NUMBERS = count(100)
OFFICER = frozenset({"permit_officer"})
LEADERS = frozenset({"leader", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})
EMPLOYER = frozenset({"employer"})
SCANNER = frozenset({"checkpoint_officer"})
SUPERVISED = SCANNER | LEADERS
ON_DUTY = frozenset({"checkpoint_officer", "permit_officer", "leader", "ioc_operator", "administrator"})
INSPECTORS = frozenset({"permit_officer", "leader", "administrator"})
REASON = {"reason": "Lý do để người đọc"}


def fresh_person() -> dict[str, Any]:
    """Somebody new each time: nobody may collect permits."""
    return {**IDENTITY, "cccd": f"019084{next(_NUMBERS):06d}"}


async def test_the_access_matrix_holds(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    await province.app.state.parts["list_builder"].round()
    mine = (await province.apply()).json()
    ended = (await province.apply(person=fresh_person())).json()["permit_id"]
    queued = (await province.apply(person=fresh_person(), category="family-emergency")).json()["permit_id"]

    def send(url: str, body: dict[str, Any] | None = None) -> Callable[[], dict[str, Any]]:
        return lambda: {"url": url} if body is None else {"url": url, "json": body}

    permit, numbered = f"/v1/permits/{mine['permit_id']}", "/v1/permits/{permit_id}"
    scan = {"qr": mine["qr"], "checkpoint_id": "thai-nguyen"}
    told = {"scan_id": "mot-luot-1", "scanned_at": NOW.isoformat(), "verdict": "allowed"}
    upload = {"items": [{**scan, **told, "reason_code": "valid"}]}
    here = {"checkpoint_id": "thai-nguyen"}
    acts = {"items": [{**here, "action_id": "mot-viec-1", "act": "differed", "acted_at": NOW.isoformat()}]}
    shift = {**here, "opened_at": NOW.isoformat()}
    checkpoint = {"name": "Chốt mẫu", "commune_code": "05434"}
    directive = {"directive": "16", "document": "Công văn mẫu"}
    # What can be done once only answers 409 to the next one who may.
    once, absent = frozenset({200, 409}), frozenset({404})
    suspend, reinstate = send(f"{permit}/suspension", REASON), send(f"{permit}/reinstatement", REASON)
    revoke = send(f"/v1/permits/{ended}/revocation", REASON)
    settle = send(f"/v1/permits/{queued}/decision", {"outcome": "approved"})
    place_it, order_it = send("/v1/checkpoints/chot-mau", checkpoint), send("/v1/directives/164", directive)
    rotate, no_key = send("/v1/keys/rotation", {}), send("/v1/keys/0123456789abcdef/revocation", {})
    kid = "/v1/keys/{kid}/revocation"
    firm_id = await province.confirmed_firm("mot-cong-ty")
    lists_of_staff, no_list = "/v1/staff-lists", "/v1/staff-lists/00000000-0000-5000-8000-000000000000"
    one_list = f"{lists_of_staff}/{{list_id}}"
    confirm = send(f"/v1/firms/{firm_id}/confirmation", {"outcome": "confirmed"})
    employers = [
        Rule("GET", "/v1/my/firm", EMPLOYER, send("/v1/my/firm"), is_scoped=False, good=absent),
        Rule(
            "GET",
            f"{lists_of_staff}/template.xlsx",
            EMPLOYER,
            send(f"{lists_of_staff}/template.xlsx"),
            is_scoped=False,
        ),
        Rule("GET", lists_of_staff, EMPLOYER, send(lists_of_staff), is_scoped=False),
        Rule(
            "POST",
            lists_of_staff,
            EMPLOYER,
            send(lists_of_staff, {}),
            is_scoped=False,
            good=frozenset({409, 422}),
        ),
        *(
            Rule("GET", f"{one_list}{end}", EMPLOYER, send(f"{no_list}{end}"), is_scoped=False, good=absent)
            for end in ("", "/answers.xlsx", "/permits.pdf", "/cards.pdf")
        ),
        Rule("PUT", "/v1/my/firm", EMPLOYER, send("/v1/my/firm", FIRM), is_scoped=False),
        Rule("GET", "/v1/firms", OFFICER, send("/v1/firms"), is_filtered=True),
        Rule("POST", "/v1/firms/{firm_id}/confirmation", OFFICER, confirm),
        Rule("GET", "/v1/my/scans", frozenset({"citizen"}), send("/v1/my/scans"), any_citizen=True),
    ]
    answer = send(f"{permit}/appeals/khong-co-khieu-nai/answer", {"verdict": "upheld", **REASON})
    answered, none_waits = f"{numbered}/appeals/{{appeal_id}}/answer", frozenset({409})
    withdraw_it = send("/v1/directives/164/withdrawal", {"order_id": "0" * 36, **REASON})
    planners, change = OFFICER | LEADERS, "/v1/permit-changes?area_code=164&directive=19"
    shorten = send("/v1/keys/0123456789abcdef/accept-until", {"accept_until": NOW.isoformat()})
    clear, one_post = send(f"{permit}/flag-clearance", REASON), send("/v1/checkpoints/thai-nguyen/board")
    clear_post = send("/v1/checkpoints/thai-nguyen/flag-clearance", REASON)
    post_flag = "/v1/checkpoints/{checkpoint_id}/flag-clearance"
    asked = send(f"/v1/permits/{queued}/questions", {"text": "Hẹn mấy giờ?"})
    withdrawn = send(f"/v1/permits/{queued}/decision-withdrawal", {})
    rules = [
        *employers,
        Rule("POST", f"{numbered}/questions", OFFICER, asked, good=frozenset({201, 409})),
        Rule("POST", f"{numbered}/decision-withdrawal", OFFICER, withdrawn, good=none_waits),
        Rule("POST", answered, OFFICER, answer, good=none_waits),
        Rule("GET", "/v1/permit-queue", OFFICER, send("/v1/permit-queue"), is_filtered=True),
        Rule("GET", "/v1/appeals", OFFICER, send("/v1/appeals"), is_filtered=True),
        Rule("GET", "/v1/permit-summary", OFFICER, send("/v1/permit-summary"), is_scoped=False),
        Rule("GET", "/v1/permit-changes", planners, send(change)),
        Rule(
            "GET",
            "/v1/permit-changes/rollouts",
            planners,
            send("/v1/permit-changes/rollouts"),
            is_scoped=False,
        ),
        Rule("POST", f"{numbered}/suspension", OFFICER, suspend),
        Rule("POST", f"{numbered}/reinstatement", OFFICER, reinstate),
        Rule("POST", f"{numbered}/revocation", OFFICER, revoke, good=once),
        Rule("POST", f"{numbered}/decision", OFFICER, settle, good=once),
        Rule("POST", "/v1/verifications", SCANNER, send("/v1/verifications", scan)),
        Rule("POST", "/v1/gate-actions", SCANNER, send("/v1/gate-actions", acts), is_scoped=False),
        Rule("PUT", "/v1/shifts/{shift_id}", SCANNER, send("/v1/shifts/mot-ca-truc-1", shift)),
        Rule("GET", "/v1/shifts", SUPERVISED, send("/v1/shifts"), is_filtered=True),
        Rule("GET", "/v1/gate-actions/summary", LEADERS, send("/v1/gate-actions/summary"), is_scoped=False),
        Rule("GET", "/v1/gate-actions", SUPERVISED, send("/v1/gate-actions"), is_filtered=True),
        Rule("POST", "/v1/scans", SCANNER, send("/v1/scans", upload), is_scoped=False),
        Rule("PUT", "/v1/checkpoints/{checkpoint_id}", LEADERS, place_it),
        Rule("PUT", "/v1/directives/{area_code}", LEADERS, order_it),
        Rule("POST", "/v1/directives/{area_code}/withdrawal", LEADERS, withdraw_it, good=absent),
        *(
            Rule("GET", f"/v1/revocations/{end}", SCANNER, send(f"/v1/revocations/{path}"), is_scoped=False)
            for end, path in (("head", "head"), ("full", "full"), ("changes/{first}/{last}", "changes/1/1"))
        ),
        Rule("GET", "/v1/keys", ADMINISTRATOR, send("/v1/keys"), is_scoped=False),
        Rule("POST", "/v1/keys/rotation", ADMINISTRATOR, rotate, is_scoped=False),
        Rule("GET", "/v1/checkpoints/board", ON_DUTY, send("/v1/checkpoints/board"), is_scoped=False),
        Rule("GET", "/v1/checkpoints/{checkpoint_id}/board", ON_DUTY, one_post),
        Rule("GET", "/v1/flags", INSPECTORS, send("/v1/flags"), is_scoped=False),
        Rule("POST", f"{numbered}/flag-clearance", INSPECTORS, clear, is_scoped=False, good=absent),
        Rule("POST", post_flag, INSPECTORS, clear_post, is_scoped=False, good=absent),
        Rule("PUT", "/v1/keys/{kid}/accept-until", ADMINISTRATOR, shorten, is_scoped=False, good=absent),
        Rule("POST", kid, ADMINISTRATOR, no_key, is_scoped=False, good=absent),
    ]
    lists = {
        ("GET", f"/v1/{name}") for name in ("trust-list", "policies", "checkpoints", "directives", "places")
    }
    stream = ("GET", "/v1/checkpoints/board/stream")
    own = {("GET", f"{numbered}{end}") for end in ("", "/qr.png", "/permit.pdf", "/card.pdf")}
    own |= {("GET", f"{numbered}/why"), ("POST", f"{numbered}/appeals"), ("GET", "/v1/permit-questions")}
    own |= {("POST", f"{numbered}/questions/{{question_id}}/reply")}
    told_below = lists | own | {("POST", "/v1/permits"), ("GET", "/v1/permits"), stream}
    told_below |= {("POST", f"{numbered}/cancellation")}
    expected = {f"{method} {path} is not in the access table" for method, path in told_below}
    place = Place(inside=("164", "19"), outside=("172",))
    assert set(await access_faults(province.app, province.client, rules, place)) == expected


async def test_everybody_on_duty_reads_the_lists_and_nobody_else(province: Province) -> None:
    for name in ("trust-list", "policies", "checkpoints", "directives", "places"):
        assert (await province.client.get(f"/v1/{name}")).status_code == 401
        for role in ("citizen", "checkpoint_officer", "permit_officer", "administrator"):
            assert (await province.get(f"/v1/{name}", role)).status_code == 200


async def test_officers_citizens_and_employers_see_only_what_is_theirs(province: Province) -> None:
    await province.confirmed_firm("cong-ty-mau")
    permit = (
        await province.post("/v1/permits", application_body(), "employer", subject="cong-ty-mau")
    ).json()
    for path in ("", "/qr.png", "/permit.pdf", "/why"):
        address = f"/v1/permits/{permit['permit_id']}{path}"
        assert (await province.get(address, "permit_officer", ("164",))).status_code == 200
        assert (await province.get(address, "permit_officer", ("172",))).status_code == 404
        assert (await province.get(address, "citizen", (), person_id=province.person_id)).status_code == 200
        assert (await province.get(address, "citizen", (), person_id="p-khac")).status_code == 404
        assert (await province.get(address, "employer", subject="cong-ty-mau")).status_code == 200
        assert (await province.get(address, "employer", subject="cong-ty-khac")).status_code == 404
        assert (await province.get(address, "checkpoint_officer")).status_code == 403
        assert (await province.get(address, "health_officer")).status_code == 403


async def test_lists_hold_only_what_the_reader_may_see(province: Province) -> None:
    await province.post("/v1/permits", application_body(), "employer", subject="cong-ty-mau")

    async def seen(role: str, areas: tuple[str, ...] = (), **claims: Any) -> int:
        reply = await province.get("/v1/permits", role, areas, **claims)
        return len(reply.json()["items"])

    assert await seen("permit_officer", ("164",)) == 1
    assert await seen("permit_officer", ("172",)) == 0
    assert await seen("permit_officer") == 0
    assert await seen("citizen", person_id=province.person_id) == 1
    assert await seen("citizen", person_id="p-khac") == 0
    assert await seen("employer", subject="cong-ty-mau") == 1
    assert await seen("employer", subject="cong-ty-khac") == 0
    assert (await province.get("/v1/permits", "checkpoint_officer")).status_code == 403


async def test_applications_are_taken_from_those_who_may_ask(province: Province) -> None:
    async def applied(
        role: str, areas: tuple[str, ...], *, category: str = "essential-goods", **claims: Any
    ) -> int:
        body = application_body(person=fresh_person(), category=category)
        reply = await province.post("/v1/permits", body, role, areas, **claims)
        return int(reply.status_code)

    assert await applied("permit_officer", ("164",)) == 201
    assert await applied("permit_officer", ("172",)) == 403
    assert await applied("employer", ("172",)) == 201
    assert await applied("employer", ("172",), category="factory-work") == 201
    assert await applied("employer", ("172",), category="medical-visit") == 403
    assert await applied("citizen", ()) == 403
    for role in ("health_officer", "doctor", "checkpoint_officer", "ioc_operator", "leader", "partner"):
        assert await applied(role, ("19",)) == 403


async def test_holders_and_their_employer_give_a_permit_back_and_nobody_else(province: Province) -> None:
    await province.confirmed_firm("cong-ty-mau")
    mine = {"person_id": province.person_id}
    for role, who in (("citizen", mine), ("employer", {"subject": "cong-ty-mau"})):
        permit = (
            await province.post("/v1/permits", application_body(), "employer", subject="cong-ty-mau")
        ).json()
        path = f"/v1/permits/{permit['permit_id']}/cancellation"
        for stranger, claims in (("citizen", {"person_id": "p-khac"}), ("employer", {"subject": "khac"})):
            assert (await province.post(path, {}, stranger, (), **claims)).status_code == 404
        assert (await province.post(path, {}, "permit_officer")).status_code == 403
        assert (await province.post(path, {}, role, (), **who)).json()["status"] == "revoked"
        assert (await province.post(path, {}, role, (), **who)).status_code == 409
        assert (await province.scan(qr=permit["qr"]))["reason_code"] == "revoked"


async def test_holders_see_their_own_scans_in_words_of_no_illness(province: Province) -> None:
    permit = (await province.apply()).json()
    for checkpoint in ("thai-nguyen", "phu-binh", "thai-nguyen"):
        await province.scan(qr=permit["qr"], checkpoint_id=checkpoint)
        province.clock.move(HOUR / 60)
    mine = await province.get("/v1/my/scans?limit=2", "citizen", (), person_id=province.person_id)
    assert [row["words"] for row in mine.json()["items"]] == ["Được qua", "Không qua"]
    assert mine.json()["items"][1]["because"] == "Nơi này không ghi trong giấy."
    more = f"/v1/my/scans?limit=2&cursor={mine.json()['next']}"
    rest = await province.get(more, "citizen", (), person_id=province.person_id)
    assert [row["checkpoint_name"] for row in rest.json()["items"]] == ["Chốt thai-nguyen"]
    assert (await province.get("/v1/my/scans", "citizen", (), person_id="p-khac")).json()["items"] == []
