"""The columns by which files name a person, whole number or not (`named_persons`), and a certificate."""

from app.domain.exchange.imports.kind import ImportColumn
from app.domain.exchange.imports.kinds.words import ID_KINDS

PERSON_COLUMNS = (
    ImportColumn("name", "姓名", "Name", "张小燕", also=("教师姓名", "学员姓名", "学习者姓名")),
    ImportColumn("id_kind", "证件类型", "ID kind", "居民身份证", words=ID_KINDS),
    ImportColumn(
        "id_number", "证件号码", "ID number, whole or masked, or its last 4 to 6 characters",
        secret=True,
        also=(
            "身份证号", "身份证号码", "身份证件号", "证件号", "证件号码后四位", "身份证号后四位",
            "身份证后四位", "身份证后六位", "证件尾号",
        ),
    ),
    ImportColumn("school", "所在学校", "School", also=("学校", "学校名称", "工作单位", "任教学校")),
)  # fmt: skip
CERTIFICATE_FILE = ImportColumn(
    "certificate_file", "证书文件", "File of the certificate, handed in at the unit before, by its name",
    "张小燕证书.pdf", also=("电子证书", "电子证书文件"),
)  # fmt: skip
