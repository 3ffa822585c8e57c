"""System D1 (P04): conduct of online customer service."""

from tests.library.items import Has, Item

BOOK = "playbooks.chat"
ANSWER = "records.conversation.steps.answer"

ITEMS: tuple[Item, ...] = (
    Item("D1-01", "roles.agent.title.zh", "在线客服"),
    Item("D1-01", "roles.seller.title.zh", "卖家"),
    Item("D1-01", "words.buyer.zh", "买家"),
    Item("D1-01", f"{ANSWER}.role", "agent"),
    Item("D1-02", f"{BOOK}.always.0.zh", Has("和气")),
    Item("D1-02", "clauses.2.text.zh", Has("和气、有礼")),
    Item("D1-03", f"{BOOK}.situations.bargaining_buyer.clause", "3"),
    Item("D1-03", f"{BOOK}.situations.bargaining_buyer.never_say.0.zh", Has("不议价")),
    Item("D1-03", f"{BOOK}.situations.bargaining_buyer.do.1.zh", Has("薄利也是利")),
    Item("D1-04", f"{BOOK}.situations.disrespectful_buyer.do.0.zh", Has("保持礼貌")),
    Item("D1-04", f"{BOOK}.situations.disrespectful_buyer.do.1.zh", Has("问什么答什么")),
    Item("D1-05", f"{BOOK}.situations.quick_buyer.do.1.zh", Has("小礼品")),
    Item("D1-05", f"{BOOK}.situations.quick_buyer.do.2.zh", Has("及时发货")),
    Item("D1-05", "records.conversation.steps.ship.when", "situation = 'quick_buyer'"),
    Item("D1-05", "records.conversation.steps.ship.fields", Has("gift")),
    Item("D1-06", "clauses.6.title.zh", "该说与不该说"),
    Item("D1-06", BOOK, Has("say")),
    Item("D1-06", BOOK, Has("never_say")),
    Item("D1-06", f"{ANSWER}.playbook", "chat"),
    Item("D1-06", f"{ANSWER}.fields.situation.from", "playbook"),
)
