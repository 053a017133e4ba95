"""The report: one HTML file without scripts or anything from elsewhere, out of manifests, tables and JSON."""
