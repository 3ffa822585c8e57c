import time, pytest
from datetime import timedelta
from tests.conftest import AT
from django.test.utils import CaptureQueriesContext
from django.db import connection
pytestmark = pytest.mark.django_db
def test_time(register, open_, take):
    open_("complaint", "zhao", {"customer": "C1", "kind": "late", "description": "x"})
    t=time.time()
    for n in range(20):
        r = open_("complaint", "zhao", {"customer": "C1", "kind": "late", "description": "x"})
    print("open", (time.time()-t)/20)
    with CaptureQueriesContext(connection) as c:
        r = open_("complaint", "zhao", {"customer": "C1", "kind": "late", "description": "x"})
    print("queries", len(c))
    import collections, re
    k=collections.Counter(re.sub(r"\d+|'[^']*'","?",q["sql"])[:150] for q in c.captured_queries)
    for s,n in k.most_common(14): print(n,s)
