"""What the keys of the language are called where a change of one is told."""

from __future__ import annotations

from manyi.core.text import Text

ATTRIBUTES = {
    "title": Text("名称", "title"), "clause": Text("条款", "clause"), "code": Text("编号", "code"),
    "role": Text("责任角色", "who does it"), "within": Text("期限", "term"), "due": Text("截止日", "due day"),
    "from": Text("起算点", "counted from"), "not_before": Text("不早于", "not before"), "at_least": Text("下限", "at least"),
    "at_most": Text("上限", "at most"), "above": Text("高于", "above"), "below": Text("低于", "below"),
    "points": Text("分值", "points"), "scale": Text("等级与原始分数", "grades and raw scores"),
    "counts_as": Text("未填写按", "left empty counts as"), "where": Text("范围", "who"), "when": Text("条件", "condition"),
    "every": Text("频次", "how often"), "in": Text("月份", "month"), "event": Text("事件", "event"),
    "times": Text("次数", "times"), "covers": Text("针对的时期", "period covered"), "per": Text("每一", "for each"),
    "intake": Text("来源", "taken in by"), "called_by": Text("由谁决定", "decided by"), "fields": Text("填写项", "fields"),
    "sign": Text("签署", "signature"), "evidence": Text("证据", "evidence"), "consult": Text("会商", "heard first"),
    "inform": Text("通知", "informed"), "independent_of": Text("回避", "independent of"),
    "in_person": Text("须亲自", "in person"), "attempts": Text("尝试次数", "attempts"), "outcomes": Text("结果", "outcomes"),
    "remind": Text("提醒", "reminders"), "escalate": Text("升级", "escalation"), "number": Text("编号规则", "number"),
    "steps": Text("步骤", "steps"), "contains": Text("内容", "contents"), "gates": Text("关口", "gates"),
    "keep": Text("保存期限", "kept for"), "columns": Text("列", "columns"), "value": Text("数值", "value"),
    "owner": Text("编制部门", "drawn up by"), "calendar": Text("日历", "calendar"), "part_of": Text("隶属", "part of"),
    "one_person": Text("一人担任", "one person"), "deputy": Text("可代理", "deputy"), "channels": Text("渠道", "channels"),
    "form": Text("调查表", "form"), "method": Text("计分方法", "method"), "over": Text("以何为准", "counted over"),
    "overall": Text("总体", "overall"), "unmeasured": Text("未调查到的产品", "products unmeasured"),
    "draw": Text("抽取方式", "draw"), "counts": Text("怎样算已调查", "who counts"), "frame_on": Text("名单日期", "as of"),
    "of": Text("对象", "of"), "then": Text("转至", "leads to"), "open": Text("启动", "opens"), "needs": Text("需要", "needs"),
    "text": Text("条文", "text"), "informative": Text("说明性条款", "informative"), "items": Text("小项", "items"),
    "revision": Text("版本", "revision"), "in_force": Text("生效", "in force"), "reason": Text("理由", "reason"),
    "readings": Text("文件中的写法", "readings"), "do": Text("做法", "conduct"), "say": Text("应说", "say"),
    "never_say": Text("不说", "never say"), "ask": Text("询问", "ask"), "figure": Text("指标", "figure"),
    "distinct": Text("不同的", "distinct"), "among": Text("其中", "among"), "level": Text("水平", "level"),
    "tiers": Text("分层", "tiers"), "rows": Text("行", "rows"),
}  # fmt: skip
"""The keys that stand for themselves elsewhere (tiers, steps, opens …) have their titles in ``clauses``."""
