"""What a reader may be told instead of figures."""

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
