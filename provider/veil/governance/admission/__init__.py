"""Whether requests may be carried out, on what is there and on each other, and what they then
store.
"""
