"""`make bench`: what each page costs beside a plain Django page, on a hundred thousand fabricated people.

It reports, and never fails: times belong to a machine and a day.
"""
