"""From what Terraform wants to what the warehouse holds: the planned world, publishing in groups, drift.

Begin with `service.Governance`, which resources talk to. `publishing.publisher` gathers changes in flight into
transactions, `publishing.committing` runs one of them, `metadata.deployed` is what the warehouse held at the last look,
`drift` compares the two.
"""
