"""What a path model says before any data: constructs, the items that measure them, and which construct leads to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Mode = Literal["A", "B"]
Scheme = Literal["centroid", "factorial", "path"]


@dataclass(frozen=True, slots=True)
class PathModel:
    """Constructs in the order of their blocks; ``leads[i, j]`` is true where construct i leads to construct j."""

    constructs: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    modes: tuple[Mode, ...]
    paths: tuple[tuple[str, str], ...]
    owner: NDArray[np.intp]
    leads: NDArray[np.bool_]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item, block after block: the columns of the data."""
        return tuple(item for block in self.blocks for item in block)

    @property
    def member(self) -> NDArray[np.float64]:
        """1 where an item (row) belongs to a construct (column), else 0."""
        found: NDArray[np.float64] = (self.owner[:, None] == np.arange(len(self.constructs))).astype(np.float64)
        return found

    def sources(self, construct: int) -> NDArray[np.intp]:
        """The constructs that lead to ``construct``."""
        return np.flatnonzero(self.leads[:, construct])

    @property
    def endogenous(self) -> NDArray[np.intp]:
        """The constructs something leads to."""
        return np.flatnonzero(self.leads.any(axis=0))


def path_model(
    paths: Sequence[Sequence[str]], blocks: Mapping[str, Sequence[str]], modes: Mapping[str, str] | None = None
) -> PathModel:
    """The checked model of ``paths`` ([from, to]) and ``blocks`` (construct → items); ``modes`` says A or B, A if unsaid.

    Refuses no paths, unknown or unconnected constructs, empty blocks, an item in two places, a path said twice, and paths
    that run in a circle: PLS estimates recursive models only (Wold 1982).

    >>> path_model([["A", "B"]], {"A": ["x1", "x2"], "B": ["y"]}).items
    ('x1', 'x2', 'y')
    """
    names = tuple(blocks)
    said = dict(modes or {})
    _check_blocks(blocks)
    _check_paths(paths, names)
    for name, mode in said.items():
        if name not in blocks:
            raise _unknown("modes", name, names)
        if mode not in ("A", "B"):
            raise _refuse("unknown_mode", f"modes.{name}", mode, "A 或 B", "A or B",
                          "反映型写 A，形成型写 B", "Write A for reflective, B for formative")  # fmt: skip
    kinds: tuple[Mode, ...] = tuple("B" if said.get(name) == "B" else "A" for name in names)
    place = {name: k for k, name in enumerate(names)}
    leads = np.zeros((len(names), len(names)), dtype=np.bool_)
    for source, target in paths:
        leads[place[source], place[target]] = True
    return PathModel(
        names,
        tuple(tuple(items) for items in blocks.values()),
        kinds,
        tuple((source, target) for source, target in paths),
        np.repeat(np.arange(len(names)), [len(items) for items in blocks.values()]),
        leads,
    )


def loose_blocks(blocks: Mapping[str, Sequence[str]]) -> PathModel:
    """Constructs without paths between them, for what needs no more than which items belong together."""
    _check_blocks(blocks)
    names = tuple(blocks)
    return PathModel(
        names,
        tuple(tuple(items) for items in blocks.values()),
        tuple("A" for _ in names),
        (),
        np.repeat(np.arange(len(names)), [len(items) for items in blocks.values()]),
        np.zeros((len(names), len(names)), dtype=np.bool_),
    )


def _check_blocks(blocks: Mapping[str, Sequence[str]]) -> None:
    for name, items in blocks.items():
        if not items:
            raise _refuse("empty_block", f"blocks.{name}", [], "至少一个题目", "at least one item",
                          "为该潜变量列出题目", "List the items of this construct")  # fmt: skip
    seen: set[str] = set()
    for name, items in blocks.items():
        for item in items:
            if item in seen:
                raise _refuse("item_twice", f"blocks.{name}", item, "每个题目只属于一个潜变量", "every item in one block, once",
                              "删去重复；确需两用时另存一列", "Remove it; to use it twice, give the column a second name")  # fmt: skip
            seen.add(item)


def _check_paths(paths: Sequence[Sequence[str]], names: tuple[str, ...]) -> None:
    if not paths:
        raise _refuse("no_paths", "paths", [], "至少一条路径", "at least one path",
                      '例如 paths = [["质量", "满意"]]', 'For example paths = [["Quality", "Satisfaction"]]')  # fmt: skip
    seen: set[tuple[str, str]] = set()
    graph: dict[str, set[str]] = {name: set() for name in names}
    for source, target in paths:
        for name in (source, target):
            if name not in names:
                raise _unknown("paths", name, names)
        if (source, target) in seen:
            raise _refuse("path_twice", "paths", [source, target], "每条路径写一次", "every path once",
                          "删去重复的路径", "Remove the repeated path")  # fmt: skip
        seen.add((source, target))
        graph[target].add(source)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise _refuse("cyclic_paths", "paths", " → ".join(circle.args[1]), "不成环的路径", "paths that run in no circle",
                      "去掉环上的一条路径", "Remove one path of the circle") from None  # fmt: skip
    loose = [name for name in names if not any(name in pair for pair in seen)]
    if loose:
        raise _refuse("construct_without_path", "blocks", loose[0], "至少有一条路径的潜变量", "constructs with at least one path",
                      "为它加一条路径，或删去其题目组", "Give it a path or remove its block")  # fmt: skip


def _unknown(param: str, name: str, names: tuple[str, ...]) -> Refusal:
    return _refuse("unknown_construct", param, name, f"其中之一：{'、'.join(names)}", f"one of {', '.join(names)}",
                   "在 blocks 中列出它的题目", "List its items under blocks")  # fmt: skip


def _refuse(code: str, param: str, got: object, zh: str, en: str, zh_hint: str, en_hint: str) -> Refusal:
    return Refusal(code, param, got, Text(zh, en), Text(zh_hint, en_hint))
