package org.shmrt.bench.rig.process;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The counters of one process after one run, and their text form between processes: the lines {@code sent N},
 * {@code received N} and {@code bad N}, in Java also {@code allocated BYTES} and {@code elapsed NANOSECONDS}, any number
 * of lines {@code h NANOSECONDS TIMES}, and {@code end}. A process that fails prints {@code failed REASON} instead. The C
 * programs print the same.
 *
 * @param sent messages sent
 * @param received messages received
 * @param bad messages out of order or with wrong content
 * @param allocatedBytes heap memory allocated for the measured messages; 0 in C
 * @param elapsedNs total time of the measured messages; 0 in C if the rate is not checked
 * @param roundTrips measured times in ns; empty in the process that replies
 */
public record RunCounters(
        long sent, long received, long bad, long allocatedBytes, long elapsedNs, Histogram roundTrips) {
    /** Longer times are recorded as this one. */
    private static final long MAX_NS = 60_000_000_000L;

    public static Histogram newHistogram() {
        return new Histogram(1, MAX_NS, 3);
    }

    public void printTo(PrintStream out) {
        StringBuilder text = new StringBuilder();
        text.append("sent ")
                .append(sent)
                .append("\nreceived ")
                .append(received)
                .append("\nbad ")
                .append(bad)
                .append("\nallocated ")
                .append(allocatedBytes)
                .append("\nelapsed ")
                .append(elapsedNs);
        for (HistogramIterationValue value : roundTrips.recordedValues()) {
            // The lower bound of the bucket, as C prints it: the reader records it in the same bucket.
            text.append("\nh ")
                    .append(roundTrips.lowestEquivalentValue(value.getValueIteratedTo()))
                    .append(' ')
                    .append(value.getCountAddedInThisIterationStep());
        }
        out.println(text.append("\nend"));
        out.flush();
    }

    /**
     * Reads lines up to the end of the counters.
     *
     * @param lines returns the next line of the process
     * @throws RunFailedException if the process reports a failure
     */
    public static RunCounters parse(Supplier<String> lines) throws RunFailedException {
        long sent = -1;
        long received = -1;
        long bad = -1;
        long allocatedBytes = 0;
        long elapsedNs = 0;
        Histogram roundTrips = newHistogram();
        while (true) {
            String line = lines.get();
            String[] words = line.split(" ");
            switch (words[0]) {
                case "sent" -> sent = Long.parseLong(words[1]);
                case "received" -> received = Long.parseLong(words[1]);
                case "bad" -> bad = Long.parseLong(words[1]);
                case "allocated" -> allocatedBytes = Long.parseLong(words[1]);
                case "elapsed" -> elapsedNs = Long.parseLong(words[1]);
                case "h" ->
                    roundTrips.recordValueWithCount(
                            Math.min(Long.parseLong(words[1]), MAX_NS), Long.parseLong(words[2]));
                case "end" -> {
                    return new RunCounters(sent, received, bad, allocatedBytes, elapsedNs, roundTrips);
                }
                default -> throw new RunFailedException(line);
            }
        }
    }
}
