variable "filter" {
  type    = string
  default = "@attributeValuesContains('territory', @columnTagged('geo.region'))"

  validation {
    condition     = provider::veil::validate_expression(var.filter, "row")
    error_message = "The filter is not a condition of the policy language."
  }
}
