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
 * at the bytes an operation allocates.
 */
class HotCallsAllocateNothingTest {
    /** Whatever one operation allocates is 8 bytes at least; JMH's own objects are spread over all operations. */
    private static final double NOTHING_BYTES = 0.01;

    private static final Set<String> HOT = Set.of(
            "BlockBenchmark.blockByte",
            "BlockBenchmark.checkedCopyIn",
            "BlockBenchmark.checkedCopyOut",
            "ArrayBenchmark.copyOfRow",
            "ArrayBenchmark.setByIndices",
            "ArrayBenchmark.sumByIndices",
            "ArrayBenchmark.sumOfComplexByIndices",
            "ArrayBenchmark.sumOfUnsignedByIndices",
            "PublishBenchmark.copy",
            "PublishBenchmark.inPlace",
            "PollBenchmark.nothingNew",
            "ReadBenchmark.verifiedCopy",
            "ReadBenchmark.writeThenRead",
            "ReadBenchmark.zeroCopy");

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void shouldAllocateNothingInHotCalls() throws RunnerException, IOException {
        Map<String, Double> bytesPerCall = measure(HOT);

        assertEquals(HOT, bytesPerCall.keySet());
        bytesPerCall.forEach((call, bytes) ->
                assertTrue(bytes < NOTHING_BYTES, call + " allocates " + bytes + " bytes an operation"));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList(), "streams left behind");
        }
    }

    @Test
    @Timeout(60)
    void shouldSeeAnAllocationWhereThereIsOne() throws RunnerException {
        Map<String, Double> bytesPerCall = measure(Set.of("CounterBenchmark.status"));

        double bytes = bytesPerCall.get("CounterBenchmark.status");
        assertTrue(bytes >= 16, "the record that status() returns was counted as " + bytes + " bytes");
    }

    private Map<String, Double> measure(Set<String> benchmarks) throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // other JMH runs on the machine do not matter here
        OptionsBuilder options = new OptionsBuilder();
        benchmarks.forEach(name -> options.include("\\." + name.replace(".", "\\.") + "$"));
        Options brief = options
                .param("frameBytes", "64")
                .param("copyBytes", "64")
                .forks(1)
                .jvmArgsAppend(forkArguments().toArray(String[]::new))
                .warmupIterations(2).warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(3).measurementTime(TimeValue.milliseconds(300))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Map<String, Double> bytesPerCall = new TreeMap<>();
        for (RunResult result : new Runner(brief).run()) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            bytesPerCall.put(name[name.length - 2] + "." + name[name.length - 1], medianBytes(result));
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

    /** Of the iterations the median: the last one has the removal of the stream in it. */
    private static double medianBytes(RunResult result) {
        List<Double> bytes = new ArrayList<>();
        Collection<BenchmarkResult> forks = result.getBenchmarkResults();
        for (BenchmarkResult fork : forks) {
            for (IterationResult iteration : fork.getIterationResults()) {
                bytes.add(iteration.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
            }
        }
        Collections.sort(bytes);
        return bytes.get(bytes.size() / 2);
    }
}
