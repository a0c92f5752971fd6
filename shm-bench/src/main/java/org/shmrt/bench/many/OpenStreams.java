package org.shmrt.bench.many;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.shmrt.bench.report.Row;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/** Many streams open in one process: time, memory, mappings and open files of each. */
final class OpenStreams {
    /** The file and eleven semaphores; the file alone. */
    private static final long DAO_MAPPINGS = 12;

    private static final long MILK_MAPPINGS = 1;
    /** The lock of the writer, and that of the reader's semaphore. */
    private static final long USED_DESCRIPTORS = 2;

    private final Scaling scaling = new Scaling();
    private final List<Row> counts = new ArrayList<>();

    /**
     * Measures.
     *
     * @param many the larger number of streams; a tenth of it is the smaller
     */
    List<Row> run(int many, int pairs) {
        for (String layout : StreamFarm.LAYOUTS) {
            Measured ignored = measure(layout, few(many)); // the code is not compiled yet
        }
        for (String layout : StreamFarm.LAYOUTS) {
            List<Usage> open = new ArrayList<>();
            List<Usage> used = new ArrayList<>();
            for (int pair = 0; pair < pairs; pair++) {
                for (boolean isMany : new boolean[] {false, true}) {
                    Measured measured = measure(layout, isMany ? many : few(many));
                    measured.addTo(scaling, layout, isMany);
                    if (isMany) {
                        open.add(measured.open);
                        used.add(measured.used);
                    }
                }
            }
            long mappings = layout.equals("dao") ? DAO_MAPPINGS : MILK_MAPPINGS;
            count(layout, "mappings", "mappings of an open stream", open, Usage::mappings, limit(mappings));
            count(layout, "files", "open files of an open stream", open, Usage::descriptors, limit(0));
            count(
                    layout,
                    "used_files",
                    "open files of its writer and sleeper",
                    used,
                    Usage::descriptors,
                    limit(USED_DESCRIPTORS));
            // without a target: among few streams, what else the JVM keeps is more than this
            count(layout, "heap", "heap of an open stream, bytes", open, Usage::heapBytes, OptionalDouble.empty());
            count(layout, "used_heap", "heap of its users, bytes", used, Usage::heapBytes, OptionalDouble.empty());
        }
        List<Row> rows = new ArrayList<>(scaling.rows());
        rows.addAll(counts);
        return rows;
    }

    private static OptionalDouble limit(long most) {
        return OptionalDouble.of((double) most);
    }

    private void count(
            String layout,
            String key,
            String title,
            List<Usage> usages,
            ToLongFunction<Usage> figure,
            OptionalDouble target) {
        List<Long> values = usages.stream().map(figure::applyAsLong).toList();
        counts.add(Row.count(layout + "_" + key, layout + ": " + title, values, target, ""));
    }

    static int few(int many) {
        return Math.max(1, many / 10);
    }

    /** Times of each stream in ns, and what it uses, first open, then with a writer and a reader that can sleep. */
    private record Measured(
            long createNs,
            long openNs,
            long useNs,
            long closeNs,
            long removeOneNs,
            long removeNs,
            Usage open,
            Usage used) {
        void addTo(Scaling all, String layout, boolean isMany) {
            all.add(isMany, layout + "_create", layout + ": create", Row.Unit.NANOSECONDS, createNs);
            all.add(isMany, layout + "_open", layout + ": open", Row.Unit.NANOSECONDS, openNs);
            all.add(isMany, layout + "_use", layout + ": writer and sleeping reader", Row.Unit.NANOSECONDS, useNs);
            all.add(isMany, layout + "_close", layout + ": close", Row.Unit.NANOSECONDS, closeNs);
            all.add(isMany, layout + "_remove", layout + ": remove together", Row.Unit.NANOSECONDS, removeNs);
            all.add(
                    isMany,
                    layout + "_remove_one",
                    layout + ": remove one",
                    Row.Unit.NANOSECONDS,
                    removeOneNs,
                    OptionalDouble.empty());
        }
    }

    private static Measured measure(String layout, int count) {
        try (StreamFarm farm = new StreamFarm()) {
            Usage before = Usage.now();
            long createNs = each(count, () -> farm.create(layout, count));
            List<ImageStream> open = new ArrayList<>();
            try {
                long openNs = each(count, () -> open.addAll(farm.open()));
                Usage whenOpen = Usage.now();
                long useNs = each(
                        count,
                        () -> open.forEach(stream -> {
                            stream.writer();
                            stream.reader(WaitStrategy.semaphore());
                        }));
                Usage whenUsed = Usage.now();
                long closeNs = each(count, () -> open.forEach(ImageStream::close));
                int single = few(count);
                long removeOneNs = each(single, () -> {
                    for (int i = 0; i < single; i++) {
                        farm.removeFirst();
                    }
                });
                long removeNs = each(Math.max(1, count - single), farm::remove);
                return new Measured(
                        createNs,
                        openNs,
                        useNs,
                        closeNs,
                        removeOneNs,
                        removeNs,
                        whenOpen.per(count, before),
                        whenUsed.per(count, whenOpen));
            } finally {
                open.forEach(ImageStream::close);
            }
        }
    }

    /** Nanoseconds for each of several objects. */
    private static long each(int count, Runnable work) {
        long startNs = System.nanoTime();
        work.run();
        return (System.nanoTime() - startNs) / count;
    }
}
