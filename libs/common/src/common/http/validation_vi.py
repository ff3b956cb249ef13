"""What is wrong with an input, in Vietnamese: pydantic's error types in words people understand."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

FALLBACK: Final = "Giá trị không hợp lệ. Hãy xem lại ô này."

_MESSAGES: Final[dict[str, str]] = {
    "missing": "Chưa điền. Ô này bắt buộc.",
    "extra_forbidden": "Trường này không có trong biểu mẫu. Hãy bỏ đi.",
    "json_invalid": "Nội dung gửi lên không phải JSON hợp lệ.",
    "json_type": "Nội dung gửi lên không phải JSON hợp lệ.",
    "string_type": "Phải là chữ.",
    "string_unicode": "Có ký tự không đọc được.",
    "string_too_short": "Quá ngắn: cần ít nhất {min_length} ký tự.",
    "string_too_long": "Quá dài: nhiều nhất {max_length} ký tự.",
    "string_pattern_mismatch": "Không đúng dạng yêu cầu.",
    "int_type": "Phải là số nguyên.",
    "int_parsing": "Phải là số nguyên.",
    "int_parsing_size": "Số quá lớn.",
    "int_from_float": "Phải là số nguyên, không có phần thập phân.",
    "float_type": "Phải là số.",
    "float_parsing": "Phải là số.",
    "decimal_type": "Phải là số.",
    "decimal_parsing": "Phải là số.",
    "finite_number": "Phải là một số hữu hạn.",
    "bool_type": "Phải là có (true) hoặc không (false).",
    "bool_parsing": "Phải là có (true) hoặc không (false).",
    "greater_than": "Phải lớn hơn {gt}.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than": "Phải nhỏ hơn {lt}.",
    "less_than_equal": "Không được quá {le}.",
    "multiple_of": "Phải là bội số của {multiple_of}.",
    "literal_error": "Chỉ nhận một trong các giá trị: {expected}.",
    "enum": "Chỉ nhận một trong các giá trị: {expected}.",
    "date_type": "Phải là ngày, dạng năm-tháng-ngày (ví dụ 2021-10-25).",
    "date_parsing": "Phải là ngày có thật, dạng năm-tháng-ngày (ví dụ 2021-10-25).",
    "date_from_datetime_parsing": "Phải là ngày có thật, dạng năm-tháng-ngày (ví dụ 2021-10-25).",
    "date_from_datetime_inexact": "Phải là ngày, không kèm giờ.",
    "date_past": "Phải là ngày đã qua.",
    "date_future": "Phải là ngày sắp tới.",
    "datetime_type": "Phải là thời điểm, ví dụ 2021-10-25T08:00:00+07:00.",
    "datetime_parsing": "Phải là thời điểm, ví dụ 2021-10-25T08:00:00+07:00.",
    "datetime_from_date_parsing": "Phải là thời điểm, ví dụ 2021-10-25T08:00:00+07:00.",
    "datetime_object_invalid": "Phải là thời điểm, ví dụ 2021-10-25T08:00:00+07:00.",
    "timezone_aware": "Thời điểm phải kèm múi giờ, ví dụ +07:00.",
    "time_type": "Phải là giờ, ví dụ 06:30.",
    "time_parsing": "Phải là giờ, ví dụ 06:30.",
    "uuid_type": "Phải là mã UUID.",
    "uuid_parsing": "Phải là mã UUID.",
    "list_type": "Phải là danh sách.",
    "tuple_type": "Phải là danh sách.",
    "set_type": "Phải là danh sách.",
    "too_short": "Cần ít nhất {min_length} mục.",
    "too_long": "Nhiều nhất {max_length} mục.",
    "dict_type": "Phải là một nhóm trường (đối tượng JSON).",
    "model_type": "Phải là một nhóm trường (đối tượng JSON).",
    "model_attributes_type": "Phải là một nhóm trường (đối tượng JSON).",
    "union_tag_invalid": "Loại này không có. Chỉ nhận: {expected_tags}.",
    "union_tag_not_found": "Thiếu trường cho biết loại.",
}
_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})


def message_of(error: Mapping[str, Any]) -> str:
    """Return what to tell the person about one pydantic *error*; never repeats the input."""
    kind = str(error.get("type", ""))
    if kind == "refused":
        return str(error.get("msg", FALLBACK))
    template = _MESSAGES.get(kind)
    if template is None:
        return FALLBACK
    context = {key: _plain(value) for key, value in (error.get("ctx") or {}).items()}
    try:
        return template.format(**context)
    except (KeyError, IndexError):
        return FALLBACK


def field_of(error: Mapping[str, Any]) -> str:
    """Return the dotted name of the input at fault, such as `person.cccd` or `items.3.scan_id`."""
    where: Sequence[Any] = error.get("loc", ())
    parts = [str(part) for index, part in enumerate(where) if index or part not in _PLACES]
    named = (error.get("ctx") or {}).get("field")
    if error.get("type") == "refused" and named and (not parts or parts[-1] != named):
        parts.append(str(named))
    if error.get("type") == "json_invalid":
        return ""
    return ".".join(parts)


def _plain(value: Any) -> str:
    """Write a limit or a list of choices the Vietnamese way."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(" or ", ", ").replace("'", "")
