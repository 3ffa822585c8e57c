"""The names of facts and events that need no declaration in a procedure."""

from __future__ import annotations

from manyi.core.text import Text

FACTS = {
    "annual_sales": Text("年销售额", "annual sales"),
    "country": Text("国家", "country"),
    "is_new": Text("新顾客", "new customer"),
    "has_bought": Text("已购买", "has bought"),
    "months_since_order": Text("距上次订货的月数", "months since the last order"),
    "sales.amount": Text("销售额", "sales"),
    "target": Text("目标值", "the target"),
    "previous": Text("上次结果", "the previous result"),
}
"""The names of facts that need no declaration."""
EVENTS = {
    "contract.signed": Text("签订合同", "a contract is signed"),
    "contract.executed": Text("合同执行完毕", "a contract is executed"),
    "contract.changed": Text("合同变更", "a contract is changed"),
    "bid.submitted": Text("投标", "a bid is submitted"),
    "order.accepted": Text("接受订单", "an order is accepted"),
    "delivery.accepted": Text("交付验收", "a delivery is accepted"),
    "project.commissioned": Text("项目投运", "a project is commissioned"),
    "project.accepted": Text("项目验收", "a project is accepted"),
    "project.completed": Text("项目完成", "a project is completed"),
    "product.launched": Text("新产品投放市场", "a product is launched"),
    "service.requested": Text("要求服务", "a service is asked for"),
    "service.performed": Text("完成服务", "a service is performed"),
    "quality.major_trouble": Text("重大质量问题", "major quality trouble"),
    "incident.reported": Text("报告异常", "an incident is reported"),
    "customer.first_order": Text("顾客首次订货", "a customer's first order"),
    "sales.recorded": Text("登记销售", "sales are recorded"),
    "customer.file_complete": Text("顾客档案齐全", "a customer's file is complete"),
    "trip.booked": Text("预定行程", "a trip is booked"),
    "trip.ended": Text("行程结束", "a trip has ended"),
}
ENDS = {
    "breached": Text("未达到", "not met"),
    "met_again": Text("重新达到", "met again"),
    "missed": Text("逾期", "missed"),
    "opened": Text("开始", "opened"),
    "closed": Text("结束", "closed"),
    "archived": Text("已归档", "filed"),
    "sheet": Text("收回一份调查表", "a sheet comes back"),
    "focus": Text("列入重点关注", "a point of attention"),
    "sheets": Text("调查表", "sheets"),
    "published": Text("发布", "published"),
}
"""How the events of the procedure's own work end."""
