"""Many users at once: files that say what they hold, and how such a file becomes profiles."""
