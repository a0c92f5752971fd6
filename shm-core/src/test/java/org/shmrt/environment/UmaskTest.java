package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.Scratch;

/**
 * Permissions are those of the format, less the umask where the format's own library lets it act, or exactly those asked
 * for; and the umask of the process, which all its threads share, stays what it was.
 */
@Timeout(60)
class UmaskTest {
    @TempDir
    static Path jars;

    private static String classPath;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @BeforeAll
    static void packClasses() throws IOException {
        classPath = UseCaseProcess.classPath(jars);
    }

    @ParameterizedTest
    @ValueSource(strings = {"077", "000", "027"})
    void shouldGiveThePermissionsAskedForAndLeaveTheUmaskAlone(String umask) throws IOException {
        int mask = Integer.parseInt(umask, 8);
        String shared = "/dev/shm/" + scratch.prefix();
        Path here = scratch.directory();
        try (UseCaseProcess ground = UseCaseProcess.start(
                List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"),
                classPath,
                here,
                scratch.prefix(),
                "8x8")) {
            ground.tell("prepare");
            ground.tell("exact 640");

            assertEquals(0600 & ~mask, mode(scratch.stream("dao")));
            assertEquals(0644 & ~mask, mode(Path.of("/dev/shm/sem." + scratch.prefix() + "dao_sem00")));
            assertEquals(0666, mode(scratch.stream("milk")), "milk's library gives all of them");
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
            ground.runWell();
            List<String> status = Files.readAllLines(Path.of("/proc/" + ground.pid() + "/status"));
            assertTrue(status.contains("Umask:\t0" + umask), status.toString());
            ground.tell("shell rm " + shared + "exactblock " + here + "/exactarray");
            ground.tell("remove");
            ground.finish();
        }
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode") & 0777;
    }
}
