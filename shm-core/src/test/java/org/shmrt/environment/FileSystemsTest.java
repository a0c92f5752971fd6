package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.environment.Environment.Answer;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/**
 * File systems that are full or read-only, and a user who owns nothing. Each child has small file systems of its own, in
 * a mount namespace of its own, which end with it.
 */
@Timeout(180)
class FileSystemsTest {
    private static final List<String> CREATING = List.of(
            "create dao",
            "create milk",
            "replace dao",
            "replace milk",
            "convert dao",
            "convert milk",
            "create array",
            "write fits",
            "replace fits",
            "write tiles",
            "write npy",
            "write png");
    private static final List<String> CREATING_SHARED = List.of("create shared array", "create block", "create list");
    private static final List<String> OPENING =
            List.of("open dao", "open milk", "write dao", "write milk", "wait dao", "wait milk", "attach array");

    @TempDir
    static Path jars;

    private static String classPath;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @BeforeAll
    static void packClasses() throws IOException {
        classPath = Environment.classPath(jars);
    }

    @BeforeEach
    void needsRoot() {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount file systems");
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k x /dev/shm"),
                "mounting in a namespace is not permitted here");
    }

    /** A child with a small /dev/shm and a small directory of its own. */
    private Environment start(String... then) {
        String script = "mount -t tmpfs -o size=1m shm /dev/shm && mount -t tmpfs -o size=1m,mode=755 small "
                + scratch.directory() + " && mkdir " + scratch.directory() + "/d && chmod 1777 /dev/shm "
                + scratch.directory() + "/d && exec " + String.join(" ", then) + " \"$@\"";
        return Environment.start(
                List.of("unshare", "-m", "sh", "-c", script, "sh"), classPath, directory(), scratch.prefix(), "128x64");
    }

    private Path directory() {
        return scratch.directory().resolve("d");
    }

    @Test
    void shouldSayThatTheDirectoryIsReadOnly() {
        try (Environment ground = start()) {
            ground.tell("prepare");
            ground.runWell();
            ground.tell("shell mount -o remount,ro " + scratch.directory());

            Map<String, Answer> answers = ground.run();

            for (String use : List.of(
                    "view dao",
                    "view milk",
                    "info dao",
                    "list milk",
                    "read fits",
                    "read npy",
                    "create block",
                    "create shared array",
                    "attach block")) {
                assertTrue(answers.get(use).well(), use + ": " + answers.get(use));
            }
            for (List<String> uses : List.of(CREATING, OPENING, List.of("load fits", "link stream"))) {
                for (String use : uses) {
                    assertTrue(
                            answers.get(use).words().contains("ead-only file system"), use + ": " + answers.get(use));
                }
            }
            ground.tell("shell mount -o remount,rw " + scratch.directory());
            ground.runWell();
            ground.finish();
        }
    }

    @Test
    void shouldSayThatSharedMemoryIsReadOnly() {
        try (Environment ground = start()) {
            ground.tell("prepare");
            ground.tell("shell rm /dev/shm/sem.*; mount -o remount,ro /dev/shm");

            Map<String, Answer> answers = ground.run();

            for (String use : List.of(
                    "create dao",
                    "open dao",
                    "write dao",
                    "create block",
                    "create list",
                    "create shared array",
                    "attach block")) {
                assertTrue(answers.get(use).words().contains("ead-only file system"), use + ": " + answers.get(use));
            }
            for (String use : List.of(
                    "view dao",
                    "open milk",
                    "write milk",
                    "wait milk",
                    "create milk",
                    "view block",
                    "view list",
                    "view array",
                    "create array",
                    "write fits",
                    "info dao")) {
                assertTrue(answers.get(use).well(), use + ": " + answers.get(use));
            }
            ground.tell("shell mount -o remount,rw /dev/shm");
            ground.runWell();
            ground.finish();
        }
    }

    @Test
    void shouldSayThatTheDirectoryIsFullAndLeaveWhatIsThere() {
        try (Environment ground = start()) {
            ground.tell("prepare");
            ground.tell("fill " + scratch.directory().resolve("filler"));

            Map<String, Answer> answers = ground.run();

            for (String use : CREATING) {
                assertTrue(
                        answers.get(use)
                                .is(NoSpaceException.class, scratch.directory().toString()),
                        use + ": " + answers.get(use));
            }
            for (List<String> uses : List.of(CREATING_SHARED, OPENING, List.of("view dao", "read fits"))) {
                for (String use : uses) {
                    assertTrue(answers.get(use).well(), use + ": " + answers.get(use));
                }
            }
            ground.tell("shell rm " + scratch.directory().resolve("filler"));
            ground.runWell();
            ground.finish();
        }
    }

    /** The semaphores of a DAO stream lie there, wherever its file is. */
    @Test
    void shouldSayThatSharedMemoryIsFullAndLeaveNoHalfStream() {
        try (Environment ground = start()) {
            ground.tell("prepare");
            ground.tell("shell rm /dev/shm/sem.*");
            ground.tell("fill /dev/shm/filler");

            Map<String, Answer> answers = ground.run();

            for (String use : List.of(
                    "create dao",
                    "open dao",
                    "write dao",
                    "wait dao",
                    "replace dao",
                    "convert milk",
                    "create block",
                    "create list",
                    "create shared array")) {
                assertTrue(answers.get(use).is(NoSpaceException.class, "/dev/shm"), use + ": " + answers.get(use));
            }
            for (String use : List.of(
                    "view dao",
                    "create milk",
                    "write milk",
                    "wait milk",
                    "create array",
                    "write fits",
                    "view block",
                    "attach block")) {
                assertTrue(answers.get(use).well(), use + ": " + answers.get(use));
            }
            ground.tell("shell rm /dev/shm/filler");
            ground.runWell();
            ground.finish();
        }
    }

    /** Root made it all, in places where anybody may make files and nobody may take away another's. */
    @Test
    void shouldSayWhoseAnObjectIsAndLeaveItAlone() throws IOException {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"),
                "setpriv is not there");
        Path ready = Files.createDirectory(scratch.directory().resolve("ready"));
        try (Environment root = Environment.start(List.of(), classPath, ready, scratch.prefix(), "128x64")) {
            root.tell("prepare");
            root.tell("shell chmod 0600 " + ready + "/* /dev/shm/*" + scratch.prefix() + "*; chmod 1777 " + ready);
            scratch.directory().toFile().setExecutable(true, false);
            try (Environment nobody = Environment.start(
                    List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                    classPath,
                    ready,
                    scratch.prefix(),
                    "128x64")) {
                Map<String, Answer> closed = nobody.run();

                for (List<String> uses : List.of(
                        OPENING,
                        List.of(
                                "view dao",
                                "view milk",
                                "info dao",
                                "list dao",
                                "attach block",
                                "view block",
                                "view list",
                                "view array",
                                "read fits",
                                "read npy",
                                "replace dao",
                                "replace milk",
                                "convert dao",
                                "load fits"))) {
                    for (String use : uses) {
                        assertTrue(closed.get(use).is(AccessDeniedException.class), use + ": " + closed.get(use));
                    }
                }
                for (String use : List.of(
                        "create dao",
                        "create milk",
                        "create array",
                        "create block",
                        "write fits",
                        "create shared array",
                        "list blocks",
                        "list arrays")) {
                    assertTrue(closed.get(use).well(), use + ": " + closed.get(use));
                }
                root.tell("shell chmod 0644 " + ready + "/* /dev/shm/*" + scratch.prefix() + "*");

                Map<String, Answer> readable = nobody.run();

                for (List<String> uses :
                        List.of(OPENING, List.of("replace dao", "replace milk", "replace fits", "attach block"))) {
                    for (String use : uses) {
                        assertTrue(readable.get(use).is(AccessDeniedException.class), use + ": " + readable.get(use));
                    }
                }
                for (String use : List.of(
                        "view dao",
                        "view milk",
                        "info dao",
                        "list dao",
                        "view block",
                        "view list",
                        "view array",
                        "read fits",
                        "read npy")) {
                    assertTrue(readable.get(use).well(), use + ": " + readable.get(use));
                }
                nobody.finish();
            }
            root.runWell();
            root.tell("remove");
            root.finish();
        }
    }
}
