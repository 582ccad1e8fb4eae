"""The pattern language of the date rules, translated to regular expressions over the lexer's alphabet.

    le? d:DAY m:MONTH y:YEAR?         words stand for themselves, CAPITALS for a class, ``?`` makes optional
    (la veille | le lendemain)        groups and alternatives; ``name:`` captures, also a group
    $clock                            a macro of the data files, spelled out in place

There is no repetition but ``?``: a pattern matches a bounded number of tokens, so finding is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dates.lexer import Lexicon, word_key
from pipeline.errors import DataError

_PIECE = re.compile(r"\$[a-z_]+|[a-z]+:(?=[^\s])|[()|?]|[^\s()|?]+")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to match. `first` holds the codes that a match can begin with."""

    regex: re.Pattern[str]
    first: frozenset[str]
    captures: Mapping[str, tuple[str, ...]]  # a capture's name -> its groups (one for each time it is written)


def literals(pattern: str, macros: Mapping[str, str]) -> set[str]:
    """The words that `pattern` names."""
    return {piece for piece in _pieces(pattern, macros) if not (piece in "()|?" or piece.isupper() or piece.endswith(":"))}


def compile_pattern(
    pattern: str,
    lexicon: Lexicon,
    macros: Mapping[str, str],
    *,
    before: Sequence[str] = (),
    not_before: Sequence[str] = (),
    after: Sequence[str] = (),
    not_after: Sequence[str] = (),
) -> Compiled:
    """Compile `pattern`; the other patterns say what must, or must not, stand right around a match.

    Those of `before` and `not_before` must have one length each: no ``?`` and no alternatives of different lengths.

    Raises:
        DataError: the pattern is malformed or names an unknown class or macro.
    """
    names: dict[str, list[str]] = {}
    parser = _Parser(_pieces(pattern, macros), lexicon, pattern, names)
    body, first, nullable = parser.alternatives()
    if parser.index != len(parser.pieces) or nullable:
        raise DataError(f"date rule pattern {pattern!r}: unbalanced parentheses, or it may match nothing. Mend the pattern.")
    ahead = [_Parser(_pieces(text, macros), lexicon, text, names).alternatives()[0] for text in after]
    behind = [_Parser(_pieces(text, macros), lexicon, text, {}).alternatives()[0] for text in before]
    regex = "".join(
        (
            "(?:" + "|".join(f"(?<={text})" for text in behind) + ")" if behind else "",
            *(f"(?<!{_Parser(_pieces(text, macros), lexicon, text, {}).alternatives()[0]})" for text in not_before),
            body,
            f"(?={'|'.join(ahead)})" if ahead else "",
            *(f"(?!{_Parser(_pieces(text, macros), lexicon, text, {}).alternatives()[0]})" for text in not_after),
        )
    )
    return Compiled(re.compile(regex), frozenset(first), {name: tuple(groups) for name, groups in names.items()})


def _pieces(pattern: str, macros: Mapping[str, str], depth: int = 0) -> list[str]:
    if depth > 8:
        raise DataError(f"date rule pattern {pattern!r}: macros refer to each other in a circle.")
    pieces: list[str] = []
    for piece in _PIECE.findall(pattern):
        if piece.startswith("$"):
            if piece[1:] not in macros:
                raise DataError(f"date rule pattern {pattern!r}: unknown macro {piece}. Known: {', '.join(sorted(macros))}.")
            pieces += ["(", *_pieces(macros[piece[1:]], macros, depth + 1), ")"]
        else:
            pieces.append(piece)
    return pieces


class _Parser:
    """Recursive descent over the pieces of one pattern; each method returns (regex, first codes, may match nothing)."""

    def __init__(self, pieces: list[str], lexicon: Lexicon, pattern: str, captures: dict[str, list[str]]) -> None:
        self.pieces, self.lexicon, self.pattern = pieces, lexicon, pattern
        self.index = 0
        self.captures = captures

    def alternatives(self) -> tuple[str, set[str], bool]:
        body, first, nullable = self._sequence()
        while self._peek() == "|":
            self.index += 1
            other, other_first, other_nullable = self._sequence()
            body, first, nullable = f"{body}|{other}", first | other_first, nullable or other_nullable
        return f"(?:{body})", first, nullable

    def _sequence(self) -> tuple[str, set[str], bool]:
        bodies: list[str] = []
        first: set[str] = set()
        nullable = True
        while (piece := self._peek()) is not None and piece not in (")", "|"):
            body, item_first, item_nullable = self._item()
            bodies.append(body)
            if nullable:
                first |= item_first
            nullable = nullable and item_nullable
        return "".join(bodies), first, nullable

    def _item(self) -> tuple[str, set[str], bool]:
        piece = self.pieces[self.index]
        name = None
        if piece.endswith(":") and len(piece) > 1:
            name, self.index = piece[:-1], self.index + 1
        body, first, nullable = self._atom()
        if name:
            groups = self.captures.setdefault(name, [])
            groups.append(f"{name}_{len(groups)}")
            body = f"(?P<{groups[-1]}>{body})"
        if self._peek() == "?":
            self.index += 1
            return f"(?:{body})?", first, True
        return body, first, nullable

    def _atom(self) -> tuple[str, set[str], bool]:
        piece = self._peek()
        if piece is None or piece in (")", "|", "?"):
            raise DataError(f"date rule pattern {self.pattern!r}: a word or a class is missing before {piece!r}.")
        self.index += 1
        if piece == "(":
            inner = self.alternatives()
            if self._peek() != ")":
                raise DataError(f"date rule pattern {self.pattern!r}: a parenthesis is not closed.")
            self.index += 1
            return inner
        if piece.isupper():
            try:
                members = self.lexicon.members(piece)
            except KeyError:
                raise DataError(f"date rule pattern {self.pattern!r}: unknown class {piece}. See lexicon.toml.") from None
        else:
            members = self.lexicon.codes[word_key(piece)]
        return (f"[{members}]" if len(members) > 1 else members), set(members), False

    def _peek(self) -> str | None:
        return self.pieces[self.index] if self.index < len(self.pieces) else None
