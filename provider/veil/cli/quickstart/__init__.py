"""`veil quickstart`: a sample warehouse protected with real Terraform, on this machine.

Begin with `story`, which tells the steps in order. Everything it makes is in one folder (`place`),
but for Terraform's state, which is beside the configuration.
"""
