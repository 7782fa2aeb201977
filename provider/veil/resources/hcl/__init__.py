"""Attributes that several resources share, and their way to and from the governed model."""
