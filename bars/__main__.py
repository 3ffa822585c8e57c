"""``python -m bars [--full] [KEY ...]``: run the bars and their controls, print the figures, exit 1 where one fails."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time

import bars
from bars import site
from bars.bar import Bar


def found() -> list[Bar]:
    names = sorted(m.name for m in pkgutil.iter_modules(bars.__path__) if m.name.startswith("b") and m.name != "bar")
    return [importlib.import_module(f"bars.{name}").BAR for name in names]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bars")
    parser.add_argument("keys", nargs="*", help="which bars (default: all)")
    parser.add_argument("--full", action="store_true", help="full size instead of CI size")
    args = parser.parse_args()
    passed = failed = 0
    for bar in found():
        if args.keys and bar.key.lower() not in {key.lower() for key in args.keys}:
            continue
        for engine, fault in [("sqlite", False), ("sqlite", True), *([("postgres", False)] if bar.both else [])]:
            site.ENGINE[0] = engine
            began = time.monotonic()
            outcome = bar.run(args.full and not fault, fault)
            good = outcome.held is not fault
            passed, failed = passed + good, failed + (not good)
            what = f"control: {bar.control}" if fault else bar.title
            name = f"{bar.key} on PostgreSQL:" if engine == "postgres" else bar.key
            print(
                f"{'ok  ' if good else 'FAIL'} {name} {what} — {outcome.figures} [{time.monotonic() - began:.1f} s]",
                flush=True,
            )
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
