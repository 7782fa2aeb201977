"""The classes that a provider's author derives from."""
