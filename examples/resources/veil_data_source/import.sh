# By the view's dotted name, or by the table's. Odd names are quoted as in SQL: 'governed."odd name"'
terraform import veil_data_source.customers governed.customers
