"""How two words of a sentence hang together."""

from __future__ import annotations

from pipeline.events.tree import Token, once

_UP, _DOWN = 5, 4
FAR = "far"


def path(token: Token, other: Token) -> str:
    """The dependency labels from `token` up to the first word above both, then down to `other`; "far" where it is long."""
    down = _ways_down(other)
    labels: list[str] = []
    node = token
    for _ in range(_UP):
        if node in down:
            return ">".join(labels) + down[node]
        if node.head is node:
            break
        labels.append(node.dep_)
        node = node.head
    return FAR


@once
def _ways_down(token: Token) -> dict[Token, str]:
    """For the words above `token` the dependency labels down to it."""
    ways, way, node = {token: "^"}, [], token
    for _ in range(_DOWN):
        if node.head is node:
            break
        way.append(node.dep_)
        node = node.head
        ways[node] = "^" + "/".join(way)
    return ways


def distance(token: Token, other: Token) -> str:
    """Where `token` stands from `other`, in six sizes to either side."""
    steps = token.i - other.i
    return _STEPS.get(steps) or ("-more" if steps < 0 else "+more")


def _step(steps: int) -> str:
    return f"{'-' if steps < 0 else '+'}{next(size for size in (0, 1, 2, 4, 8, 16) if abs(steps) <= size)}"


_STEPS = {steps: _step(steps) for steps in range(-16, 17)}
