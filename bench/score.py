"""``python -m bench.score``: a million sheets scored, beside the bare group-by of the same engine.

Both read the same file with the same threads and count sheets by product × item × answer; the bare one is written by
hand and throws its result away, the scoring also looks for doubled sheets, unknown answers and bad dates, and gives the
exact figures. Each try is a process of its own, the two take turns, the best of three counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from manyi.commands.score import read_rules
from manyi.measure.waves import evaluate
from manyi.tables.wave import read_wave

PROCEDURE, PRODUCTS, TRIES, YEAR = "P12", 20, 3, 2026
HEAD = ("sheet_no", "customer_id", "product", "returned_on")


def make(folder: Path, sheets: int, seed: int) -> dict[str, Path]:
    """The same seeded sheets as Parquet and as CSV."""
    form = read_rules(PROCEDURE)[0].questionnaire
    grades = [grade.key for grade in form.scale.grades]
    answers = [*grades[:3], *grades, ""]
    listed = ", ".join(f"'{answer}'" for answer in answers)
    items = ", ".join(
        f"nullif(([{listed}])[1 + (hash(i, {n}, {seed}) % {len(answers)})::INT], '') AS {key}"
        for n, key in enumerate(form.item_keys)
    )
    paths = {"parquet": folder / "sheets.parquet", "csv": folder / "sheets.csv"}
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE made AS SELECT 'S' || lpad(i::VARCHAR, 8, '0') AS sheet_no, "
            f"'C' || lpad((i // {PRODUCTS})::VARCHAR, 7, '0') AS customer_id, "
            f"'Product ' || (i % {PRODUCTS})::VARCHAR AS product, "
            f"DATE '{YEAR}-12-05' + (hash(i, {seed}) % 27)::INT AS returned_on, {items}, "
            f"CASE WHEN hash(i, -{seed}) % 50 = 0 THEN 'too slow' END AS comment FROM range({sheets}) t(i)"
        )
        connection.execute(f"COPY made TO '{paths['parquet']}' (FORMAT parquet)")
        connection.execute(f"COPY made TO '{paths['csv']}' (FORMAT csv, HEADER)")
    return paths


def bare(path: Path, items: tuple[str, ...]) -> int:
    """What the engine alone needs: one scan, the counts fetched and thrown away."""
    if path.suffix == ".parquet":
        relation = f"read_parquet('{path}')"
    else:
        heads = (*HEAD, *items, "comment")
        columns = ", ".join(f"'{head}': 'VARCHAR'" for head in heads)
        relation = f"read_csv('{path}', header=true, auto_detect=false, delim=',', quote='\"', columns={{{columns}}})"
    sets = ", ".join(f"(product, {item})" for item in items)
    which = " ".join(f"WHEN GROUPING({item}) = 0 THEN {n}" for n, item in enumerate(items))
    answer = " ".join(f"WHEN GROUPING({item}) = 0 THEN {item}" for item in items)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT product, CASE {which} END, CASE {answer} END, count(*) FROM {relation} "
            f"GROUP BY GROUPING SETS ({sets})"
        ).fetchall()
    return sum(row[-1] for row in rows) // len(items)


def attempt(what: str, path: Path) -> dict[str, float]:
    """One measured try, in this process: seconds, MiB at the peak, sheets counted."""
    rules, _ = read_rules(PROCEDURE)
    started, cpu = time.perf_counter(), time.process_time()
    if what == "score":
        counted = evaluate(rules, read_wave(path, rules)).sheets
    else:
        counted = bare(path, rules.questionnaire.item_keys)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu": time.process_time() - cpu, "mib": peak(), "sheets": counted}


def peak() -> float:
    """The largest this process has been, in MiB; of the process itself, not of the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(path: Path, tries: int = TRIES) -> dict[str, dict[str, float]]:
    """The best try of both on one file, taken in turns."""
    best: dict[str, dict[str, float]] = {}
    for _ in range(tries):
        for what in ("bare", "score"):
            command = [sys.executable, "-m", "bench.score", "--attempt", what, "--file", str(path)]
            done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parents[1])
            told = json.loads(done.stdout)
            if what not in best or told["seconds"] < best[what]["seconds"]:
                best[what] = told
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sheets", type=int, default=1_000_000)
    parser.add_argument("--engine-file", choices=("parquet", "csv"), help="only this kind of file (default: both)")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--attempt", choices=("bare", "score"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attempt:
        print(json.dumps(attempt(args.attempt, args.file)))
        return
    print(
        f"{args.sheets:,} sheets · {os.cpu_count()} cores · "
        f"Python {platform.python_version()} · DuckDB {duckdb.__version__}"
    )
    with TemporaryDirectory(prefix="manyi-bench-") as folder:
        for kind, path in make(Path(folder), args.sheets, args.seed).items():
            if args.engine_file in (None, kind):
                report(kind, path, args.sheets)


def report(kind: str, path: Path, sheets: int) -> None:
    """Print one line of figures; a scoring that lost sheets is no result."""
    best = compare(path)
    assert {best[what]["sheets"] for what in best} == {sheets}
    for what, title in (("score", "scoring"), ("bare", "bare group-by")):
        told = best[what]
        print(f"{kind:8} {title:14} {told['seconds']:6.2f} s  {told['cpu']:6.2f} s cpu  {told['mib']:5.0f} MiB")
    ratios = (
        f"{best['score'][of] / best['bare'][of]:.2f} {name}" for of, name in (("seconds", "time"), ("cpu", "cpu"))
    )
    print(f"{kind:8} ratio          {', '.join(ratios)}", flush=True)


if __name__ == "__main__":
    main()
