"""What people see: tables and progress in the terminal, made from manifests and tables only."""
