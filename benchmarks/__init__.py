"""How fast the tagger is, how much memory it takes, and whether it got slower: ``make bench``.

Everything is measured in one run, contestants in turns on the same texts, and given beside a
yardstick of the same round: the ratios hold on any machine, the absolute figures on this one.
"""
