"""The rules that Terraform Core enforces on what a provider returns, checked here first.

Core prints "Provider produced inconsistent result" and asks for a bug report; we can name the
resource type, the attribute and the reason. The rules are those of Core's plan validity and apply
consistency checks.
"""
