"""Orders to check (检查通知): a bureau asks the units below it to look at themselves, and evaluates them.

「学校每学年都应进行校本培训工作的总结和自查。县(市)区要组织专门力量……进行中期和终期评估」 (岳市教发〔2013〕18号
第二十六条); the city does the same with its counties (第二十八条). Each order carries its number on the
approved list of inspections (教育部减负通知), and nothing of it leads to a teacher's own assessment.
"""

from app.domain.quality.check_orders.order import (
    CHECK_ORDERS,
    CheckKind,
    CheckOrder,
    CheckOrderNotFound,
    CheckOrderView,
    check_orders_by_id,
    get_check_order,
    list_check_orders,
)

__all__ = [
    "CHECK_ORDERS",
    "CheckKind",
    "CheckOrder",
    "CheckOrderNotFound",
    "CheckOrderView",
    "check_orders_by_id",
    "get_check_order",
    "list_check_orders",
]
