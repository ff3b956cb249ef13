"""What merging refuses, in words that say what to do next."""

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class MergeNotPossible(Invalid):
    """The two files cannot be one person's, or the wrong one would survive."""

    slug = "merge-not-possible"
    title = "Không gộp được hai hồ sơ này"


class FileMerged(DomainError):
    """The file already yielded to another one."""

    slug = "file-merged"
    kind = Kind.CONFLICT
    title = "Hồ sơ đã được gộp"


class MergeOutdated(DomainError):
    """One of the files is not what the officer saw any more."""

    slug = "merge-outdated"
    kind = Kind.CONFLICT
    title = "Hồ sơ vừa thay đổi"


class MergeWithdrawn(DomainError):
    """The merge was taken back meanwhile."""

    slug = "merge-withdrawn"
    kind = Kind.CONFLICT
    title = "Lần gộp này đã bị huỷ"


class UndoNotPossible(DomainError):
    """The merge is too old, or the file was changed since."""

    slug = "undo-not-possible"
    kind = Kind.CONFLICT
    title = "Không hoàn tác được"


class MergeNotFound(NotFound):
    """No such merge, or not one of the caller's areas."""

    slug = "merge-not-found"
    title = "Không tìm thấy lần gộp này"
