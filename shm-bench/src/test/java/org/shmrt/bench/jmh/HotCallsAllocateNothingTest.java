package org.shmrt.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.shmrt.bench.TemporaryStream;

/**
 * Runs the benchmarks of the hot calls just long enough for the JIT compiler to finish, and checks the bytes that an
 * operation allocates. {@link WaitsAllocateNothingTest} covers the waits: they are so slow that too few operations run to
 * distinguish their bytes from those of other threads of the JVM.
 */
@Tag("slow")
class HotCallsAllocateNothingTest {
    /**
     * An object has at least 8 bytes, usually 16, so an operation is detected that allocates one even every sixteenth
     * time. The allocations of the JVM and of JMH are distributed over all operations of an iteration. On a busy machine,
     * with few operations, this was 0.014 bytes for each.
     */
    private static final double MAX_BYTES = 0.5;

    private static final int WARMUP_MS = 250;
    private static final List<Integer> LONGER_WARMUPS_MS = List.of(1000, 5000);

    private static final Set<String> LAYOUTS = Set.of("dao", "dao-ring", "milk", "milk-circular");
    private static final Set<String> WITH_HISTORY = Set.of("dao-ring", "milk-circular");

    /** Calls without a stream, or with their own streams. */
    private static final Set<String> HOT = Set.of(
            "ArrayBenchmark.copyOfRow",
            "ArrayBenchmark.setByIndices",
            "ArrayBenchmark.sumByIndices",
            "ArrayBenchmark.sumOfComplexByIndices",
            "ArrayBenchmark.sumOfUnsignedByIndices",
            "BlockBenchmark.blockByte",
            "BlockBenchmark.checkedCopyIn",
            "BlockBenchmark.checkedCopyOut",
            "ClockBenchmark.realtimeNs",
            "PartsBenchmark.ahead",
            "PartsBenchmark.aheadAfterSpoilt",
            "PartsBenchmark.packets",
            "PartsBenchmark.slice",
            "SemaphoreBenchmark.mappedPostThenTryAcquire",
            "SemaphoreBenchmark.postThenTryAcquire",
            "SemaphoreBenchmark.value",
            "SumBenchmark.publishNewer",
            "SumBenchmark.publishNewest");

    /** Calls on a stream, measured in all layouts. */
    private static final Set<String> HOT_IN_ALL_LAYOUTS = Set.of(
            "CounterBenchmark.newestCount",
            "PublishBenchmark.copy",
            "PublishBenchmark.inPlace",
            "PollBenchmark.nothingNew",
            "ReadBenchmark.verifiedCopy",
            "ReadBenchmark.writeThenRead",
            "ReadBenchmark.zeroCopy");

    /** Calls whose work is the same in all layouts, or that are useful only if the stream keeps older frames. */
    private static final Set<String> HOT_WITH_HISTORY = Set.of(
            "CounterBenchmark.acquiredNs",
            "HistoryBenchmark.read",
            "HistoryBenchmark.takeSlot",
            "MeterBenchmark.record",
            "MeterBenchmark.recordAt",
            "PostBenchmark.postAll",
            "PublishBenchmark.quietly");

    @TempDir
    private Path directory;

    @Test
    @Timeout(1800)
    void shouldAllocateNothingInHotCalls() throws RunnerException, IOException {
        Map<String, Double> bytesPerCall = measure(HOT, Set.of("dao"));
        bytesPerCall.putAll(measure(HOT_IN_ALL_LAYOUTS, LAYOUTS));
        bytesPerCall.putAll(measure(HOT_WITH_HISTORY, WITH_HISTORY));
        measureAgain(bytesPerCall);

        Set<String> expected = new TreeSet<>(HOT);
        expected.addAll(inEach(HOT_IN_ALL_LAYOUTS, LAYOUTS));
        expected.addAll(inEach(HOT_WITH_HISTORY, WITH_HISTORY));
        assertEquals(expected, bytesPerCall.keySet());
        bytesPerCall.forEach(
                (call, bytes) -> assertTrue(bytes < MAX_BYTES, call + " allocates " + bytes + " bytes per operation"));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList(), "streams that remain");
        }
    }

    private static Set<String> inEach(Set<String> calls, Set<String> layouts) {
        Set<String> all = new TreeSet<>();
        calls.forEach(call -> layouts.forEach(layout -> all.add(call + " " + layout)));
        return all;
    }

    @Test
    @Timeout(1800)
    void shouldDetectAnAllocation() throws RunnerException {
        Map<String, Double> bytesPerCall = measure(Set.of("CounterBenchmark.status"), Set.of("dao"));

        double bytes = bytesPerCall.get("CounterBenchmark.status dao");
        assertTrue(bytes >= 16, "the record that status() returns was measured as " + bytes + " bytes");
    }

    /**
     * Measures the calls above the limit again, with a longer warm-up. On a busy machine the JIT compiler may not be
     * finished within a short one. A call that allocates does so in each measurement.
     */
    private void measureAgain(Map<String, Double> bytesPerCall) throws RunnerException {
        for (int warmupMs : LONGER_WARMUPS_MS) {
            for (String call : List.copyOf(bytesPerCall.keySet())) {
                if (bytesPerCall.get(call) >= MAX_BYTES) {
                    String[] words = call.split(" ");
                    Set<String> layout = Set.of(words.length == 1 ? "dao" : words[1]);
                    bytesPerCall.putAll(measure(Set.of(words[0]), layout, warmupMs));
                }
            }
        }
    }

    private Map<String, Double> measure(Set<String> benchmarks, Set<String> layouts) throws RunnerException {
        return measure(benchmarks, layouts, WARMUP_MS);
    }

    private Map<String, Double> measure(Set<String> benchmarks, Set<String> layouts, int warmupMs)
            throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // other JMH runs on the machine do not matter here
        OptionsBuilder options = new OptionsBuilder();
        benchmarks.forEach(name -> options.include("\\." + name.replace(".", "\\.") + "$"));
        Options shortRun = options.param("frameBytes", "64")
                .param("copyBytes", "64")
                .param("layout", layouts.toArray(String[]::new))
                .forks(1)
                .jvmArgsAppend(forkArguments().toArray(String[]::new))
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(warmupMs))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(100))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Map<String, Double> bytesPerCall = new TreeMap<>();
        for (RunResult result : new Runner(shortRun).run()) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            String call = name[name.length - 2] + "." + name[name.length - 1];
            String layout = result.getParams().getParam("layout");
            bytesPerCall.put(call + (layout == null ? "" : " " + layout), minBytes(result));
        }
        return bytesPerCall;
    }

    private List<String> forkArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("--enable-native-access=ALL-UNNAMED");
        arguments.add("-D" + TemporaryStream.DIRECTORY_PROPERTY + "=" + directory);
        if (Runtime.version().feature() >= 24) {
            arguments.add(
                    "--sun-misc-unsafe-memory-access=allow"); // JMH uses Unsafe, and each fork would print a warning
        }
        return arguments;
    }

    /**
     * The minimum over the iterations. An operation that allocates does so in each of them. In some, the JIT compiler
     * allocates too, and the last one includes the removal of the stream.
     */
    private static double minBytes(RunResult result) {
        List<Double> bytes = new ArrayList<>();
        Collection<BenchmarkResult> forks = result.getBenchmarkResults();
        for (BenchmarkResult fork : forks) {
            for (IterationResult iteration : fork.getIterationResults()) {
                bytes.add(iteration
                        .getSecondaryResults()
                        .get("gc.alloc.rate.norm")
                        .getScore());
            }
        }
        return Collections.min(bytes);
    }
}
