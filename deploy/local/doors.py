"""The pages that the start page leads to, and whose they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """One page of the system and whose it is; *who* are usernames, or a prefix of usernames ending in `*`."""

    package: str
    path: str
    title: str
    text: str
    who: tuple[str, ...]


DOORS = (
    Door(
        "ioc_aggregation",
        "/",
        "Màn hình trung tâm IOC",
        "Số liệu toàn tỉnh, cập nhật từng giây.",
        ("ioc", "leader"),
    ),
    Door(
        "ioc_aggregation",
        "/bao-cao",
        "Báo cáo ngày",
        "Xem, tải báo cáo của một ngày (PDF, Excel), bản nội bộ hoặc công khai.",
        ("leader", "ioc", "health-164"),
    ),
    Door(
        "ioc_aggregation",
        "/trien-khai",
        "Bảng triển khai",
        "Nhân lực, thiết bị, ứng dụng của từng đơn vị; điểm và cách chấm; đơn vị khai số liệu.",
        ("ioc", "leader", "health-*"),
    ),
    Door(
        "ioc_aggregation",
        "/vi-sao",
        "Vì sao có số này",
        "Từ một con số tới các sự kiện phía sau; mỗi lần xem đều được ghi lại.",
        ("ioc", "health-164"),
    ),
    Door(
        "f0_monitoring",
        "/khai-bao",
        "F0 khai báo sức khỏe",
        "Khai SpO2, nhiệt độ, triệu chứng trên điện thoại, kể cả khi mất mạng.",
        ("citizen-0",),
    ),
    Door(
        "f0_monitoring",
        "/tu-khai",
        "Tự khai dương tính",
        "Người dân báo kết quả dương tính cho mình hoặc người nhà, kèm ảnh; trạm y tế xác nhận.",
        ("citizen-1",),
    ),
    Door(
        "f0_monitoring",
        "/intake",
        "Tiếp nhận F0",
        "Trạm y tế nhập danh sách Excel, xác nhận người tự khai, hoàn tất hồ sơ từ F1.",
        ("health-*",),
    ),
    Door(
        "f0_monitoring",
        "/xac-minh",
        "Xác minh giấy",
        "Kiểm tra giấy hoàn thành theo dõi y tế bằng mã QR; không cho biết vì sao được theo dõi.",
        ("checkpoint-*", "health-*"),
    ),
    Door(
        "f0_monitoring",
        "/doctor",
        "Bác sĩ theo dõi F0",
        "Danh sách theo nguy cơ, hồ sơ và diễn biến từng người.",
        ("doctor-*",),
    ),
    Door(
        "f0_monitoring",
        "/truc",
        "Lịch trực bác sĩ",
        "Xếp ca theo tuần, ai trực đêm, ai đang đầy, nơi nào sắp không có bác sĩ.",
        ("health-*", "doctor-*"),
    ),
    Door(
        "f0_monitoring",
        "/quy-tac",
        "Quy định phân loại nguy cơ",
        "Ngưỡng, văn bản, hiệu lực; thử một thay đổi trước khi áp dụng.",
        ("health-*", "doctor-*"),
    ),
    Door(
        "f0_monitoring",
        "/hen-kham",
        "F0 hẹn bác sĩ",
        "Xin tư vấn, gọi có hình với bác sĩ ngay trên điện thoại.",
        ("citizen-0",),
    ),
    Door(
        "f0_monitoring",
        "/kham",
        "Bác sĩ tư vấn từ xa",
        "Yêu cầu, lịch hẹn, phòng khám có hình, ghi kết quả.",
        ("doctor-*",),
    ),
    Door(
        "f0_monitoring",
        "/co-so",
        "Cơ sở, giường, chuyển tuyến",
        "Giường trống theo loại, nhận người chuyển đến, oxy còn bao nhiêu giờ, đề nghị chi viện.",
        ("health-*", "doctor-*"),
    ),
    Door(
        "alerting",
        "/inbox",
        "Hộp cảnh báo",
        "Cảnh báo đến đúng người, có hạn tiếp nhận và chuyển cấp.",
        ("doctor-*", "health-19", "ioc"),
    ),
    Door(
        "quarantine",
        "/khai-bao",
        "F1 khai báo hằng ngày",
        "Khai báo trong thời gian cách ly tại nhà hoặc tập trung.",
        ("citizen-1",),
    ),
    Door(
        "quarantine",
        "/diem-danh",
        "F1 điểm danh tại nhà",
        "Trả lời điểm danh bất chợt bằng vị trí của điện thoại; nhờ giúp lương thực, thuốc.",
        ("citizen-1",),
    ),
    Door(
        "quarantine",
        "/cases",
        "Quản lý cách ly",
        "Cán bộ y tế lập, theo dõi, kết thúc cách ly.",
        ("health-*",),
    ),
    Door(
        "quarantine",
        "/danh-sach",
        "Danh sách, giấy cách ly",
        "Nộp danh sách Excel của xã, nhận lại từng dòng; in quyết định, giấy hoàn thành.",
        ("health-*",),
    ),
    Door(
        "quarantine",
        "/thong-ke",
        "Thống kê cách ly",
        "Số liệu theo xã, huyện, thời gian; tải Excel, CSV, PDF.",
        ("health-*",),
    ),
    Door(
        "quarantine",
        "/co-so-cach-ly",
        "Khu cách ly tập trung",
        "Phòng, giường, ai chờ giường.",
        ("health-*",),
    ),
    Door(
        "quarantine",
        "/xac-minh-cach-ly",
        "Xác minh giấy cách ly",
        "Quét mã trên quyết định hoặc giấy hoàn thành cách ly.",
        ("checkpoint-*", "health-*"),
    ),
    Door(
        "permit",
        "/scan",
        "Quét giấy đi đường",
        "Chốt kiểm soát quét mã QR, kết quả ngay cả khi mất mạng.",
        ("checkpoint-*",),
    ),
    Door(
        "permit",
        "/gate-log",
        "Sổ ngoại lệ tại chốt",
        "Cấp trên xem chốt đã quyết định khác máy quét khi nào, vì sao, và các ca trực.",
        ("leader", "checkpoint-thai-nguyen"),
    ),
    Door(
        "permit",
        "/permits",
        "Duyệt giấy đi đường",
        "Hàng chờ theo hạn trả lời, khiếu nại, danh sách giấy, đổi chỉ thị có xem trước.",
        ("permit-19", "ward-*", "police-*", "traffic-*", "transport-*"),
    ),
    Door(
        "permit",
        "/employer",
        "Danh sách đi đường",
        "Doanh nghiệp nộp danh sách Excel, nhận giấy của người lao động.",
        ("employer-1",),
    ),
    Door(
        "permit",
        "/firms",
        "Xác nhận doanh nghiệp",
        "Cán bộ cấp giấy xác nhận doanh nghiệp mới đăng ký.",
        ("permit-19",),
    ),
    Door(
        "permit",
        "/my-permits",
        "Giấy đi đường của tôi",
        "Người dân xin giấy, mở mã QR, xem giấy đã được quét ở đâu.",
        ("citizen-1",),
    ),
    Door(
        "permit",
        "/board",
        "Bảng chốt",
        "Lượt quét, thời gian chờ và lý do không qua của từng chốt, trực tiếp.",
        ("checkpoint-*", "permit-19", "leader"),
    ),
)
