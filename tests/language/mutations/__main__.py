"""The table of all mutations, or of so many of each kind: ``python -m tests.language.mutations 6``."""

from __future__ import annotations

import sys

from tests.language.files import PROCEDURES
from tests.language.mutations import run, table

rows = run(PROCEDURES, int(sys.argv[1]) if len(sys.argv) > 1 else None)
print(table(rows))
for kind, name, site, told in rows:
    if not told.caught:
        print(f"missed: {name} {'.'.join(map(str, site.path))}: {kind} {told.ids}")
