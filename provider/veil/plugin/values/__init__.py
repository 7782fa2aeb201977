"""What Terraform's values look like in Python: their types, and the one value that is not known
yet.
"""
