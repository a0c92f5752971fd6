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
 * Runs the benchmarks of the hot calls just long enough for the compiler to have finished with them, and looks
 * at the bytes an operation allocates. {@link WaitsAllocateNothingTest} has the waits, which leave time for too few
 * operations to tell their bytes from those of the JVM's other threads.
 */
class HotCallsAllocateNothingTest {
    /**
     * An object has 8 bytes at least, 16 with a header of the usual size, so an operation that allocates one even every
     * sixteenth time is found. What the JVM and JMH allocate beside is spread over all operations of an iteration: on a
     * busy machine, which leaves time for few of them, that was 0.014 bytes each.
     */
    private static final double NOTHING_BYTES = 0.5;

    private static final Set<String> LAYOUTS = Set.of("dao", "dao-ring", "milk", "milk-circular");
    private static final Set<String> KEEPING = Set.of("dao-ring", "milk-circular");

    /** Calls on no stream, or on streams of their own. */
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
            "PartsBenchmark.packets",
            "PartsBenchmark.slice",
            "SemaphoreBenchmark.mappedPostThenTryAcquire",
            "SemaphoreBenchmark.postThenTryAcquire",
            "SemaphoreBenchmark.value",
            "SumBenchmark.publishNewer",
            "SumBenchmark.publishNewest");

    /** Calls on a stream, measured in each layout. */
    private static final Set<String> HOT_IN_EACH_LAYOUT = Set.of(
            "CounterBenchmark.newestCount",
            "PublishBenchmark.copy",
            "PublishBenchmark.inPlace",
            "PollBenchmark.nothingNew",
            "ReadBenchmark.verifiedCopy",
            "ReadBenchmark.writeThenRead",
            "ReadBenchmark.zeroCopy");

    /** Calls whose work is the same in each layout, or that mean something only where frames are kept. */
    private static final Set<String> HOT_WHERE_FRAMES_ARE_KEPT = Set.of(
            "CounterBenchmark.acquiredNs",
            "HistoryBenchmark.read",
            "HistoryBenchmark.takeSlot",
            "PostBenchmark.postAll",
            "PublishBenchmark.quietly");

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void shouldAllocateNothingInHotCalls() throws RunnerException, IOException {
        Map<String, Double> bytesPerCall = measure(HOT, Set.of("dao"));
        bytesPerCall.putAll(measure(HOT_IN_EACH_LAYOUT, LAYOUTS));
        bytesPerCall.putAll(measure(HOT_WHERE_FRAMES_ARE_KEPT, KEEPING));

        Set<String> expected = new TreeSet<>(HOT);
        expected.addAll(inEach(HOT_IN_EACH_LAYOUT, LAYOUTS));
        expected.addAll(inEach(HOT_WHERE_FRAMES_ARE_KEPT, KEEPING));
        assertEquals(expected, bytesPerCall.keySet());
        bytesPerCall.forEach((call, bytes) ->
                assertTrue(bytes < NOTHING_BYTES, call + " allocates " + bytes + " bytes an operation"));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList(), "streams left behind");
        }
    }

    private static Set<String> inEach(Set<String> calls, Set<String> layouts) {
        Set<String> all = new TreeSet<>();
        calls.forEach(call -> layouts.forEach(layout -> all.add(call + " " + layout)));
        return all;
    }

    @Test
    @Timeout(120)
    void shouldSeeAnAllocationWhereThereIsOne() throws RunnerException {
        Map<String, Double> bytesPerCall = measure(Set.of("CounterBenchmark.status"), Set.of("dao"));

        double bytes = bytesPerCall.get("CounterBenchmark.status dao");
        assertTrue(bytes >= 16, "the record that status() returns was counted as " + bytes + " bytes");
    }

    private Map<String, Double> measure(Set<String> benchmarks, Set<String> layouts) throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // other JMH runs on the machine do not matter here
        OptionsBuilder options = new OptionsBuilder();
        benchmarks.forEach(name -> options.include("\\." + name.replace(".", "\\.") + "$"));
        Options brief = options.param("frameBytes", "64")
                .param("copyBytes", "64")
                .param("layout", layouts.toArray(String[]::new))
                .forks(1)
                .jvmArgsAppend(forkArguments().toArray(String[]::new))
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(250))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(100))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Map<String, Double> bytesPerCall = new TreeMap<>();
        for (RunResult result : new Runner(brief).run()) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            String call = name[name.length - 2] + "." + name[name.length - 1];
            String layout = result.getParams().getParam("layout");
            bytesPerCall.put(call + (layout == null ? "" : " " + layout), leastBytes(result));
        }
        return bytesPerCall;
    }

    private List<String> forkArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("--enable-native-access=ALL-UNNAMED");
        arguments.add("-D" + TemporaryStream.DIRECTORY_PROPERTY + "=" + directory);
        if (Runtime.version().feature() >= 24) {
            arguments.add("--sun-misc-unsafe-memory-access=allow"); // JMH uses it, and each fork would warn of it
        }
        return arguments;
    }

    /**
     * Of the iterations the least: an operation that allocates does so in each, and what is more in some is of the
     * compiler, or of the removal of the stream, which is part of the last one.
     */
    private static double leastBytes(RunResult result) {
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
