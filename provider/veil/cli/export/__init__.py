"""`veil export`: the configuration of what a warehouse already holds, with the blocks that import
it.
"""
