"""What the warehouse holds of ours: objects, people and who owns them, as rows and as a World."""
