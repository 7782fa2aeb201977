"""What may be written in HCL: schemas, and how they follow from models."""
