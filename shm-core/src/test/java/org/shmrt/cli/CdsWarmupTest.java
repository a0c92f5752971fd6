package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CdsWarmupTest {
    @Test
    void shouldLeaveNothingBehind() throws IOException {
        CommandRun.of("list"); // loads what the comparison must not see
        long before = entries();

        int status = CdsWarmup.run(
                CommandRun.output(Writer.nullWriter()), new PrintWriter(System.err, true, System.err.charset()));

        assertEquals(0, status);
        assertEquals(before, entries());
    }

    private static long entries() throws IOException {
        try (Stream<Path> tmp = Files.list(Path.of(System.getProperty("java.io.tmpdir")));
                Stream<Path> shm = Files.list(Path.of("/dev/shm"))) {
            return Stream.concat(tmp, shm)
                    .filter(path -> path.toString().contains(CdsWarmup.PREFIX))
                    .count();
        }
    }
}
