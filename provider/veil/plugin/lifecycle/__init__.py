"""What happens to a resource between configuration and state: defaults, unknowns, replacement, and
Core's rules.
"""
