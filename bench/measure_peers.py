"""The peers of ``bench.measure``, run by the interpreter of their own environment: the same work by their own means."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPLICATES, PREDICTORS = 500, 8


def path_models(path: Path) -> Callable[[], list[float]]:
    """plspm: the model with its resamples; its answer as the estimates in the order of the paths."""
    import pandas
    from plspm.config import MV, Config, Structure
    from plspm.mode import Mode
    from plspm.plspm import Plspm
    from plspm.scheme import Scheme

    told, data = json.loads((path.parent / "model.json").read_text(encoding="utf-8")), pandas.read_csv(path)

    def work() -> list[float]:
        structure = Structure()
        for source, target in told["paths"]:
            structure.add_path([source], [target])
        config = Config(structure.path(), scaled=False)
        for name, items in told["blocks"].items():
            config.add_lv(name, Mode.A, *[MV(item) for item in items])
        fit = Plspm(
            data,
            config,
            Scheme.CENTROID,
            iterations=300,
            tolerance=1e-7,
            bootstrap=True,
            bootstrap_iterations=REPLICATES,
        )
        fit.bootstrap().paths()
        found = fit.path_coefficients()
        return [float(found.loc[target, source]) for source, target in told["paths"]]

    return work


def drivers(path: Path) -> Callable[[], list[float]]:
    """pingouin: the first column by the next ones, with the relative importance it calls relimp (LMG)."""
    import pandas
    import pingouin

    data = pandas.read_csv(path)
    outcome, predictors = data.iloc[:, 0], data.iloc[:, 1 : PREDICTORS + 1]

    def work() -> list[float]:
        found: Any = pingouin.linear_regression(predictors, outcome, relimp=True)
        return [float(value) for value in found["relimp"][1:]]

    return work


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempt", choices=("pls", "drivers"), required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--tries", type=int, required=True)
    args = parser.parse_args()
    work = {"pls": path_models, "drivers": drivers}[args.attempt](args.file)
    figures, seconds = work() if args.attempt == "drivers" or args.tries > 1 else [], []
    for _ in range(args.tries):
        started = time.perf_counter()
        figures = work()
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": statistics.median(seconds), "figures": figures}))


if __name__ == "__main__":
    main()
