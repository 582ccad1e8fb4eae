"""The document-level rules: each takes the spans of an article and gives better ones.

A rule is here because it gains on held-out news with the news model or on the base model without harm to the other; the
figures are in the closing note of the issue that brought it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.entities.gazetteer import look_up
from pipeline.entities.lexicon import START, by_start
from pipeline.entities.spans import Reading, Span, is_capitalised, without_overlaps

Rule = Callable[[Reading, list[Span]], list[Span]]

_INFINITIVE_OR_PARTICIPLE = ("er", "ir", "oir", "re", "ant", "é", "ée", "és", "ées")
_AFTER_PLACE = frozenset({",", "(", "/", "-", "–", "—", "."})  # of a dateline
_PROOF = frozenset({"evidence", "acronym", "lexicon", "dateline"})  # methods that know more than the model
_EVIDENCE = 3  # mentions that a legal form, a role noun or the word lists weigh as much as
_APPOSITION = 5  # words from "fabricant" to the name


def trim(reading: Reading, spans: list[Span]) -> list[Span]:
    """Spans without line breaks, punctuation or a determiner at their edges."""
    trimmed = []
    for span in spans:
        start, end = span.start, span.end
        breaks = [i for i in range(start, end) if "\n" in reading.words[i]]
        if breaks and breaks[0] > start:
            end = breaks[0]
        while start < end and not _may_begin(reading, start, span.label):
            start += 1
        while start < end and not _may_end(reading, end - 1):
            end -= 1
        if start < end:
            trimmed.append(replace(span, start=start, end=end))
    return trimmed


def _may_begin(reading: Reading, i: int, label: str) -> bool:
    word = reading.words[i]
    if label == "PER" and word in ("de", "d'") and is_capitalised(reading.after(i + 1)):
        return True  # de Gaulle, d'Ormesson
    return any(c.isalnum() for c in word) and word not in reading.lexicon.determiners


def _may_end(reading: Reading, i: int) -> bool:
    word = reading.words[i]
    if word in ("!", "+") and reading.glued[i]:
        return True  # Yahoo!, Canal+
    return any(c.isalnum() for c in word) and word not in reading.lexicon.danglers


def generic_heads(reading: Reading, spans: list[Span]) -> list[Span]:
    """`aéroport d'Orly` -> `Orly`, `affaire Troadec` -> `Troadec`: a common noun in front is no part of a place or person.

    Of places only those heads go that are no part of the name (`lac Léman` but `île de Ré`, `rue de Rivoli`).
    """
    kept = []
    for span in spans:
        first = next(
            (i for i in range(span.start, span.end) if any(c.isupper() or c.isdigit() for c in reading.words[i])), span.end
        )
        head = reading.lower[span.start]
        strip = (
            head in reading.lexicon.generic_heads
            if span.label == "LOC"
            else span.label == "PER" and head not in reading.lexicon.particles
        )
        if not strip or first == span.start:
            kept.append(span)
        elif first < span.end:
            kept.append(replace(span, start=first))
    return kept


def titles(reading: Reading, spans: list[Span]) -> list[Span]:
    """`M. Valls` -> `Valls`, `Président Obama` -> `Obama`."""
    kept = []
    for span in spans:
        start = span.start
        while span.label == "PER" and start < span.end - 1 and reading.lower[start] in reading.lexicon.titles:
            start += 1
        kept.append(replace(span, start=start))
    return kept


def demonyms(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Français` is no place; of `Autrichienne Nadine Fest` the person stays."""
    kept = []
    for span in spans:
        start, label = span.start, span.label
        while start < span.end and reading.lower[start] in reading.lexicon.demonyms and label in ("LOC", "PER", "MISC"):
            if reading.lower[start] in reading.lexicon.demonym_places and (start + 1 == span.end):
                break
            start += 1
        if start == span.end:
            continue
        if start > span.start and span.end - start > 1:
            label = "PER"
        kept.append(replace(span, start=start, label=label))
    return kept


def junk(reading: Reading, spans: list[Span]) -> list[Span]:
    """Without hashtags, single letters, common nouns with a capital and sentence-initial verbs."""
    return [span for span in spans if not _is_junk(reading, span)]


