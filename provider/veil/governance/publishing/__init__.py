"""From requests to views: groups of changes, each one transaction."""
