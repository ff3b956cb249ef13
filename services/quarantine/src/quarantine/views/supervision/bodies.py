"""What people send about supervision."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from common.http.bodies import Body
from quarantine.domain.supervision.model import BreachState, ContactKind, ContactResult, NeedKind

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]
MaybeWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Latitude = Annotated[float, Field(ge=-90, le=90, description="Vĩ độ, độ (WGS 84)")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="Kinh độ, độ (WGS 84)")]


class PlaceBody(Body):
    """Vị trí của máy lúc trả lời."""

    latitude: Latitude
    longitude: Longitude
    accuracy_metres: float = Field(ge=0, le=1_000_000, description="Sai số, mét")
    is_mock: bool = Field(default=False, description="Máy báo vị trí giả lập")


class AnswerBody(Body):
    """Trả lời điểm danh; không lấy được vị trí thì nói vì sao."""

    place: PlaceBody | None = None
    no_place_because: Literal["denied", "unavailable", "timeout"] | None = Field(
        default=None, description="Vì sao không có vị trí"
    )


class HomeBody(Body):
    """Vị trí nơi cách ly."""

    latitude: Latitude
    longitude: Longitude


class ContactBody(Body):
    """Một cuộc gọi hoặc một lần đến nhà."""

    kind: ContactKind = Field(description="Gọi điện hoặc đến nhà")
    result: ContactResult = Field(description="Gặp, không gặp, không liên lạc được, từ chối")
    words: MaybeWords = Field(default="", description="Ghi chú")


class NeedBody(Body):
    """Cần giúp đỡ."""

    kind: NeedKind = Field(description="Lương thực, thuốc, việc khác")
    words: MaybeWords = Field(default="", description="Cần gì, bao nhiêu, khi nào")


class HelpedBody(Body):
    """Đã giúp."""

    words: MaybeWords = Field(default="", description="Đã làm gì")


class BreachBody(Body):
    """Ghi một vi phạm mà cán bộ thấy hoặc được báo."""

    at: AwareDatetime = Field(description="Lúc vi phạm, có múi giờ")
    words: Words = Field(description="Thấy gì, ở đâu, ai báo")


class FollowUpBody(Body):
    """Xử lý vi phạm."""

    state: BreachState = Field(description="Đã giải trình, xác nhận vi phạm, khép lại")
    words: Words = Field(description="Kết quả, lời giải trình")
