"""Kinds of events in words: ``plan.wave.opened`` is *survey · opened*. Only names; no room or stage is imported."""

from __future__ import annotations

from manyi.core.text import Text

NOUNS = {
    "people.company": Text("公司", "company"),
    "people.unit": Text("单位", "unit"),
    "people.person": Text("人员", "person"),
    "people.password": Text("密码", "password"),
    "people.role": Text("角色", "role"),
    "customers.customer": Text("客户", "customer"),
    "customers.customers": Text("客户", "customers"),
    "customers.contact": Text("联系人", "contact"),
    "customers.sales": Text("销售额", "sales"),
    "customers.project": Text("项目", "project"),
    "procedure.revision": Text("程序版本", "revision of a procedure"),
    "duties.duty": Text("事项", "duty"),
    "duties.feed": Text("日历链接", "calendar link"),
    "calendars.calendar": Text("工作日历", "working calendar"),
    "calendars.days": Text("节假日", "holidays"),
    "plan.wave": Text("调查", "survey"),
    "plan.sheets": Text("调查表", "sheets"),
    "plan.step": Text("调查步骤", "step of a survey"),
    "plan.target": Text("目标值", "target"),
    "plan.previous": Text("上次结果", "previous result"),
    "sample.frame": Text("顾客名单", "customers to ask"),
    "dispatch.ask": Text("发放记录", "entry of the ledger"),
    "dispatch.asks": Text("调查表", "sheets"),
    "dispatch.wave": Text("调查表发放", "dispatch"),
    "responses.sheet": Text("调查表", "sheet"),
    "responses.sheets": Text("调查表", "sheets"),
    "responses.wave": Text("调查表回收", "returns"),
    "scores.result": Text("得分", "result"),
    "reports.report": Text("报告", "report"),
    "records.record": Text("记录", "record"),
    "records.step": Text("记录步骤", "step of a record"),
    "records.row": Text("事项", "task"),
    "records.happening": Text("事件", "happening"),
    "records.arrival": Text("外来信息", "message from outside"),
    "records.entrance": Text("公开页面", "public page"),
    "records.playbook": Text("话术", "playbook"),
    "notices.robot": Text("群机器人", "robot of a group"),
    "notices.wish": Text("通知方式", "way of being told"),
    "notices.sending": Text("通知发送", "sending of notices"),
    "findings.measure": Text("指标", "measure"),
}
PASTS = {
    "founded": Text("建立", "founded"),
    "added": Text("新增", "added"),
    "disabled": Text("停用", "disabled"),
    "set": Text("设定", "set"),
    "removed": Text("删除", "removed"),
    "assigned": Text("分配", "assigned"),
    "ended": Text("结束", "ended"),
    "changed": Text("更改", "changed"),
    "registered": Text("登记", "registered"),
    "recorded": Text("登记", "recorded"),
    "imported": Text("导入", "imported"),
    "reviewed": Text("审核", "reviewed"),
    "withdrawn": Text("撤回", "withdrawn"),
    "approved": Text("批准", "approved"),
    "put_in_force": Text("生效", "put in force"),
    "opened": Text("开始", "opened"),
    "discharged": Text("完成", "done"),
    "waived": Text("豁免", "waived"),
    "superseded": Text("被替代", "superseded"),
    "missed": Text("逾期", "missed"),
    "warned": Text("提醒", "warned of"),
    "reported": Text("报告完成", "reported done"),
    "revoked": Text("收回", "revoked"),
    "done": Text("完成", "done"),
    "closed": Text("关闭", "closed"),
    "drawn": Text("确定", "drawn"),
    "sent": Text("发放", "sent"),
    "returned": Text("收回", "returned"),
    "collected": Text("完成", "collected"),
    "computed": Text("计算", "computed"),
    "made": Text("编制", "made"),
    "requested": Text("要求编制", "asked for"),
    "submitted": Text("提交", "submitted"),
    "taken": Text("完成", "done"),
    "tried": Text("尝试", "tried"),
    "heard": Text("听取意见", "heard"),
    "passed": Text("转交", "passed on"),
    "remarked": Text("备注", "remarked"),
    "corrected": Text("更正", "corrected"),
    "reopened": Text("重新打开", "reopened"),
    "voided": Text("作废", "voided"),
    "archived": Text("归档", "archived"),
    "erased": Text("删除个人信息", "erased"),
    "dropped": Text("取消", "dropped"),
    "failed": Text("未能编制", "failed"),
    "breached": Text("未达限值", "below its limit"),
    "taken_in": Text("收到", "taken in"),
    "used": Text("使用", "used"),
    "switched": Text("启停", "switched on or off"),
    "again": Text("重新发送", "sent again"),
    "met_again": Text("恢复达标", "keeps its limit again"),
}


def words_of(kind: str) -> Text:
    """A kind in words; the kind itself where it has none.

    >>> words_of("plan.wave.opened").en
    'survey · opened'
    """
    noun, _, past = kind.rpartition(".")
    if noun not in NOUNS or past not in PASTS:
        return Text(kind, kind)
    return Text(f"{NOUNS[noun].zh} · {PASTS[past].zh}", f"{NOUNS[noun].en} · {PASTS[past].en}")
