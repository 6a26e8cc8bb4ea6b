"""What steps find in place of tools that would need the network; this folder is on their PYTHONPATH."""
