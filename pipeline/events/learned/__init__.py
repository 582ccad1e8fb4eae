"""Decisions learned from annotated articles, over what the rules propose.

The rules find words, slots and dates; four log-linear models weigh what they say against everything else that is seen:
which word names an event of which type (`words`), whether it is so (`statuses`), which phrase fills which role
(`arguments`), and which date of the article is the event's (`dates`). Weights: ``data/events``, made by
`pipeline.training.events`.
"""
