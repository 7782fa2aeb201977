terraform {
  required_providers {
    notes = { source = "example/notes" }
  }
}

provider "notes" {
  folder = "~/notes"
}

resource "notes_note" "hello" {
  title = "hello"
  text  = "Hello from Python."
}
