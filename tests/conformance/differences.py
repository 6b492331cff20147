"""Where a framework cannot do what the cases want, and why that is tolerable.

By framework and case name: the outcomes that it may have instead, and the reason. Nothing here can
excuse a false acceptance. Where a case allows it, a framework that shows one of two differing
duplicates only may accept the one that it shows: the signature over that one is valid.

An entry that no longer happens is a failure of the run: so this stays true.
"""

# (framework, case): (outcomes, reason)
DIFFERENCES: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
}
