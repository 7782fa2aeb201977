"""Whether an integration and its data sources are in order, as far as Terraform cannot repair
them.
"""
