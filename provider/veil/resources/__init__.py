"""The Terraform provider: one file per resource, each a typed model of its HCL and the way to and
from the governed model.

Begin with `provider.Veil`. `base.GovernedResource` holds what all resources share; `hcl/` the
attributes that several of them share; `client.Client` is what a configured provider works with.
This is the only place that knows unknown values.
"""
