"""``python -m bench.measure``: path models and key drivers beside the Python packages people use for them.

The peers are oracles, never dependencies: an environment of their own is made under a temporary folder, and where that
is not possible the line says so. Both sides work on the same seeded answers, warm, each in a process of its own; the
median of the tries counts, and the results have to agree before a ratio is printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from manyi.commands.measure.models.template import read_template
from manyi.measure.drivers import drivers
from manyi.measure.pls.bootstrap import bootstrap_path_model
from manyi.measure.pls.fit import fit_path_model
from manyi.measure.pls.model import path_model

ROWS, REPLICATES, TRIES, PREDICTORS, SEED = 250, 500, 5, 8, 12
PEERS = {"pls": ("plspm", "pandas<3"), "drivers": ("pingouin", "pandas<3")}
AIMS = {"pls": 700, "drivers": 8}


def make(folder: Path, rows: int, seed: int) -> Path:
    """A survey of the European index model, graded 1–10, as CSV; beside it the model as JSON."""
    random, template = np.random.default_rng(seed), read_template("ecsi")
    common, columns = random.normal(size=rows), {}
    for items in template.items.values():
        factor = 0.8 * common + random.normal(size=rows)
        for item in items:
            columns[item] = np.clip(np.rint(6.5 + 1.2 * factor + random.normal(size=rows)), 1, 10).astype(int)
    path = folder / "survey.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    told = {"paths": template.paths, "blocks": {name: list(items) for name, items in template.items.items()}}
    (folder / "model.json").write_text(json.dumps(told), encoding="utf-8")
    return path


def timed(work: Callable[[], Any], tries: int) -> tuple[float, Any]:
    """The median of the tries in seconds, after one that does not count, and what the work gave."""
    given, seconds = work(), []
    for _ in range(tries):
        started = time.perf_counter()
        given = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), given


def attempt(what: str, path: Path, tries: int) -> dict[str, Any]:
    """Ours, in this process: seconds and the figures that have to agree."""
    told = json.loads((path.parent / "model.json").read_text(encoding="utf-8"))
    with path.open(encoding="utf-8") as file:
        head, *body = csv.reader(file)
    table = np.array(body, dtype=np.float64)
    if what == "drivers":
        names = tuple(head[: PREDICTORS + 1])
        seconds, found = timed(lambda: drivers(table[:, : PREDICTORS + 1], names), tries)
        return {"seconds": seconds, "figures": found.lmg.tolist()}
    model = path_model(told["paths"], told["blocks"])
    data = table[:, [head.index(item) for item in model.items]]

    def work() -> Any:
        fit = fit_path_model(data, model, scheme="centroid", scaled=False)
        return fit, bootstrap_path_model(data, fit, replicates=REPLICATES, seed=SEED)

    seconds, (fit, _) = timed(work, tries)
    place = model.constructs.index
    return {"seconds": seconds, "figures": [float(fit.paths[place(a), place(b)]) for a, b in model.paths]}


def environment(folder: Path, packages: tuple[str, ...]) -> Path | None:
    """The interpreter of a new environment with the packages; ``None`` where they cannot be installed."""
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-q", *packages],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return python


def run(python: str | Path, script: list[str], what: str, path: Path, tries: int) -> dict[str, Any]:
    command = [str(python), *script, "--attempt", what, "--file", str(path), "--tries", str(tries)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:] or ["no reason given"]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def report(what: str, path: Path, tries: int, peer_tries: int) -> None:
    """One line of figures for a peer that is there, one that says why not for one that is not."""
    ours = run(sys.executable, ["-m", "bench.measure"], what, path, tries)
    peer = PEERS[what][0]
    print(f"{what:8} {'manyi':10} {ours['seconds'] * 1000:12.2f} ms")
    with TemporaryDirectory(prefix="manyi-peer-") as folder:
        python = environment(Path(folder), PEERS[what])
        if python is None:
            print(f"{what:8} {peer:10} skipped: it cannot be installed here")
            return
        theirs = run(python, [str(Path(__file__).with_name("measure_peers.py"))], what, path, peer_tries)
    if "failed" in theirs:
        print(f"{what:8} {peer:10} skipped: {theirs['failed'][0]}")
        return
    np.testing.assert_allclose(ours["figures"], theirs["figures"], atol=2e-5)
    print(f"{what:8} {peer:10} {theirs['seconds'] * 1000:12.2f} ms")
    print(f"{what:8} ratio      {theirs['seconds'] / ours['seconds']:12.0f}    (aim: {AIMS[what]} or more)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", choices=sorted(PEERS), help="only this comparison (default: all)")
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--peer-tries", type=int, default=TRIES, help="the path models of the peer take minutes each")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--attempt", choices=sorted(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attempt:
        print(json.dumps(attempt(args.attempt, args.file, args.tries)))
        return
    print(
        f"{ROWS} answers · {REPLICATES} resamples · {PREDICTORS} drivers · "
        f"Python {platform.python_version()} · numpy {np.__version__}"
    )
    with TemporaryDirectory(prefix="manyi-bench-") as folder:
        path = make(Path(folder), ROWS, args.seed)
        for what in PEERS:
            if args.only in (None, what):
                report(what, path, args.tries, args.peer_tries)


if __name__ == "__main__":
    main()
