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


@once()
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
    """Where `token` stands from `other`, in five steps to either side."""
    steps = token.i - other.i
    far = abs(steps)
    size = "1" if far == 1 else "2" if far == 2 else "4" if far <= 4 else "8" if far <= 8 else "16" if far <= 16 else "more"
    return f"{'-' if steps < 0 else '+'}{size}"
