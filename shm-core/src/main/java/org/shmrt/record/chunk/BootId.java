package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's id of the current boot. What a killed process has written is complete as long as the machine has not been
 * restarted since; afterwards only what was flushed is certain.
 */
final class BootId {
    static final String CURRENT = read();

    private BootId() {}

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
