"""Finds the spans of time expressions: the rules of ``data/dates/*.toml`` over the lexer's alphabet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.dates import lexer, patterns
from pipeline.dates.lexer import Lexicon, Token
from pipeline.errors import DataError

FAMILIES = ("absolute", "weekdays", "relative", "discourse", "clock", "durations", "vague", "traps")
TYPES = ("DATE", "TIME", "DURATION", "SET", "NONE")
_TRAP_PRIORITY = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the data files. `needs` are words of which a match must hold one; a rule that is `alone` holds only where
    nothing but a time can be meant."""

    rule_id: str
    family: str
    timex_type: str
    resolver: str
    compiled: patterns.Compiled
    args: Mapping[str, Any]
    priority: int
    needs: frozenset[str]
    capital: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    starting: Mapping[str, tuple[Rule, ...]]  # a token's code -> the rules that can begin with it


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tokens of one region, and their codes as one string."""

    tokens: Sequence[Token]
    codes: str


@dataclass(frozen=True, slots=True)
class Found:
    """A span that a rule matched: tokens ``first`` to ``last`` (exclusive) of `stretch`."""

    rule: Rule
    stretch: Stretch = field(repr=False)
    first: int
    last: int
    groups: Mapping[str, tuple[int, int]]

    @property
    def start(self) -> int:
        return self.stretch.tokens[self.first].start

    @property
    def end(self) -> int:
        return self.stretch.tokens[self.last - 1].end

    def token(self, name: str) -> Token | None:
        """The first token of a capture."""
        bounds = self.groups.get(name)
        return self.stretch.tokens[bounds[0]] if bounds else None

    def form(self, name: str) -> str:
        """The words of a capture, folded, or an empty string."""
        bounds = self.groups.get(name)
        return " ".join(token.form for token in self.stretch.tokens[bounds[0] : bounds[1]]) if bounds else ""

    def number(self, name: str) -> int | None:
        token = self.token(name)
        return token.value if token else None

    def neighbour(self, offset: int) -> Token | None:
        """The token `offset` before (negative) or after (positive, 1 is the next one) the span."""
        index = self.first + offset if offset < 0 else self.last + offset - 1
        return self.stretch.tokens[index] if 0 <= index < len(self.stretch.tokens) else None

    def previous(self, count: int = 1) -> str:
        """The `count` words in front, folded and joined by spaces."""
        return " ".join(token.form for token in self.stretch.tokens[max(0, self.first - count) : self.first])

    def following(self, count: int = 1) -> str:
        return " ".join(token.form for token in self.stretch.tokens[self.last : self.last + count])


@lru_cache(maxsize=1)
def load() -> Grammar:
    """The grammar of the package's data files.

    Raises:
        DataError: a file is malformed; the message names the rule.
    """
    tables = _read("lexicon")
    macros = _read("macros")
    raw = [(family, rule) for family in FAMILIES for rule in _read(family).get("rule", [])]
    fields = ("before", "not_before", "after", "not_after")
    words: set[str] = set()
    for _, rule in raw:
        for pattern in [rule["pattern"], *(text for name in fields for text in rule.get(name, []))]:
            words |= patterns.literals(pattern, macros)
    lexicon = lexer.build(tables, words)
    rules = tuple(_rule(family, rule, lexicon, macros) for family, rule in raw)
    starting: dict[str, list[Rule]] = {}
    for rule in rules:
        for code in rule.compiled.first:
            starting.setdefault(code, []).append(rule)
    return Grammar(lexicon, rules, {code: tuple(found) for code, found in starting.items()})


def _read(name: str) -> dict[str, Any]:
    path = files("pipeline.data") / "dates" / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"data/dates/{name}.toml cannot be read ({error}). Restore or mend the file.") from error


def _rule(family: str, raw: Mapping[str, Any], lexicon: Lexicon, macros: Mapping[str, str]) -> Rule:
    try:
        rule_id, timex_type = raw["id"], raw["type"]
        resolver = raw["resolve"] if timex_type != "NONE" else ""
        compiled = patterns.compile_pattern(
            raw["pattern"],
            lexicon,
            macros,
            before=raw.get("before", ()),
            not_before=raw.get("not_before", ()),
            after=raw.get("after", ()),
            not_after=raw.get("not_after", ()),
        )
    except KeyError as error:
        raise DataError(f"data/dates/{family}.toml: a rule ({raw.get('id', 'without id')}) has no {error}. Add it.") from error
    if timex_type not in TYPES:
        raise DataError(f"data/dates/{family}.toml: rule {rule_id} has type {timex_type!r}. Allowed: {', '.join(TYPES)}.")
    return Rule(
        rule_id,
        family,
        timex_type,
        resolver,
        compiled,
        raw.get("args", {}),
        raw.get("priority", _TRAP_PRIORITY if timex_type == "NONE" else 0),
        frozenset(word.strip() for word in raw.get("needs", "").split("|") if word.strip()),
        raw.get("capital", False),
        raw.get("alone", False),
    )


def find(grammar: Grammar, text: str, folded: str, start: int, end: int) -> Iterator[list[Found]]:
    """The candidates in ``text[start:end]``: one list a place, best first (priority, then length).

    Which candidate holds is for the resolver to say: it may refuse one, and then the next is tried.
    """
    tokens = lexer.tokenise(grammar.lexicon, text, folded, start, end)
    stretch = Stretch(tokens, "".join([token.code for token in tokens]))
    return _places(grammar, stretch)


def _places(grammar: Grammar, stretch: Stretch) -> Iterator[list[Found]]:
    starting = grammar.starting
    for index, code in enumerate(stretch.codes):
        rules = starting.get(code)
        if rules is None:
            continue
        found = [match for rule in rules if (match := _match(rule, stretch, index)) is not None]
        if found:
            found.sort(key=lambda match: (-match.rule.priority, -match.last))
            yield found


def _match(rule: Rule, stretch: Stretch, index: int) -> Found | None:
    match = rule.compiled.regex.match(stretch.codes, index)
    if match is None:
        return None
    last = match.end()
    if rule.needs and not any(token.form in rule.needs for token in stretch.tokens[index:last]):
        return None
    if rule.capital and not stretch.tokens[last - 1].capital:
        return None
    groups = {}
    for name, numbered in rule.compiled.captures.items():
        for group in numbered:
            if match.start(group) >= 0:
                groups[name] = match.span(group)
                break
    return Found(rule, stretch, index, last, groups)
