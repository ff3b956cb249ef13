"""What is refused about rules themselves, each with what to do next."""

from typing import ClassVar

from common.kernel.errors import Invalid


class RuleFileRefused(Invalid):
    """A rule file that could not be put into force: what is wrong in it is said."""

    slug: ClassVar[str] = "rule-file-invalid"
    title: ClassVar[str] = "Tệp quy định chưa dùng được"


class UnknownRuleset(Invalid):
    """There is no rule file of this version."""

    slug: ClassVar[str] = "unknown-ruleset"
    title: ClassVar[str] = "Không có bộ quy định này"


class DayImpossible(Invalid):
    """A day on which nothing can be foreseen."""

    slug: ClassVar[str] = "day-impossible"
    title: ClassVar[str] = "Ngày xem trước không hợp lệ"
