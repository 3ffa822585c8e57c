"""B21: every page says which scripts may run: those of its own origin, and no script written into it."""

from __future__ import annotations

from bars.bar import Bar, Outcome
from bars.crawl import visits
from bars.site import site

NEEDED = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")
FORBIDDEN = ("unsafe-inline", "unsafe-eval", "*")


def run(full: bool, fault: bool) -> Outcome:
    pages, wrong, kinds = 0, [], set()
    with site("bars.faults.loose" if fault else "manyi.settings") as here:
        for visit in visits(here, ("", "li") if not full else ("", "admin", "wang", "li", "zhao", "sun", "he")):
            if "text/html" not in _header(visit.answer.headers, "content-type"):
                continue
            pages += 1
            kinds.add(visit.answer.status)
            policy = _header(visit.answer.headers, "content-security-policy")
            if any(word not in policy for word in NEEDED) or any(word in policy for word in FORBIDDEN):
                wrong.append(f"{visit.path} {visit.answer.status}: {policy or 'no policy'}")
            if visit.answer.status >= 500:
                wrong.append(f"{visit.path} as {visit.person or 'nobody'}: {visit.answer.status}")
    return Outcome(
        pages > 20 and not wrong, f"{pages} pages (statuses {sorted(kinds)}), {len(wrong)} wrong {wrong[:3]}"
    )


def _header(headers: dict[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


BAR = Bar("B21", "a strict content policy on every page", "scripts in the page allowed", run, both=True)
