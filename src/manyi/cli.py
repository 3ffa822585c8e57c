"""The command ``manyi``: words into one call each. A command's module is loaded only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[argparse.Namespace], int]
DONE = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 2 input faults, 3 the procedure has lint errors."""
    parser = _parser()
    args, rest = parser.parse_known_args(argv)
    if rest and not args.passes_on:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.rest = rest
    run: Run = args.run
    try:
        return run(args)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manyi", description="满意 — runs a company's customer-satisfaction procedure."
    )
    parser.set_defaults(passes_on=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_score(commands)
    _add_procedure(commands)
    _add_clock(commands)
    _add_measure(commands)
    _add_server(commands)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON and nothing else on standard output")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of texts (default: zh)")


def _add_score(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("score", help="sheets in; figures, findings and a report out")
    parser.add_argument("input", metavar="INPUT", help=".xlsx, a folder of tables, or one .csv/.csv.gz/.parquet")
    parser.add_argument("--procedure", required=True, metavar="KEY_OR_FILE", help="P12, or a procedure file")
    parser.add_argument(
        "--wave", type=int, metavar="YEAR", help="the wave's year (default: the one year of the sheets)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write the report (Word, PDF) and a workbook of figures"
    )
    parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out and report them")
    _common(parser)

    def run(args: argparse.Namespace) -> int:
        from manyi.commands.score import run as score

        return score(args)

    parser.set_defaults(run=run)


def _add_procedure(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("procedure", help="check a procedure file")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    lint = verbs.add_parser("lint", help="everything the linter finds; exit 3 on an open error")
    lint.add_argument("file", metavar="FILE")
    _common(lint)
    schema = verbs.add_parser("schema", help="the JSON Schema of procedure files, for editors")
    replay = verbs.add_parser("replay", help="what a draft would have meant for what is on record", add_help=False)

    def run_lint(args: argparse.Namespace) -> int:
        from manyi.commands.procedure import lint

        return lint(args.file, args.json, args.lang)

    def run_schema(args: argparse.Namespace) -> int:
        from manyi.commands.procedure import schema

        return schema()

    lint.set_defaults(run=run_lint)
    schema.set_defaults(run=run_schema)
    replay.set_defaults(run=_run_managed(MANAGED["procedure replay"]), passes_on=True)


def _add_clock(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("clock", help="deadlines on a working calendar, and why")
    parser.add_argument("cases", metavar="CASES.json", help="a list of cases: calendar, from, within, pauses")
    _common(parser)

    def run(args: argparse.Namespace) -> int:
        from manyi.commands.clock import run as clock

        return clock(args.cases, args.json, args.lang)

    parser.set_defaults(run=run)


def _add_measure(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("measure", help="one method of the measurement library on a table")
    parser.add_argument("method", metavar="METHOD", help="plspm, alpha, nps, estimate, chart …")
    parser.add_argument("data", metavar="DATA.csv", help="a table with a head, in UTF-8 or GB18030")
    parser.add_argument("--spec", metavar="FILE.toml", help="the method's keys")
    _common(parser)

    def run(args: argparse.Namespace) -> int:
        from manyi.commands.measure.run import run as measure

        return measure(args)

    parser.set_defaults(run=run)


MANAGED = {"procedure replay": "replay"}
"""Words that need the database although they stand among those that do not, each with its management command."""
SERVER = {
    "setup": "name the company and its first administrator",
    "serve": "serve the pages and run the jobs beside them",
    "migrate": "bring the database up to date",
    "demo": "fill an empty installation with a demo company",
    "conformity": "every clause with its verdict, as of any instant",
    "jobs": "the clock: seals evidence, opens duties, sends what is due",
    "backup": "write a consistent backup of the data directory",
    "restore": "restore a backup into an empty data directory",
    "verify": "check the evidence chain and the files",
}


def _add_server(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands that need the database are Django management commands of the same name."""
    for name, text in SERVER.items():
        parser = commands.add_parser(name, help=text, add_help=False)
        parser.set_defaults(run=_run_managed(name), passes_on=True)


def _run_managed(name: str) -> Run:
    def run(args: argparse.Namespace) -> int:
        from manyi.jobs.command import run_command

        return run_command(name, args.rest)

    return run