def _is_junk(reading: Reading, span: Span) -> bool:
    word, low = reading.words[span.start], reading.lower[span.start]
    if "#" in reading.of(span) or reading.before(span.start) == "#":
        return True
    if (
        not any(c.isupper() for w in reading.of(span) for c in w)
        and (span.label == "PER" or span.end - span.start == 1)
        and span.label != "ORG"
    ):
        return True
    if reading.before(span.start) in ("d'", "coup") and reading.lower[max(span.start - 2, 0)] == "coup" and low == "état":
        return True
    if low == "coup" and span.end - span.start <= 3:
        return True
    if span.end - span.start > 1:
        return False
    if len(word) == 1 or low in reading.lexicon.junk:
        return True
    if word.isupper():
        return False
    if low.endswith("s") and reading.pos[span.start] in ("NOUN", "ADJ") and low in reading.words:
        return True  # "Employés" beside "employés"
    if low.endswith("s") and reading.pos[span.start] == "NOUN" and span.label == "MISC" and reading.words.count(word) == 1:
        return True
    initial = reading.sent_start[span.start] or reading.before(span.start) in ("-", "–")
    verbal = reading.pos[span.start] in ("VERB", "AUX") or (
        reading.pos[span.start] == "NOUN" and low.endswith(_INFINITIVE_OR_PARTICIPLE)
    )
    return initial and verbal and not _stands_inside(reading, word)


def _stands_inside(reading: Reading, word: str) -> bool:
    """Whether `word`, with its capital, stands in the middle of a sentence too: then it is a name after all."""
    return any(
        other == word and not reading.sent_start[i] and reading.before(i) not in ("-", "–", "«", '"')
        for i, other in enumerate(reading.words)
    )


