"""The process that Terraform starts: handshake, gRPC server, shutdown, logs."""
