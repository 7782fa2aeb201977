"""veil: a Terraform provider that governs who sees what in Amazon Redshift."""

__version__ = "0.1.0"
