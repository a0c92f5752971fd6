package org.shmrt.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.shmrt.testing.ChildJvm;

/** A run of Jazzer on one target, in a separate JVM whose classes it instruments to measure coverage. */
final class FuzzRun {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second\\(s\\)");
    private static final Pattern COVERED = Pattern.compile("#\\d+\\s+DONE\\s+cov: (\\d+) ft: (\\d+)");
    private static final List<String> DETECTORS =
            List.of("FilePathTraversal", "RegexInjection", "RegexRoadblocks", "ReflectiveCall");
    private static final int SECONDS_A_INPUT = 120;
    private static final int LAST_LINES = 60;

    private final String target;
    private final Path directory;

    /**
     * Prepares a run.
     *
     * @param target name of the target, or {@code all}
     * @param directory directory of the corpus, which is kept between runs, the output, and the input of a finding
     */
    FuzzRun(String target, Path directory) {
        this.target = target;
        this.directory = directory;
    }

    /** The result of a run. */
    record Result(String target, long executions, long seconds, int covered, int features) {
        @Override
        public String toString() {
            return String.format(
                    "fuzzed %-14s %,12d executions, %,6d s, %5d edges, %6d features",
                    target, executions, seconds, covered, features);
        }
    }

    /** Runs inputs, and throws with the end of Jazzer's output, which includes the input, if there is a finding. */
    Result run(long executions) {
        try {
            Path corpus = Files.createDirectories(directory.resolve("corpus"));
            Path seeds = Files.createDirectories(directory.resolve("seeds"));
            FuzzTarget driven = FuzzTargets.named(target);
            List<byte[]> inputs = driven.seeds();
            for (int i = 0; i < inputs.size(); i++) {
                Files.write(seeds.resolve("seed-" + i), inputs.get(i));
            }
            Path output = directory.resolve("output.txt");
            Process process = new ProcessBuilder(command(driven.mostInputBytes(), executions, corpus, seeds))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            long patienceS = 240 + executions / 50;
            if (!process.waitFor(patienceS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        "fuzzing " + target + " did not end within " + patienceS + " s:" + end(output));
            }
            return result(process.exitValue(), executions, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> command(int mostInputBytes, long executions, Path corpus, Path seeds) {
        // With Java's limit on memory outside the heap, a request for too much becomes a finding.
        List<String> flags = List.of(
                "-XX:+UseSerialGC",
                "-Xmx768m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:TieredStopAtLevel=" + (executions > 1_000_000 ? 4 : 1),
                "--enable-native-access=ALL-UNNAMED");
        List<String> command = new ArrayList<>(ChildJvm.command(flags, com.code_intelligence.jazzer.Jazzer.class));
        command.add("--target_class=" + FuzzDriver.class.getName());
        command.add("--target_args=" + target);
        command.add("--instrumentation_includes=org.shmrt.**:nom.tam.**");
        command.add("--instrumentation_excludes=org.shmrt.fuzz.**:org.shmrt.bindings.**");
        // Detectors that report what is not a fault here, such as a path to a parent directory, or that take
        // memory in the classes of the JDK.
        command.add("--disabled_hooks="
                + String.join(
                        ":",
                        DETECTORS.stream()
                                .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
                                .toList()));
        command.add("--reproducer_path=" + directory);
        command.add("-artifact_prefix=" + directory + "/");
        command.add("-max_len=" + mostInputBytes);
        command.add("-runs=" + executions);
        command.add("-timeout=" + SECONDS_A_INPUT);
        // Without libFuzzer's own limit on memory; those of Java hold. It reads the peak from getrusage. A JVM starts
        // its children by vfork, and their peak begins with that of this JVM: here of all tests before.
        command.add("-rss_limit_mb=0");
        command.add("-print_final_stats=1");
        command.add(corpus.toString());
        command.add(seeds.toString());
        return command;
    }

    private Result result(int status, long executions, Path output) throws IOException {
        String said = Files.readString(output);
        Matcher done = DONE.matcher(said);
        Matcher covered = COVERED.matcher(said);
        if (status != 0 || !done.find() || !covered.find()) {
            throw new AssertionError("fuzzing " + target + " ended with status " + status + ":" + end(output));
        }
        long executed = Long.parseLong(done.group(1));
        if (executed < executions) {
            throw new AssertionError(
                    "fuzzing " + target + " executed " + executed + " of " + executions + " executions");
        }
        return new Result(
                target,
                executed,
                Long.parseLong(done.group(2)),
                Integer.parseInt(covered.group(1)),
                Integer.parseInt(covered.group(2)));
    }

    private static String end(Path output) throws IOException {
        try (Stream<String> lines = Files.lines(output)) {
            List<String> all = lines.toList();
            return "\n" + String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
        }
    }
}
