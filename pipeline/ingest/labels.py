"""What the lines around an article are made of: labels of dates, names, agencies, credits, reading times."""

from __future__ import annotations

import re

_APPEARED = r"publiée?s?|mise? en ligne|postée?|parue?|diffusée?|date de (?:publication|parution)|publication|parution"
PUBLISHED = re.compile(rf"(?:{_APPEARED}|date)\s*:?\s+(?:le\s*:?\s+)?(?=[\w\d])", re.IGNORECASE)
# The same in front of a date, wherever in a line: there a "date" without a colon may be any.
PUBLISHED_BEFORE = re.compile(
    rf"(?:\b(?:article|texte|dépêche)\s+)?\b(?:(?:{_APPEARED})\s*:?|(?<!-)date\s*:)\s+(?:le\s*:?\s+)?$", re.IGNORECASE
)
UPDATED = re.compile(
    r"(?:(?:page|article)\s+)?(?:(?:dernière\s+)?(?:mis(?:e)?\s+à\s+jour|modification|actualisation)|modifiée?|actualisée?|màj|maj)\b",
    re.IGNORECASE,
)
READING = re.compile(r"(?:temps de )?lecture(?: estimée?)?\s*:?\s*\d+\s*mi?n\w*\.?|\d+\s*mi?n\w*\s+de lecture\.?", re.IGNORECASE)

WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.\-]*"
PARTICLE = r"(?:de|du|des|d'|d’|la|le|von|van|der|el|al|ben|ibn|da|dos)"
NAME = rf"{WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{WORD}){{0,4}}"
NAMES = rf"{NAME}(?:(?:\s*,\s*|\s+et\s+){NAME}){{0,4}}"

KNOWN_AGENCY = (
    r"(?:AFP|AP|ATS|DPA|EFE|ANSA|MAP|APS|TAP|APA|PANA|TASS|AWP|PC|CP|ADN|AIP|AIB|APR|ANP|AA|Reuters|REUTERS|Belga|BELGA|Xinhua"
    r"|Keystone-ATS|KEYSTONE-ATS|Agence France-Presse|La Presse Canadienne|Associated Press|Presse canadienne|Anadolu|Sputnik"
    r"|Efe|Ansa|dpa|ats|afp)"
)
AGENCY = rf"(?:[A-ZÉ]{{2,8}}(?:[ /\-][A-Z]{{2,8}})?|{KNOWN_AGENCY})"  # in brackets any capitals are one
_OURS = r"(?:correspondante?s?|envoyée?s? (?:spéciale?s?|spéciaux))"
# What stands for a name under a story: "(agence)", "correspondance", "de notre envoyée spéciale à Kiev", "avec agences".
CREDIT = (
    rf"(?i:(?:avec\s+(?:l['’]\s?)?)?(?:agences?|dépêches?)(?: de presse)?|correspondances?(?: particulière| locale)?"
    rf"|(?:de\s+)?(?:(?:notre|nos|un|une)\s+)?{_OURS}(?:\s(?:à|au|aux|en)\s[\w' ’-]{{2,40}})?)"
)
