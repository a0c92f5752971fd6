package org.shmrt.bench.determinism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The log of a JVM: what happened between two times of its {@link System#nanoTime}. */
final class JvmLog {
    private static final String TAGS = "safepoint=info,deoptimization=debug,jit+compilation=debug";

    private JvmLog() {}

    /** The flag that writes it. */
    static String flag(Path file) {
        return "-Xlog:" + TAGS + ":file=" + file + ":timenanos,tid,tags";
    }

    /**
     * Safepoints, deoptimisations and compilations.
     *
     * @param loopDeoptimisations those of the loop's thread
     * @param otherDeoptimisations those of all other threads
     */
    record Events(long safepoints, long loopDeoptimisations, long otherDeoptimisations, long compilations) {}

    /** @param loopTask number that the kernel gives the loop's thread */
    static Events between(Path file, long fromNs, long toNs, long loopTask) throws IOException {
        String loop = "][" + loopTask + "]";
        long safepoints = 0;
        long loopDeoptimisations = 0;
        long otherDeoptimisations = 0;
        long compilations = 0;
        List<String> lines = Files.readAllLines(file);
        for (String line : lines) {
            int end = line.indexOf("ns]");
            if (!line.startsWith("[") || end < 0) {
                continue;
            }
            long at = Long.parseLong(line.substring(1, end).strip());
            if (at < fromNs || at > toNs) {
                continue;
            }
            safepoints += line.contains("[safepoint") ? 1 : 0;
            if (line.contains("[deoptimization")) {
                if (line.startsWith(loop, line.indexOf(']'))) {
                    loopDeoptimisations++;
                } else {
                    otherDeoptimisations++;
                }
            }
            compilations += line.contains("[jit,compilation") && !line.contains("made not entrant") ? 1 : 0;
        }
        return new Events(safepoints, loopDeoptimisations, otherDeoptimisations, compilations);
    }
}
