"""What people see of a data source, and what would let them around its view."""
