"""What a reader may be told instead of figures."""

from datetime import date
from typing import ClassVar

from common.kernel.errors import Invalid, NotFound


class AreaUnknown(NotFound):
    """There is no such area, or the reader does not serve it."""

    slug: ClassVar[str] = "area-unknown"
    title: ClassVar[str] = "Không tìm thấy địa bàn"

    def __init__(self) -> None:
        super().__init__("Không có địa bàn này, hoặc địa bàn không thuộc phạm vi bạn được xem.")


class MetricUnknown(Invalid):
    """No figure has this name."""

    slug: ClassVar[str] = "metric-unknown"
    title: ClassVar[str] = "Không có chỉ số này"

    def __init__(self) -> None:
        super().__init__("Tên chỉ số không đúng. Xem danh sách tại /v1/definitions.", field="metric")


class MetricNowOnly(Invalid):
    """A figure that is known for now, not for past days."""

    slug: ClassVar[str] = "metric-now-only"
    title: ClassVar[str] = "Chỉ số này không có theo ngày"

    def __init__(self) -> None:
        super().__init__(
            "Chỉ số này chỉ có giá trị hiện tại, xem /v1/areas. Hãy chọn chỉ số khác.", field="metric"
        )


class PeriodImpossible(Invalid):
    """Days that have not come, are older than what is kept at hand, or end before they begin."""

    slug: ClassVar[str] = "period-impossible"
    title: ClassVar[str] = "Khoảng ngày không đúng"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"Hãy chọn khoảng ngày trong {first:%d/%m/%Y} - {last:%d/%m/%Y}, ngày đầu không sau ngày cuối.",
            field="first_day",
        )


class NotASum(Invalid):
    """The figure is counted from the state of alerts, not added up from facts."""

    slug: ClassVar[str] = "not-a-sum"
    title: ClassVar[str] = "Chỉ số này không phải là tổng của các sự kiện"

    def __init__(self) -> None:
        super().__init__(
            "Số cảnh báo chưa ai nhận được đếm từ trạng thái từng cảnh báo. Hãy xem danh sách cảnh báo, "
            "hoặc tra chỉ số 'Cảnh báo mới'.",
            field="metric",
        )


class DayUnseen(Invalid):
    """The day has not come, or is too long ago."""

    slug: ClassVar[str] = "day-unseen"
    title: ClassVar[str] = "Không có số liệu của ngày này"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"Hãy chọn một ngày từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}.", field="day")
