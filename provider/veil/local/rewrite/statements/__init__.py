"""One module per family of statements; `dispatch` finds the right one."""
