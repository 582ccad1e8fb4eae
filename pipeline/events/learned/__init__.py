"""Decisions learned from annotated articles, over what the rules propose.

The rules find words, slots and dates; four small networks weigh what they say against everything else that is seen:
which word names an event of which type (`words`), whether it is so (`statuses`), which phrase fills which role
(`arguments`), and which date of the article is the event's (`dates`). A fifth model says how likely the row is right
(`rows`). Weights: ``data/events``, made by `pipeline.training.events`.
"""