def particles(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Gendt` -> `De Gendt`, `Marc Ladreit` -> `Marc Ladreit de Lacharrière`: a particle ties surnames together."""
    taken = {i: span for span in spans for i in range(span.start, span.end)}
    grown = []
    for span in spans:
        if span.label == "PER":
            start = span.start - 1 if _capital_particle(reading, span.start - 1) and span.start - 1 not in taken else span.start
            end = span.end + 2 if span.end - span.start > 1 and _of_surname(reading, span.end, taken) else span.end
            if (start, end) != (span.start, span.end):
                grown.append(replace(span, start=start, end=end, method="particle"))
                continue
        grown.append(span)
    return without_overlaps(grown)


def _capital_particle(reading: Reading, i: int) -> bool:
    """Whether the token at `i` is a particle with a capital that no sentence start or colon explains."""
    return (
        i > 0
        and is_capitalised(reading.words[i])
        and reading.lower[i] in reading.lexicon.particles
        and not reading.sent_start[i]
        and any(c.isalnum() for c in reading.words[i - 1])
    )


def _of_surname(reading: Reading, i: int, taken: dict[int, Span]) -> bool:
    """Whether `de` and a capitalised word that names no place stand at `i`."""
    word = reading.after(i + 1)
    if reading.after(i) not in ("de", "d'") or not is_capitalised(word) or word.isupper() or is_capitalised(reading.after(i + 2)):
        return False
    other = taken.get(i + 1)
    return (
        (other is None or (other.end - other.start == 1 and other.label in ("LOC", "MISC")))
        and not look_up(word)
        and _has_no_article(reading, i + 1)
    )


def _has_no_article(reading: Reading, i: int) -> bool:
    return reading.lower[i] not in reading.lexicon.demonyms and reading.lower[i] not in reading.lexicon.junk


def runs(reading: Reading, spans: list[Span]) -> list[Span]:
    """`François Hollande Manuel Valls`, as lists and captions run them together, are two persons."""
    result = []
    for span in spans:
        firsts = [i for i in range(span.start, span.end) if reading.words[i] in reading.lexicon.first_names]
        if (
            span.label == "PER"
            and span.end - span.start == 4
            and firsts == [span.start, span.start + 2]
            and not any(reading.glued[span.start + 1 : span.end])
        ):
            result += [replace(span, end=span.start + 2, method="run"), replace(span, start=span.start + 2, method="run")]
        else:
            result.append(span)
    return result


def overlong(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Brockman Leaders` -> `Brockman`: what begins with the surname of a person of the article, and stands once, ends there."""
    counts = Counter(reading.of(span) for span in spans)
    surnames = {
        reading.words[span.end - 1]
        for span in spans
        if span.label == "PER" and span.end - span.start > 1 and counts[reading.of(span)] > 1
    } - {word.capitalize() for word in reading.lexicon.particles}
    return [
        replace(span, end=span.start + 1, label="PER", method="overlong")
        if span.end - span.start == 2 and reading.words[span.start] in surnames and counts[reading.of(span)] == 1
        else span
        for span in spans
    ]


def acronyms(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Confédération générale du travail (CGT)`: both are the same organisation, wherever the model put its bounds.

    The expansion is found backwards from the acronym's letters, after Schwartz and Hearst (2003).
    """
    labels = {i: span.label for span in spans for i in range(span.start, span.end)}
    found = []
    for start, acronym in expansions(reading):
        inside = {labels[i] for i in (*range(start, acronym - 1), acronym) if i in labels}
        if "ORG" in inside or (inside <= {"MISC"} and is_capitalised(reading.words[start])):
            found.append(Span(start, acronym - 1, "ORG", "acronym"))
            found.append(Span(acronym, acronym + 1, "ORG", "acronym"))
    taken = {i for span in found for i in range(span.start, span.end)}
    return sorted([span for span in spans if taken.isdisjoint(range(span.start, span.end))] + found, key=lambda span: span.start)


def expansions(reading: Reading) -> list[tuple[int, int]]:
    """Where an organisation's name is followed by its acronym in brackets: start of the name, place of the acronym."""
    pairs = []
    for i in range(2, len(reading.words) - 1):
        word = reading.words[i]
        if (
            reading.words[i - 1] == "("
            and reading.words[i + 1] in (")", ",")
            and 2 <= len(word) <= 8
            and sum(c.isupper() for c in word) >= 2
            and word.isalpha()
            and reading.prose[i]
        ):
            start = _expansion_start(reading, i - 1, word.upper())
            if start is not None:
                pairs.append((start, i))
    return pairs


def _expansion_start(reading: Reading, end: int, acronym: str) -> int | None:
    """Where the words whose initials are `acronym` begin, going back from `end`; None if they do not fit."""
    i, left = end - 1, len(acronym) - 1
    while i >= 0 and left >= 0 and end - i <= 2 * len(acronym) + 4:
        word = reading.words[i]
        if "\n" in word or word in {",", ".", ";", ":", "(", ")", "«", "»"}:
            return None
        parts = [part for part in word.replace("-", " ").split() if part]
        initials = "".join(_plain(part[0]) for part in parts)
        if initials and acronym[: left + 1].endswith(initials):
            left -= len(initials)
        elif word.lower() not in reading.lexicon.unlettered:
            return None
        if left < 0:
            return i if is_capitalised(word) or word.lower() not in reading.lexicon.determiners else None
        i -= 1
    return None


def _plain(letter: str) -> str:
    return {"É": "E", "È": "E", "À": "A", "Ç": "C"}.get(letter.upper(), letter.upper())


def known_names(reading: Reading, spans: list[Span]) -> list[Span]:
    """Well-known organisations and places (`data/entities`) that the model missed, cut or took for something else."""
    known = reading.lexicon.known
    relabelled = [
        replace(span, label=label, method="lexicon")
        if (label := known.get(reading.name(span), span.label)) != span.label
        else span
        for span in spans
    ]
    return _merge(reading, relabelled, _occurrences(reading, reading.lexicon.known_by_start), "lexicon")


def hyphens(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Isle` + `-sur-la-Sorgue`, `I` + `-Télé`: what hyphens join is one name, though the tokeniser parts it."""
    chains = {i: chain for chain in _chains(reading) if _is_one_name(reading, spans, chain) for i in range(*chain)}
    grown = []
    for span in spans:
        start = chains.get(span.start, (span.start, 0))[0]
        end = max(span.end, chains.get(span.end - 1, (0, span.end))[1])
        grown.append(span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end, method="hyphen"))
    return without_overlaps(grown)


def _is_one_name(reading: Reading, spans: list[Span], chain: tuple[int, int]) -> bool:
    """`Loire-Atlantique` is, `Canada-UE` is not: where the model saw two names the gazetteer must know the whole."""
    inside = sum(chain[0] <= span.start and span.end <= chain[1] for span in spans)
    return inside == 1 or (inside > 1 and bool(look_up(reading.name(Span(*chain, "LOC")))))


def _chains(reading: Reading) -> Iterator[tuple[int, int]]:
    """The names of several tokens that hyphens without white space tie together, from one capital to another."""
    i, last = 0, len(reading.words) - 1
    while i < last:
        end = i + 1
        if is_capitalised(reading.words[i]):
            j = i + 1
            while j < last and reading.glued[j] and reading.glued[j + 1] and reading.words[j] == "-":
                j += 1
                if reading.words[j] in ("d'", "l'") and reading.glued[j + 1]:
                    j += 1
                j += 1
                if is_capitalised(reading.words[j - 1]):
                    end = j
            if end > i + 1:
                yield i, end
        i = end


def datelines(reading: Reading, spans: list[Span]) -> list[Span]:
    """`PARIS, 3 mars (agence)`: in capitals at the head of a paragraph the name of a place is one, whatever the model says."""
    return [replace(span, label="LOC", method="dateline") if _is_dateline(reading, span) else span for span in spans]


def _is_dateline(reading: Reading, span: Span) -> bool:
    opens = span.start == 0 or "\n" in reading.words[span.start - 1]
    if not opens or span.label == "LOC" or not reading.name(span).isupper() or reading.after(span.end) not in _AFTER_PLACE:
        return False
    return any(place.rank == 0 for place in look_up(reading.name(span)))


def evidence(reading: Reading, spans: list[Span]) -> list[Span]:
    """`le PDG d'X`, `le constructeur X`, `X SARL`: X is an organisation."""
    return [replace(span, label="ORG", method="evidence") if _is_organisation(reading, span) else span for span in spans]


def _is_organisation(reading: Reading, span: Span) -> bool:
    """Whether a legal form or a role that only organisations have stands beside a name that is not yet one."""
    if span.label == "ORG" or (span.label == "PER" and span.end - span.start > 1):
        return False
    last, following = reading.lower[span.end - 1], reading.after(span.end)
    if is_capitalised(reading.words[span.start]) and span.end - span.start > 1 and last in reading.lexicon.legal_forms:
        return True
    if is_capitalised(following) and following.lower() in reading.lexicon.legal_forms:
        return True
    i = span.start - 1
    if span.label in {"PER", "MISC"} and _is_called_company(reading, i):
        return True
    if span.label == "MISC" or span.end - span.start > 3 or i < 1 or reading.lower[i] not in ("d'", "de", "du"):
        return False  # works, sites and products have founders and editors too
    return any(
        " ".join(reading.lower[max(i - n, 0) : i]).replace("' ", "'") in reading.lexicon.roles_of_organisation
        for n in (1, 2, 3, 4)
    )


def _is_called_company(reading: Reading, i: int) -> bool:
    """Whether "le fabricant d'emballages" or the like ends at `i`: what it is called is a company."""
    for j in range(i, max(i - _APPOSITION, 0), -1):
        if reading.lower[j] in reading.lexicon.companies:
            return reading.lower[j - 1] in reading.lexicon.determiners
        if reading.pos[j] not in {"NOUN", "ADJ"} and reading.lower[j] not in ("d'", "de"):
            return False
    return False


def vote(reading: Reading, spans: list[Span]) -> list[Span]:
    """One label per name: what most mentions say, evidence counting thrice; a surname goes with its full name."""
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for span in spans:
        counts[_key(reading, span)][span.label] += _weight(span)
    surnames = set()
    for name in {_key(reading, span) for span in spans if span.label == "PER" and span.end - span.start > 1}:
        for cut in range(1, len(name)):
            if name[cut:] in counts and _winner(counts[name]) == "PER":
                # A surname that is no place's name is a person's, even where the model mostly thought otherwise.
                known_place = any(place.rank < 2 for place in look_up(" ".join(name[cut:])))
                counts[name[cut:]]["PER"] += counts[name]["PER"] * (1 if known_place else _EVIDENCE)
                surnames.add(name[cut:])
    proven = {_key(reading, span) for span in spans if span.method in _PROOF}
    for name, labels in counts.items():
        if name in proven:  # MISC is no counter-evidence: the model says it of what it does not know
            del labels["MISC"]
        if (
            len(labels) > 1
            and name not in surnames
            and any(place.rank == 0 and place.kind == "country" for place in look_up(" ".join(name)))
        ):
            labels["LOC"] += 2 * _EVIDENCE
    winners = {name: _winner(labels) for name, labels in counts.items()}
    return [
        span if winners[_key(reading, span)] == span.label else replace(span, label=winners[_key(reading, span)], method="vote")
        for span in spans
    ]


def _weight(span: Span) -> int:
    """Votes of one mention; MISC is what the model says where it does not know."""
    if span.method in _PROOF:
        return 2 * _EVIDENCE
    return 1 if span.label == "MISC" else 2


def _key(reading: Reading, span: Span) -> tuple[str, ...]:
    words = reading.lower[span.start : span.end]
    return words[:-1] if len(words) > 1 and words[-1] in reading.lexicon.legal_forms else words


def _winner(labels: Counter[str]) -> str:
    """The label with most votes; of equals a person, then an organisation, MISC last."""
    return min(labels, key=lambda label: (-labels[label], ("PER", "ORG", "LOC", "MISC").index(label)))


def propagate(reading: Reading, spans: list[Span]) -> list[Span]:
    """A name marked once is marked wherever it stands; so is the surname of a person with a full name."""
    names: dict[str, str] = {}
    for span in spans:
        if _spreads(reading, span):
            names[reading.name(span)] = span.label
    for span in spans:
        if span.label == "PER":
            surname = next((i for i in range(span.start + 1, span.end) if is_capitalised(reading.words[i])), span.end)
            short = replace(span, start=surname)
            if surname < span.end and reading.glued[surname] is False and _spreads(reading, short):
                names.setdefault(reading.name(short), "PER")
    return _merge(reading, spans, _occurrences(reading, by_start(names)), "propagated")


def _spreads(reading: Reading, span: Span) -> bool:
    words, first = reading.of(span), reading.words[span.start]
    if len(words) > 1:
        return any(is_capitalised(word) for word in words)
    low = first.lower()
    return len(first) > 2 and is_capitalised(first) and low not in reading.lexicon.junk and low not in reading.lexicon.demonyms


def _occurrences(reading: Reading, names: dict[str, list[tuple[str, str]]]) -> list[Span]:
    """Every place in the prose where one of `names` stands, from token to token."""
    found = []
    text, ends = reading.text, reading.ends
    for i, start in enumerate(reading.starts):
        options = names.get(text[start : start + START])
        if options and reading.prose[i]:
            for name, label in options:
                if text.startswith(name, start) and (end := ends.get(start + len(name))):
                    found.append(Span(i, end, label))
    return found


def _merge(reading: Reading, spans: list[Span], found: list[Span], method: str) -> list[Span]:
    """`spans` and those of `found` that lie free or swallow shorter spans whole, and are no part of a longer name."""
    merged = list(spans)
    for new in without_overlaps(found):
        rivals = [span for span in merged if span.start < new.end and new.start < span.end]
        if any(span.start <= new.start and new.end <= span.end for span in rivals):
            continue
        if any(span.start < new.start or new.end < span.end for span in rivals):
            continue
        if not rivals and _continues(reading, new):
            continue
        merged = [span for span in merged if span not in rivals]
        merged.append(replace(new, method=method))
    return sorted(merged, key=lambda span: span.start)


def _continues(reading: Reading, span: Span) -> bool:
    """Whether a capitalised neighbour shows that `span` is only a part of a longer name."""
    left, right = reading.words[span.start - 1] if span.start else "", reading.after(span.end)
    left_joins = (
        is_capitalised(left)
        and not reading.sent_start[span.start - 1]
        and left.lower() not in reading.lexicon.titles
        and left.lower() not in reading.lexicon.demonyms
    )
    right_joins = is_capitalised(right) and not reading.sent_start[min(span.end, len(reading.words) - 1)]
    return span.end - span.start == 1 and (left_joins or right_joins)


RULES: tuple[Rule, ...] = (
    hyphens,
    trim,
    generic_heads,
    titles,
    demonyms,
    junk,
    particles,
    runs,
    overlong,
    acronyms,
    known_names,
    datelines,
    evidence,
    vote,
    propagate,
    evidence,  # of the mentions that the model had missed
    vote,
)


def apply_rules(reading: Reading, spans: list[Span], rules: tuple[Rule, ...] = RULES) -> list[Span]:
    """`spans` after every rule in turn."""
    for rule in rules:
        spans = rule(reading, spans)
    return without_overlaps(spans)
