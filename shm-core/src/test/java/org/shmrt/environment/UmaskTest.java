package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.Scratch;

/**
 * New files get the permissions of the format, reduced by the umask where the format's own library does so, or exactly
 * the requested permissions. The umask of the process, which all its threads share, is never changed.
 */
@Tag("slow")
@Timeout(600)
class UmaskTest {
    @RegisterExtension
    static final InstalledJars JARS = new InstalledJars();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @ValueSource(strings = {"077", "000", "027"})
    void shouldSetTheRequestedPermissionsAndKeepTheUmask(String umask) throws IOException {
        int mask = Integer.parseInt(umask, 8);
        String shared = "/dev/shm/" + scratch.prefix();
        Path here = scratch.directory();
        try (UseCaseProcess process = UseCaseProcess.start(
                List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"), JARS, here, scratch.prefix(), "8x8")) {
            process.send("prepare");
            process.send("exact 640");

            assertEquals(0600 & ~mask, mode(scratch.stream("dao")));
            assertEquals(0644 & ~mask, mode(Path.of("/dev/shm/sem." + scratch.prefix() + "dao_sem00")));
            assertEquals(0666, mode(scratch.stream("milk")), "milk's library ignores the umask");
            assertEquals(0666 & ~mask, mode(here.resolve("array")));
            assertEquals(0600 & ~mask, mode(Path.of(shared + "block")));
            assertEquals(0666 & ~mask, mode(here.resolve("x.fits")));
            for (Path exact : List.of(
                    scratch.stream("exactdao"),
                    scratch.stream("exactmilk"),
                    here.resolve("exactarray"),
                    Path.of(shared + "exactblock"),
                    Path.of("/dev/shm/sem." + scratch.prefix() + "exactdao_sem00"))) {
                assertEquals(0640, mode(exact), exact.toString());
            }
            process.runAllSuccessfully();
            List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
            assertTrue(status.contains("Umask:\t0" + umask), status.toString());
            process.send("shell rm " + shared + "exactblock " + here + "/exactarray");
            process.send("remove");
            process.finish();
        }
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode") & 0777;
    }
}
