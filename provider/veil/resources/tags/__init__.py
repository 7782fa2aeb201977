"""Tags that are kept outside the warehouse, in the form in which `veil_data_source` takes them."""
