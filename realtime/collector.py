"""The garbage collector, told that a server keeps most of what it makes.

Its defaults look through all young objects after every 700 made: while thousands of clients connect that was half of all CPU,
for nothing was ever garbage. Cycles are collected all the same, in larger portions.
"""

import gc

YOUNG_OBJECTS = 5_000  # half a megabyte between two looks
YOUNG_LOOKS = 10  # before those that lived through them are looked at
OLDER_LOOKS = 5  # before everything is (some 4,000 ended connections); Python waits longer still where that is little of the whole


def settle() -> None:
    """Put what has been made so far, which stays for ever, out of the collector's sight; call it once all is built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_LOOKS, OLDER_LOOKS)
