"""System D8 (P11): the first visit to a customer."""

from tests.library.items import Has, Item

BOOK = "playbooks.first_visit.situations"
STEPS = "records.first_visit_record.steps"

ITEMS: tuple[Item, ...] = (
    Item("D8-01", f"{STEPS}.first_call.clause", "(1)"),
    Item("D8-01", f"{STEPS}.first_call.outcomes.busy", "first_call"),
    Item("D8-01", f"{BOOK}.first_call.ask.0.zh", Has("方便")),
    Item("D8-01", f"{BOOK}.first_call.do.0.zh", Has("自我介绍")),
    Item("D8-02", f"{STEPS}.first_call.fields.first_slot.default", "next day 17:00"),
    Item("D8-02", f"{STEPS}.first_call.fields.address", "optional text"),
    Item("D8-02", f"{STEPS}.arrive.not_before", "25 minutes before agreed_at"),
    Item("D8-02", f"{STEPS}.arrive.due", "15 minutes before agreed_at"),
    Item("D8-03", f"{STEPS}.second_call.within", "next day"),
    Item("D8-03", f"{STEPS}.second_call.from", "first_call"),
    Item("D8-03", f"{STEPS}.second_call.fields.second_slot.default", "same day 16:00"),
    Item("D8-04", f"{STEPS}.second_call.outcomes.no_appointment", "next"),
    Item("D8-04", f"{STEPS}.apologise.evidence", "message"),
    Item("D8-04", f"{STEPS}.apologise.playbook", "first_visit.no_appointment"),
    Item("D8-04", f"{BOOK}.no_appointment.say.0.zh", Has("歉意")),
    Item("D8-05", f"{STEPS}.look_round.fields", Has("strengths_and_weaknesses")),
    Item("D8-05", "playbooks.first_visit.always.1.zh", "幽默而不轻浮"),
    Item("D8-05", f"{STEPS}.5.key", "meet_head"),
    Item("D8-06", f"{STEPS}.look_round.fields", Has("sells_well")),
    Item("D8-06", f"{STEPS}.look_round.fields", Has("sells_badly")),
    Item("D8-06", f"{STEPS}.look_round.fields", Has("product_range")),
    Item("D8-06", f"{BOOK}.look_round.ask.1.zh", Has("为什么")),
    Item("D8-07", f"{BOOK}.meet_head.do.0.zh", Has("名片")),
    Item("D8-07", f"{BOOK}.meet_head.do.1.zh", Has("查证")),
    Item("D8-07", f"{STEPS}.meet_head.fields.purpose", "text"),
    Item("D8-07", f"{STEPS}.meet_head.outcomes.catalogue_left.needs", "products_left"),
    Item("D8-08", "roles.visitor.title.zh", "拜访人"),
    Item("D8-08", "records.first_visit_record.of", "customer"),
    Item("D8-08", f"{STEPS}.first_call.fields.head", "contact"),
    Item("D8-08", "words.head.zh", "顾客负责人"),
    Item("D8-08", "words.staff.zh", Has("销售人员")),
)
