"""Time expressions of French news: `find` marks them and works out their TIMEX3 values and calendar intervals."""

from pipeline.dates.finder import find

__all__ = ["find"]
