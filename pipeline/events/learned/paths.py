"""How two words of a sentence hang together."""

from __future__ import annotations

from pipeline.events.tree import Token

_UP, _DOWN = 5, 4
FAR = "far"


def path(token: Token, other: Token) -> str:
    """The dependency labels from `token` up to the first word above both, then down to `other`; "far" where it is long."""
    above = [other]
    while len(above) <= _DOWN and above[-1].head != above[-1]:
        above.append(above[-1].head)
    depth = {word.i: index for index, word in enumerate(above)}
    labels: list[str] = []
    node = token
    for _ in range(_UP):
        if node.i in depth:
            return ">".join(labels) + "^" + "/".join(word.dep_ for word in above[: depth[node.i]])
        if node.head == node:
            break
        labels.append(node.dep_)
        node = node.head
    return FAR


def distance(token: Token, other: Token) -> str:
    """Where `token` stands from `other`, in five steps to either side."""
    steps = token.i - other.i
    far = abs(steps)
    size = "1" if far == 1 else "2" if far == 2 else "4" if far <= 4 else "8" if far <= 8 else "16" if far <= 16 else "more"
    return f"{'-' if steps < 0 else '+'}{size}"
