"""Reads OpenMetrics text from standard input with prometheus_client, which rejects what the format does not allow, and
prints each sample with its labels in the order of their names."""
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
        print(family.type, sample.name, labels, sample.value)
