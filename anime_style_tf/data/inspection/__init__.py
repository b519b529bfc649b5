"""Looking at finished sets of records: verification, comparison, review, export."""
