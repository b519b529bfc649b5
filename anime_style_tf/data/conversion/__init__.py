"""From sources to a finished set of records: the journal, selection, rendering, writing."""
