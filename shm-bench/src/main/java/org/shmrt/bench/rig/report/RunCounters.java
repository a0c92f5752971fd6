package org.shmrt.bench.rig.report;

import java.io.PrintStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.shmrt.bench.rig.process.RunFailedException;

/**
 * What one process says of one run, and how it is written between processes: lines {@code sent N},
 * {@code received N}, {@code bad N}, in Java {@code allocated BYTES} and
 * {@code elapsed NANOSECONDS}, any number of {@code h NANOSECONDS TIMES},
 * and {@code end}; or {@code failed WHY}. The C programs write the same.
 *
 * @param sent messages sent
 * @param received messages received
 * @param bad messages out of order or with a wrong content
 * @param allocatedBytes what the measured messages allocated; 0 in C
 * @param elapsedNs how long the measured messages took altogether; 0 in C
 * @param roundTrips times measured, ns; empty on the side that echoes
 */
public record RunCounters(
        long sent, long received, long bad, long allocatedBytes, long elapsedNs, Histogram roundTrips) {
    /** Longest time told apart from a longer one. */
    private static final long LONGEST_NS = 60_000_000_000L;

    public static Histogram newHistogram() {
        return new Histogram(1, LONGEST_NS, 3);
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
            // The cell's lower end, as C prints it: recording it again finds the same cell.
            text.append("\nh ")
                    .append(roundTrips.lowestEquivalentValue(value.getValueIteratedTo()))
                    .append(' ')
                    .append(value.getCountAddedInThisIterationStep());
        }
        out.println(text.append("\nend"));
        out.flush();
    }

    /** Reads lines until the end of the books. */
    public static RunCounters parse(LineSource lines) throws RunFailedException {
        long sent = -1;
        long received = -1;
        long bad = -1;
        long allocatedBytes = 0;
        long elapsedNs = 0;
        Histogram roundTrips = newHistogram();
        while (true) {
            String line = lines.next();
            String[] words = line.split(" ");
            switch (words[0]) {
                case "sent" -> sent = Long.parseLong(words[1]);
                case "received" -> received = Long.parseLong(words[1]);
                case "bad" -> bad = Long.parseLong(words[1]);
                case "allocated" -> allocatedBytes = Long.parseLong(words[1]);
                case "elapsed" -> elapsedNs = Long.parseLong(words[1]);
                case "h" ->
                    roundTrips.recordValueWithCount(
                            Math.min(Long.parseLong(words[1]), LONGEST_NS), Long.parseLong(words[2]));
                case "end" -> {
                    return new RunCounters(sent, received, bad, allocatedBytes, elapsedNs, roundTrips);
                }
                default -> throw new RunFailedException(line);
            }
        }
    }

    /** Where lines come from. */
    public interface LineSource {
        String next() throws RunFailedException;
    }
}
