"""What can be refused of exports."""

from app.domain.errors import Conflict, NotAllowed, NotFound


class ExportNotFound(NotFound):
    """There is no such export of one's own, or it was forgotten since."""

    code = "export_not_found"
    zh = "未找到该导出，或已过期清除。"
    en = "There is no such export, or it has expired."


class ExportNotReady(Conflict):
    """There is no file to be fetched: it is not made yet, never will be, or is kept no longer."""

    code = "export_not_ready"
    zh = "导出文件尚未生成、未成功或已过期。"
    en = "The file of this export is not there: not yet, or no longer."


class ExportRightsTaken(Conflict):
    """While the file was made, who asked for it has lost rights that it was read with."""

    code = "export_rights_taken"
    zh = "导出期间发起账号的权限已被收回一部分，导出已终止，请以现有权限重新申请。"
    en = "Rights were taken away while the file was made, and so it ended: ask for it again."


class TooManyExports(Conflict):
    """One account has so many exports made at a time."""

    code = "export_limit"
    zh = "同时进行的导出最多 {most} 个，请等待完成或取消。"
    en = "At most {most} exports are made for an account at a time: wait, or cancel one."


class ExportsTooLarge(Conflict):
    """The files of one account's exports that are kept are so large together."""

    code = "export_files_limit"
    zh = "已保留的导出文件合计超过 {most} 字节，请待其到期（三天）或改用直接下载。"
    en = (
        "The files of your exports have more than {most} bytes together: wait until they expire"
        " (three days), or fetch the list at once."
    )


class ExportByDelegate(NotAllowed):
    """A delegate acts at the moment alone, and leaves no work behind."""

    code = "export_by_delegate"
    zh = "受托人不能提交后台导出，请直接下载。"
    en = "A delegate cannot have an export made: fetch the list at once instead."
