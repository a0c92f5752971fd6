package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.testing.Scratch;

/** The count of the mappings of this process. */
@Timeout(600)
class MapLimitTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    /** Another library in the process may have mapped such a file. */
    @Test
    void shouldCountMappingsOfFilesWhoseNamesAreNotUtf8() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(
                        "bash",
                        "-c",
                        "printf abc > \"$1\"/$'caf\\xe9'",
                        "bash",
                        scratch.directory().toString())
                .start();
        assertEquals(0, shell.waitFor());
        try (Arena arena = Arena.ofConfined();
                Stream<Path> files = Files.list(scratch.directory())) {
            MappedFile.readOnly(files.findFirst().orElseThrow(), arena);

            assertTrue(MapLimit.advice().contains("vm.max_map_count"));
            // The mappings are counted after every 4096th call.
            for (int i = 0; i < 10_000; i++) {
                MapLimit.checkMapCount(Path.of("object"));
            }
        }
    }
}
