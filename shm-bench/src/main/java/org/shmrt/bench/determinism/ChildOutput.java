package org.shmrt.bench.determinism;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a program of the benchmark printed, in the form that {@code realtime.h} defines. */
record ChildOutput(Map<String, Series> series, Map<String, Long> counts, Set<String> notes, List<Double> check) {
    static ChildOutput parse(List<String> lines) {
        ChildOutput output = new ChildOutput(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashSet<>(), new java.util.ArrayList<>());
        for (String line : lines) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "SERIES" ->
                    output.series.put(
                            words[1],
                            new Series(
                                    Long.parseLong(words[2]),
                                    Long.parseLong(words[3]),
                                    Long.parseLong(words[4]),
                                    Long.parseLong(words[5]),
                                    Long.parseLong(words[6]),
                                    Long.parseLong(words[7])));
                case "COUNT" -> output.counts.put(words[1], Long.parseLong(words[2]));
                case "NOTE" -> output.notes.add(line.substring("NOTE ".length()));
                case "CHECK" -> {
                    for (int i = 1; i < words.length; i++) {
                        output.check.add(Double.parseDouble(words[i]));
                    }
                }
                default -> {}
            }
        }
        return output;
    }

    /** The histogram of {@code cyclictest -h}: lines of µs and count. */
    static ChildOutput parseCyclictest(List<String> lines) {
        Map<Long, Long> histogram = new java.util.TreeMap<>();
        long max = 0;
        for (String line : lines) {
            if (line.matches("\\d{6} \\d+.*")) {
                String[] words = line.split("\\s+");
                histogram.merge(Long.parseLong(words[0]), Long.parseLong(words[1]), Long::sum);
            } else if (line.startsWith("# Max Latencies:")) {
                max = Long.parseLong(
                        line.substring(line.indexOf(':') + 1).strip().split("\\s+")[0]);
            }
        }
        long total = histogram.values().stream().mapToLong(Long::longValue).sum();
        Series series = new Series(
                total,
                us(histogram, total, .5),
                us(histogram, total, .99),
                us(histogram, total, .999),
                us(histogram, total, .9999),
                1000 * max);
        return new ChildOutput(total == 0 ? Map.of() : Map.of("wake", series), Map.of(), Set.of(), List.of());
    }

    private static long us(Map<Long, Long> histogram, long total, double quantile) {
        long before = 0;
        long last = 0;
        for (Map.Entry<Long, Long> bucket : histogram.entrySet()) {
            before += bucket.getValue();
            last = bucket.getKey();
            if ((double) before >= quantile * (double) total) {
                break;
            }
        }
        return 1000 * last;
    }
}
