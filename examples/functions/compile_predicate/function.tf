output "predicate" {
  value = provider::veil::compile_predicate("@isInGroups('hr') OR country = 'FR'")
}
