"""The published returns rebuilt as workbooks, and batches with known faults."""
