package org.shmrt.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.shmrt.text.Printable;

/** The names of processes, each read once until they are forgotten. For one thread. */
final class ProcessNames {
    private final Map<Long, ProcessRef> known = new HashMap<>();

    /** Process ids are used again, so names have to be read again after a while. */
    void forget() {
        known.clear();
    }

    ProcessRef of(long pid) {
        return known.computeIfAbsent(pid, key -> new ProcessRef(key, read(key)));
    }

    private static String read(long pid) {
        try {
            return Printable.of(Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip());
        } catch (IOException e) {
            return ""; // it has ended, or belongs to another pid namespace
        }
    }
}
