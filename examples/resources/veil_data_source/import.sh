# By the view's dotted name, or by the table's. Odd names are quoted as in SQL: 'governed."Odd.Name"'
terraform import veil_data_source.customers governed.customers
