"""Names, diseases and telephone prefixes to draw people from. Family names are real, people are not."""

FAMILY_NAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Dương",
    "Lý",
    "Nông",
    "Ma",
    "Hà",
)
MIDDLE_NAMES = {
    "male": ("Văn", "Đức", "Minh", "Quang", "Hữu"),
    "female": ("Thị", "Ngọc", "Thu", "Minh", "Thanh"),
}
GIVEN_NAMES = {
    "male": (
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hùng",
        "Khánh",
        "Long",
        "Nam",
        "Phong",
        "Sơn",
        "Thắng",
        "Tuấn",
    ),
    "female": (
        "Anh",
        "Chi",
        "Dung",
        "Hà",
        "Hạnh",
        "Hoa",
        "Hương",
        "Lan",
        "Mai",
        "Nga",
        "Oanh",
        "Thảo",
        "Trang",
        "Yến",
    ),
}
CONDITIONS = ("hypertension", "diabetes", "obesity", "asthma", "cardiovascular")
PHONE_PREFIXES = ("086", "096", "097", "098", "032", "033", "081", "082", "088", "091", "090", "093")
