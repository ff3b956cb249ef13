"""Who may do what in the office: lists, papers, statistics."""

from typing import Any

from common.http.auth import ROLES
from common.sheets.writing import TYPE
from common.testing.access import Rule
from common.testing.sign_in import bearer
from services.quarantine.tests.stay_sheets import sheet_of

LISTED = sheet_of(
    [
        ["DANH SÁCH F1"],
        ["TT", "Họ và tên", "Năm sinh", "SĐT", "Nơi ở", "Ngày TX cuối", "Xã"],
        [1, "Trần Thị Mẫu", 1990, "0912345678", "Tổ 3", "1.8.21", "Phường Trưng Vương"],
    ]
)
OFFICIALS = frozenset({"health_officer", "administrator"})
READERS = OFFICIALS | {"doctor"}
ANYBODY = frozenset(ROLES)


async def office_rules(running: Any, person_id: str) -> list[Rule]:
    """Rules about a list that somebody else of the commune uploaded, and about an open stay."""
    headers = {**bearer("health_officer", ("05443",), subject="tram-05443"), "Content-Type": TYPE}
    made = await running.client.post("/v1/stay-lists", content=LISTED, headers=headers)
    one, case = f"/v1/stay-lists/{made.json()['list_id']}", f"/v1/cases/{person_id}"
    listed, filed = "/v1/stay-lists/{list_id}", "/v1/cases/{person_id}"
    everybody = READERS | {"citizen"}

    def asked(url: str, **more: Any) -> Any:
        return lambda: {"url": url, **more}

    def free(method: str, path: str, roles: frozenset[str], **more: Any) -> Rule:
        return Rule(method, path, roles, asked(path, **more), is_scoped=False, any_citizen=True)

    printed = {"kind": "order", "person_ids": [person_id]}
    undone = {"reason": "Nhập nhầm danh sách"}
    none = frozenset({409})
    return [
        free("GET", "/v1/stay-lists/template.xlsx", OFFICIALS),
        free("GET", "/v1/stay-lists/export.xlsx", READERS),
        free("POST", "/v1/stay-lists", OFFICIALS, content=LISTED),
        free("GET", "/v1/stay-lists", OFFICIALS),
        Rule("GET", listed, OFFICIALS, asked(one)),
        Rule("GET", f"{listed}/answers.xlsx", OFFICIALS, asked(f"{one}/answers.xlsx")),
        Rule("POST", f"{listed}/undoing", OFFICIALS, asked(f"{one}/undoing", json=undone)),
        Rule("GET", f"{filed}/order.pdf", everybody, asked(f"{case}/order.pdf"), person_id=person_id),
        Rule(
            "GET",
            f"{filed}/completion.pdf",
            everybody,
            asked(f"{case}/completion.pdf"),
            person_id=person_id,
            good=none,
        ),
        Rule("POST", "/v1/papers", OFFICIALS, asked("/v1/papers", json=printed)),
        free("POST", "/v1/paper-verifications", ANYBODY, json={"code": "QP1:X"}),
        free("GET", "/v1/paper-trust-list", ANYBODY),
        *(
            free("GET", f"/v1/statistics{kind}", READERS | {"ioc_operator"})
            for kind in ("", ".xlsx", ".csv", ".pdf")
        ),
    ]
