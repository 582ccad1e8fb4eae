"""Turns folded text into tokens, and every token into one character of a small alphabet.

A rule of the grammar is then a short regular expression over these characters: "NUM UNIT" instead of all the spellings of
numbers and units. Words that no rule knows share one character, so most of a text is skipped at the speed of `re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.dates import numbers

UNKNOWN, UNKNOWN_CAPITAL = "x", "X"
NEWLINE = "\n"
_FIRST_CODE = 0xE000  # the private use area of Unicode: no clash with a character of any text
FIRST_YEAR, LAST_YEAR = 1000, 2199

_TOKEN = re.compile(
    r"""
    (?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:t|[ ]{1,2})[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?
        (?:z|[+-][0-9]{2}:?[0-9]{2})?(?![0-9]))
    |(?P<phone>[0-9]{2}(?:[ ][0-9]{2}){3,}(?![0-9]))
    |(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:]))
    |(?P<parts>[0-9]+(?:[-/.][0-9]+)+)
    |(?P<big>[0-9]{1,3}(?:[ ][0-9]{3})+(?![0-9]))
    |(?P<decimal>[0-9]+,[0-9]+)
    |(?P<number>[0-9]+)(?P<ordinal>(?:er|ere|eme|ieme|nde|nd|re|e|[ ]er)(?![a-z]))?
    |(?P<quarter>(?<![a-z0-9])[ts][1-4](?![a-z0-9]))
    |(?P<word>[a-zœæß]+'?)
    |(?P<newline>\n\s*)
    |(?P<other>[^\s])
    """,
    re.VERBOSE,
)
_ROMAN = re.compile(r"([IVX]|[IVXLC]{2,})(?:e|è|ᵉ|ème|ième|er|E)?")  # not "Le", "Ce"
_NUMERIC_DATES = (
    re.compile(r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})([-/.])(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4}|[0-9]{2})"),
)
_NUMERIC_MONTHS = (
    re.compile(r"(?P<m>0?[1-9]|1[0-2])[/](?P<y>[12][0-9]{3})"),
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})[/](?P<m>0?[1-9]|1[0-2])"),
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})-(?P<m>0?[1-9]|1[0-2])"),
    re.compile(r"(?P<m>0[1-9]|1[0-2])-(?P<y>(?:19|20)[0-9]{2})"),
)
_DOTTED_MONTH = re.compile(r"((?:19|20)[0-9]{2})\.(0?[1-9]|1[0-2])")
_POINT_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]")
_WEEKDAY_END = re.compile(r"\b(?:lun|mar|mercre|jeu|vendre|same)di\Z|\bdimanche\Z")  # "lundi10 février": the space was lost
_SOFT_LINE = range(55, 110)  # a line this long was wrapped by width, not ended on purpose


@dataclass(slots=True)
class Token:
    """One lexical unit of the folded text; offsets are into the article."""

    start: int
    end: int
    form: str
    code: str
    value: int | None = None
    capital: bool = False
    parts: tuple[int, ...] = ()  # year, month, day (hour, minute, second) of numeric dates


@dataclass(frozen=True)
class Lexicon:
    """The words that rules know. `tables` gives a word's value in each of its classes."""

    tables: Mapping[str, Mapping[str, Any]]
    codes: Mapping[str, str]
    merges: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(repr=False)

    def code(self, key: str) -> str | None:
        return self.codes.get(key)

    def members(self, name: str) -> str:
        """All codes of a class: of the lexicon's own classes and of the lexer's (NUM, DAY, YEAR ...)."""
        if name in self.tables:
            keys = {word_key(word) for word in self.tables[name]}
        elif name == "WORD":  # any word without a meaning of its own for time
            meant = {word_key(word) for table in self.tables.values() if table is not self.tables["PERSON"] for word in table}
            keys = {key for key in self.codes if key.startswith("w:")} - meant | {"x", "X"}
        elif name in _CLASSES:
            keys = _CLASSES[name]
        else:
            raise KeyError(name)
        return "".join(sorted({self.codes[key] for key in keys if key in self.codes}))


def word_key(word: str) -> str:
    """The alphabet key of a word as it is written in a rule or in the lexicon."""
    if word.isdigit():
        return f"n:{word}"
    parts = re.findall(r"[a-z]+|-", word)
    number = numbers.read(parts)
    if number and number[1] == len(parts) and word not in ("un", "une"):
        return f"v:{number[0]}" if number[0] < 100 else "v:big"
    return f"w:{word}"


def _digit_keys(values: Iterable[int]) -> set[str]:
    return {f"n:{value}" for value in values} | {f"n:{value:02d}" for value in values}


def _word_keys(values: Iterable[int]) -> set[str]:
    return {f"v:{value}" for value in values}


_NUMERALS = {"n:3", "n:4", "n:big", "n:decimal", "v:big"}
_CLASSES: dict[str, set[str]] = {
    "NUM": _digit_keys(range(100)) | _word_keys(range(100)) | {"n:3", "n:big", "n:decimal", "v:big", "w:un", "w:une"},
    "PLURAL": _digit_keys(range(2, 100)) | _word_keys(range(2, 100)) | {"n:3", "n:big", "v:big"},
    "DAY": _digit_keys(range(1, 32)) | _word_keys(range(2, 32)) | {"o:1", "w:premier"},
    "HOUR": _digit_keys(range(25)) | _word_keys(range(2, 25)) | {"w:une"},
    "MINUTE": {f"n:{value:02d}" for value in range(60)} | _word_keys(range(2, 60)) | _digit_keys(range(1, 60)),
    "MM": _digit_keys(range(1, 13)),
    "YEAR": {"n:year", "v:year"},
    "DIGITYEAR": {"n:year"},
    "YY": {f"n:{value:02d}" for value in range(100)},
    "TENS": _digit_keys(range(10, 100, 10)) | _word_keys(range(10, 100, 10)),
    "MERIDIAN": {"n:3", "n:4", "n:year"},
    "DIGITS": _digit_keys(range(100)) | {"n:3", "n:year", "n:4"},
    "ORDINAL": {"o:1", "o:n"},
    "ROMAN": {"roman"},
    "STAMP": {"stamp"},
    "NUMDATE": {"numdate"},
    "NUMMONTH": {"nummonth"},
    "DOTMONTH": {"dotmonth"},
    "SLASHED": {"slashed"},
    "CLOCK": {"clock"},
    "QUARTER": {"quarter"},
    "NUMBER": _digit_keys(range(100)) | _word_keys(range(100)) | _NUMERALS | {"n:year", "w:un", "w:une"},
    "NAME": {"X"},
    "UNKNOWN": {"x"},
    "COMMA": {"p:,"},
    "DOT": {"p:."},
    "HYPHEN": {"p:-"},
    "SLASH": {"p:/"},
    "COLON": {"p::"},
    "SEMICOLON": {"p:;"},
    "LPAR": {"p:("},
    "RPAR": {"p:)"},
    "PERCENT": {"p:%", "p:‰"},
    "CURRENCY": {"p:€", "p:$", "p:£"},
    "DEGREE": {"p:°"},
    "PLUS": {"p:+"},
    "OPENQUOTE": {"p:«", 'p:"', "p:“"},
    "CLOSEQUOTE": {"p:»", 'p:"', "p:”"},
    "APOSTROPHE": {"p:'"},
    "NEWLINE": {"p:\n"},
}


def build(tables: Mapping[str, Mapping[str, Any]], literals: Iterable[str]) -> Lexicon:
    """A lexicon of `tables` and of the words that rules name literally (several words joined by spaces or hyphens merge)."""
    words = sorted({word for table in tables.values() for word in table} | set(literals))
    keys = sorted({key for keys in _CLASSES.values() for key in keys} | {word_key(word) for word in words})
    codes = {key: chr(_FIRST_CODE + index) for index, key in enumerate(keys)}
    codes |= {"x": UNKNOWN, "X": UNKNOWN_CAPITAL, "p:\n": NEWLINE}
    merges: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for word in words:
        parts = tuple(re.findall(r"[a-zœæß]+'?|[0-9]+", word))
        if len(parts) > 1:
            merges.setdefault(parts[0], []).append((parts[1:], word))
    longest_first = {first: tuple(sorted(rest, key=lambda item: -len(item[0]))) for first, rest in merges.items()}
    return Lexicon(tables, codes, longest_first)


def tokenise(lexicon: Lexicon, text: str, folded: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, `folded` being the whole text folded."""
    bound = Token(start, start, "\n", NEWLINE)  # the beginning of a text is the beginning of a line
    raw = [bound, *_split(lexicon, text, folded, start, end)]
    return _merge(lexicon, _number_words(lexicon, raw))


def _split(lexicon: Lexicon, text: str, folded: str, start: int, end: int) -> list[Token]:
    tokens: list[Token] = []
    line_start = start
    for match in _TOKEN.finditer(folded, start, end):
        kind = match.lastgroup
        if kind == "ordinal":
            kind = "number"
        if kind == "word":
            tokens.append(_word(lexicon, text, match))
        elif kind == "newline":
            if not _is_soft(folded, line_start, match.start(), match.end(), start):
                tokens.append(Token(match.start(), match.end(), "\n", NEWLINE))
            line_start = match.end()
        elif kind == "other":
            form = match[0]
            tokens.append(Token(match.start(), match.end(), form, lexicon.codes.get(f"p:{form}", UNKNOWN)))
        else:
            tokens.extend(_numeral(lexicon, folded, match, str(kind)))
    return tokens


def _is_soft(folded: str, line_start: int, line_end: int, next_start: int, text_start: int) -> bool:
    """Whether a line break only wraps a long line: then it counts as a space. A title's line never does."""
    return (
        folded.count("\n", line_end, next_start) == 1
        and line_start > text_start
        and line_end - line_start in _SOFT_LINE
        and folded[line_end - 1] not in ".!?:;»"
        and next_start < len(folded)
        and (folded[next_start].islower() or folded[next_start].isdigit())
    )


def _word(lexicon: Lexicon, text: str, match: re.Match[str]) -> Token:
    form, start, end = match[0], match.start(), match.end()
    code = lexicon.codes.get(word_key(form)) if form in numbers.WORDS else lexicon.codes.get("w:" + form)
    if code is None and form.endswith("'") and form not in lexicon.merges:
        code, form, end = lexicon.codes.get(word_key(form[:-1])), form[:-1], end - 1
    capital = text[start].isupper()
    if capital and (roman := _ROMAN.fullmatch(text, start, end)) and len(form) > (1 if code else 0):
        return Token(start, end, form, lexicon.codes["roman"], _roman(roman[1]), True)
    value = numbers.read([form]) if form in numbers.WORDS else None
    return Token(start, end, form, code or (UNKNOWN_CAPITAL if capital else UNKNOWN), value[0] if value else None, capital)


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[char] for char in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _numeral(lexicon: Lexicon, folded: str, match: re.Match[str], kind: str) -> list[Token]:
    form, start, end = match[0], match.start(), match.end()
    if (
        start
        and folded[start - 1].isalpha()
        and not _after_hour(folded, start)
        and not _WEEKDAY_END.search(folded, max(0, start - 9), start)
    ):
        return [Token(start, end, form, UNKNOWN)]  # A380, G20
    if kind == "stamp":
        values = [int(part) for part in re.findall(r"[0-9]+", form)[:6]]
        return [Token(start, end, form, lexicon.codes["stamp"], None, False, tuple(values))]
    if kind == "clock":
        values = [int(part) for part in form.split(":")]
        valid = values[0] <= 24 and all(value < 60 for value in values[1:])
        return [Token(start, end, form, lexicon.codes["clock"] if valid else UNKNOWN, None, False, tuple(values))]
    if kind == "parts":
        return _parts(lexicon, form, start, end)
    if kind == "quarter":
        return [Token(start, end, form, lexicon.codes["quarter"], int(form[1]))]
    if kind == "big":
        return [Token(start, end, form, lexicon.codes["n:big"], int(re.sub(r"\s", "", form)[:9]))]
    if kind == "decimal":
        return [Token(start, end, form, lexicon.codes["n:decimal"])]
    if kind == "phone":
        return [Token(start, end, form, UNKNOWN)]
    return [_number(lexicon, match)]


def _after_hour(folded: str, start: int) -> bool:
    """The minutes of "17h30": digits glued to the letter of the hour (or to "min" before seconds)."""
    return bool(re.search(r"[0-9] ?(?:h|mn?|min)$", folded[max(0, start - 6) : start]))


def _number(lexicon: Lexicon, match: re.Match[str]) -> Token:
    start, end, digits, ordinal = match.start(), match.end(), match["number"], match["ordinal"]
    if ordinal:
        value = int(digits[:9])
        return Token(start, end, match[0], lexicon.codes["o:1" if value == 1 else "o:n"], value)
    return Token(start, end, digits, lexicon.codes[_digits_key(digits)], int(digits[:9]))


def _digits_key(digits: str) -> str:
    if len(digits) <= 2:
        return f"n:{digits}"
    if len(digits) == 3:
        return "n:3"
    if len(digits) == 4:
        return "n:year" if FIRST_YEAR <= int(digits) <= LAST_YEAR else "n:4"
    return "n:big"


def _parts(lexicon: Lexicon, form: str, start: int, end: int) -> list[Token]:
    """Numbers joined by hyphens, slashes or dots: a numeric date, a range, or something that is no date."""
    if len(form) <= 10:
        for shape in _NUMERIC_DATES:
            if (match := shape.fullmatch(form)) and (parts := _plausible(int(match["y"]), int(match["m"]), int(match["d"]))):
                return [Token(start, end, form, lexicon.codes["numdate"], None, False, (*parts, len(match["y"])))]
        for shape in _NUMERIC_MONTHS:
            if match := shape.fullmatch(form):
                return [Token(start, end, form, lexicon.codes["nummonth"], None, False, (int(match["y"]), int(match["m"])))]
    if match := _DOTTED_MONTH.fullmatch(form):
        return [Token(start, end, form, lexicon.codes["dotmonth"], None, False, (int(match[1]), int(match[2])))]
    if _POINT_DECIMAL.fullmatch(form):
        return [Token(start, end, form, lexicon.codes["n:decimal"])]
    pieces = re.findall(r"[0-9]+|[-/.]", form) if len(form) <= 12 else []
    if len(pieces) != 3 or pieces[1] == ".":
        return [Token(start, end, form, UNKNOWN)]
    if pieces[1] == "/" and len(form) <= 5:
        return [Token(start, end, form, lexicon.codes["slashed"], None, False, (int(pieces[0]), int(pieces[2])))]
    tokens = []
    for piece in pieces:
        key = f"p:{piece}" if piece in "-/" else _digits_key(piece)
        value = int(piece[:9]) if piece.isdigit() else None
        tokens.append(Token(start, start + len(piece), piece, lexicon.codes[key], value))
        start += len(piece)
    return tokens


def _plausible(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _number_words(lexicon: Lexicon, tokens: list[Token]) -> list[Token]:
    """Joins "quatre-vingt-dix" and the like into one token each."""
    if not any(token.form in numbers.WORDS for token in tokens):
        return tokens
    forms = [token.form for token in tokens]
    joined: list[Token] = []
    index = 0
    while index < len(tokens):
        found = numbers.read(forms, index) if forms[index] in numbers.WORDS else None
        if found is None or found[1] == index + 1:
            joined.append(tokens[index])
            index += 1
            continue
        value, end = found
        first, last = tokens[index], tokens[end - 1]
        if value < 100:
            key = f"v:{value}"
        else:
            key = "v:year" if FIRST_YEAR < value <= LAST_YEAR and value % 1000 else "v:big"
        form = " ".join(forms[index:end])
        joined.append(Token(first.start, last.end, form, lexicon.codes[key], value, first.capital))
        index = end
    return joined


def _merge(lexicon: Lexicon, tokens: list[Token]) -> list[Token]:
    """Joins the words of "après-midi", "week end", "aujourd'hui", whatever stands between them."""
    merged: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        for rest, word in lexicon.merges.get(token.form, ()):
            end = _follow(tokens, index + 1, rest)
            if end and not _begins_longer(lexicon, tokens, end - 1):
                code = lexicon.codes[word_key(word)]
                merged.append(Token(token.start, tokens[end - 1].end, word, code, None, token.capital))
                index = end
                break
        else:
            merged.append(token)
            index += 1
    return merged


def _begins_longer(lexicon: Lexicon, tokens: Sequence[Token], index: int) -> bool:
    """Whether the last word belongs to the next expression: "fin d'après-midi" is no "d'après"."""
    return any(_follow(tokens, index + 1, rest) for rest, _ in lexicon.merges.get(tokens[index].form, ()))


def _follow(tokens: Sequence[Token], index: int, rest: Sequence[str]) -> int:
    """The index after `rest` when it follows at `index`, hyphens skipped, else 0."""
    for form in rest:
        if index < len(tokens) and tokens[index].form == "-":
            index += 1
        if index >= len(tokens) or tokens[index].form != form:
            return 0
        index += 1
    return index
