"""From what Terraform wants to what the warehouse holds: the planned world, publishing in groups, drift.

Begin with `service.Governance`, which resources talk to. `publisher` gathers changes in flight into transactions,
`committing` runs one of
them, `deployed` is what the warehouse held at the last look, `drift` compares the two.
"""
