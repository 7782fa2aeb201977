"""`make bench`: everything about speed that veil states a goal for, measured beside something that
does the same work.

    rows.py         one line of the result, and the table
    measuring.py    a command's time, processor time and memory; two commands in turns
    starts.py       the start of a provider's process, beside `import grpc` and beside the packages `tf` and `pyvider`
    frameworks.py   a resource that does nothing, on veil.plugin and on these packages
    resources.py    plan, apply and destroy of many resources, beside terraform_data
    policies.py     one policy change over many views, beside the same views in one transaction; policies beside sources
    queries.py      queries of governed views, beside what a person would write
    columns.py      views of many columns
    users.py        a file of users, beside INSERT through the same driver
    plotting.py     docs/images/ and docs/guides/performance.md, from the result

What is compared runs in turns in one run, so that what else the machine does falls on both.
"""
