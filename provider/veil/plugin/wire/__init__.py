"""Messages generated from protos/. Do not edit: run protos/generate.py."""
