"""System D3 (P06): consultation in a beauty salon."""

from tests.library.items import Has, Item

BOOK = "playbooks.consultation"
STEPS = "records.visit_note.steps"

ITEMS: tuple[Item, ...] = (
    Item("D3-01", "roles.beautician.title.zh", "美容师"),
    Item("D3-01", f"{STEPS}.serve.role", "beautician"),
    Item("D3-01", "clauses.1.text.zh", Has("服务的执行者")),
    Item("D3-02", f"{STEPS}.0.key", "find_need"),
    Item("D3-02", f"{STEPS}.find_need.fields.need", "text"),
    Item("D3-02", f"{STEPS}.1.key", "propose"),
    Item("D3-02", f"{BOOK}.situations.proposal.do.1.zh", Has("尽量满足")),
    Item("D3-03", f"{BOOK}.situations.arrival.clause", "3"),
    Item("D3-03", f"{BOOK}.situations.arrival.do.1.zh", Has("温馨舒适")),
    Item("D3-04", f"{BOOK}.situations.treatment.do.0.zh", Has("高标准")),
    Item("D3-04", f"{BOOK}.situations.treatment.do.0.zh", Has("专业")),
    Item("D3-04", f"{STEPS}.serve.playbook", "consultation.treatment"),
)
