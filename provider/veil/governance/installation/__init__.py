"""An integration's own schemas, tables, views and procedures: made, checked, repaired, upgraded,
removed.
"""
