"""The remote procedures of the protocol, one module per subject, free of gRPC."""
