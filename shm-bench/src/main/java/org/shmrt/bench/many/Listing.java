package org.shmrt.bench.many;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.shmrt.bench.report.Row;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.inspect.StreamInspector;

/** {@code shm list} and {@code shm info} of many streams, half of each layout, and the start of the command. */
final class Listing {
    private static final double START_TARGET = 4;
    private static final int STARTS = 5;

    private final Optional<Path> shm;
    private final Scaling scaling = new Scaling();

    /** The launcher, if it is there. */
    Listing(Optional<Path> shm) {
        this.shm = shm.filter(Files::isExecutable);
    }

    /**
     * Measures.
     *
     * @param many the larger number of streams; a tenth of it is the smaller
     */
    List<Row> run(int many, int pairs) {
        List<Long> start = new ArrayList<>();
        List<Long> java = new ArrayList<>();
        try (StreamFarm farm = new StreamFarm();
                StreamFarm empty = new StreamFarm()) {
            for (boolean isMany : new boolean[] {false, true}) {
                int wanted = isMany ? many : OpenStreams.few(many);
                for (String layout : StreamFarm.LAYOUTS) {
                    farm.create(layout, (wanted + 1) / 2 - farm.paths().size() / 2);
                }
                int count = farm.paths().size();
                // A single start may take longer than a whole list of few streams.
                long emptyNs = shm.isPresent() ? medianListNs(empty.directory()) : 0;
                for (int pair = 0; pair < pairs; pair++) {
                    inspect(farm, isMany);
                    if (shm.isPresent()) {
                        add(isMany, "list", "shm list", listNs(farm.directory()) - emptyNs, count);
                        add(
                                isMany,
                                "list_json",
                                "shm list --json",
                                listNs(farm.directory(), "--json") - emptyNs,
                                count);
                    }
                }
            }
            for (int pair = 0; shm.isPresent() && pair < pairs; pair++) {
                // both by turns, and each the median of some
                long[] ours = new long[STARTS];
                long[] theirs = new long[STARTS];
                for (int i = 0; i < STARTS; i++) {
                    ours[i] = listNs(empty.directory());
                    theirs[i] = runNs(List.of(ChildProcess.javaLauncher(), "-version"));
                }
                start.add(median(ours));
                java.add(median(theirs));
            }
        }
        List<Row> rows = new ArrayList<>(scaling.rows());
        OptionalDouble target = OptionalDouble.of(START_TARGET);
        String title = "start of shm list, against java -version";
        rows.add(
                shm.isPresent()
                        ? Row.ratio("list_start", title, start, java, target)
                        : Row.leftOut("list_start", title, target, "there is no launcher: give --shm FILE"));
        return rows;
    }

    private long medianListNs(Path directory) {
        long[] times = new long[STARTS];
        Arrays.setAll(times, i -> listNs(directory));
        return median(times);
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void add(boolean isMany, String key, String title, long ns, int count) {
        scaling.add(isMany, key, title + ", a stream", Row.Unit.NANOSECONDS, Math.max(1, ns / count));
    }

    /** The reports in this process, whose code is compiled after the first of them. */
    private void inspect(StreamFarm farm, boolean isMany) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int count = farm.paths().size();
        StreamInspector inspector = StreamInspector.now();
        farm.paths().forEach(inspector::info);
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long startNs = System.nanoTime();
        farm.paths().forEach(inspector::info);
        long infoNs = System.nanoTime() - startNs;
        long infoBytes = threads.getCurrentThreadAllocatedBytes() - bytes;
        startNs = System.nanoTime();
        farm.paths().forEach(inspector::summary);
        add(isMany, "summary", "StreamInspector.summary", System.nanoTime() - startNs, count);
        add(isMany, "info", "StreamInspector.info", infoNs, count);
        scaling.add(isMany, "info_heap", "its objects, a stream", Row.Unit.BYTES, infoBytes / count);
    }

    private long listNs(Path directory, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                shm.orElseThrow().toString(),
                "list",
                directory.toString()));
        command.addAll(List.of(options));
        return runNs(command);
    }

    private static long runNs(List<String> command) {
        long startNs = System.nanoTime();
        try (ChildProcess child = ChildProcess.start(command)) {
            List<String> ignored = child.finish();
        }
        return System.nanoTime() - startNs;
    }
}
