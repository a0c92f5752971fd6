package org.shmrt.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.environment.UseCaseProcess.Outcomes;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/**
 * Full and read-only file systems, and a user without permissions. Each child has its own small file systems in its own
 * mount namespace, which end with it.
 */
@Tag("slow")
@Timeout(600)
class FileSystemsTest {
    /** In every language of the system. */
    private static final String READ_ONLY_ADVICE = "choose a writable directory";

    @RegisterExtension
    static final InstalledJars JARS = new InstalledJars();

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

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @BeforeEach
    void assumeRoot() {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount file systems");
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k x /dev/shm"),
                "mounting in a namespace is not permitted here");
    }

    /** Starts a child that has its own small /dev/shm and its own small directory. */
    private UseCaseProcess start(String... wrapper) {
        String script = "mount -t tmpfs -o size=1m shm /dev/shm && mount -t tmpfs -o size=1m,mode=755 small "
                + scratch.directory() + " && mkdir " + scratch.directory() + "/d && chmod 1777 /dev/shm "
                + scratch.directory() + "/d && exec " + String.join(" ", wrapper) + " \"$@\"";
        return UseCaseProcess.start(
                List.of("unshare", "-m", "sh", "-c", script, "sh"), JARS, directory(), scratch.prefix(), "128x64");
    }

    private Path directory() {
        return scratch.directory().resolve("d");
    }

    @Test
    void shouldReportThatTheDirectoryIsReadOnly() {
        try (UseCaseProcess process = start()) {
            process.send("prepare");
            process.runAllSuccessfully();
            process.send("shell mount -o remount,ro " + scratch.directory());

            Outcomes outcomes = process.runAll();

            outcomes.assertSucceeded(List.of(
                    "view dao",
                    "view milk",
                    "info dao",
                    "list milk",
                    "read fits",
                    "read npy",
                    "create block",
                    "create shared array",
                    "attach block"));
            outcomes.assertMessage(READ_ONLY_ADVICE, CREATING);
            outcomes.assertMessage(READ_ONLY_ADVICE, OPENING);
            outcomes.assertMessage(READ_ONLY_ADVICE, List.of("load fits", "link stream"));
            process.send("shell mount -o remount,rw " + scratch.directory());
            process.runAllSuccessfully();
            process.finish();
        }
    }

    @Test
    void shouldReportThatSharedMemoryIsReadOnly() {
        try (UseCaseProcess process = start()) {
            process.send("prepare");
            process.send("shell rm /dev/shm/sem.*; mount -o remount,ro /dev/shm");

            Outcomes outcomes = process.runAll();

            outcomes.assertMessage(
                    READ_ONLY_ADVICE,
                    List.of(
                            "create dao",
                            "open dao",
                            "write dao",
                            "create block",
                            "create list",
                            "create shared array",
                            "attach block"));
            outcomes.assertSucceeded(List.of(
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
                    "info dao"));
            process.send("shell mount -o remount,rw /dev/shm");
            process.runAllSuccessfully();
            process.finish();
        }
    }

    @Test
    void shouldReportThatTheDirectoryIsFullAndKeepExistingFiles() {
        try (UseCaseProcess process = start()) {
            process.send("prepare");
            process.send("fill " + scratch.directory().resolve("filler"));

            Outcomes outcomes = process.runAll();

            outcomes.assertFailed(NoSpaceException.class, scratch.directory().toString(), CREATING);
            outcomes.assertSucceeded(CREATING_SHARED);
            outcomes.assertSucceeded(OPENING);
            outcomes.assertSucceeded(List.of("view dao", "read fits"));
            process.send("shell rm " + scratch.directory().resolve("filler"));
            process.runAllSuccessfully();
            process.finish();
        }
    }

    /** The semaphores of a DAO stream are in /dev/shm, wherever its file is. */
    @Test
    void shouldReportThatSharedMemoryIsFullAndLeaveNoPartialStream() {
        try (UseCaseProcess process = start()) {
            process.send("prepare");
            process.send("shell rm /dev/shm/sem.*");
            process.send("fill /dev/shm/filler");

            Outcomes outcomes = process.runAll();

            outcomes.assertFailed(
                    NoSpaceException.class,
                    "/dev/shm",
                    List.of(
                            "create dao",
                            "open dao",
                            "write dao",
                            "wait dao",
                            "replace dao",
                            "convert milk",
                            "create block",
                            "create list",
                            "create shared array"));
            outcomes.assertSucceeded(List.of(
                    "view dao",
                    "create milk",
                    "write milk",
                    "wait milk",
                    "create array",
                    "write fits",
                    "view block",
                    "attach block"));
            process.send("shell rm /dev/shm/filler");
            process.runAllSuccessfully();
            process.finish();
        }
    }

    /** Root owns all objects, in directories where every user may create files and only owners may remove them. */
    @Test
    void shouldReportTheOwnerOfAnObjectAndLeaveItUnchanged() throws IOException {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"),
                "setpriv is not installed");
        Path ready = Files.createDirectory(scratch.directory().resolve("ready"));
        try (UseCaseProcess root = UseCaseProcess.start(List.of(), JARS, ready, scratch.prefix(), "128x64")) {
            root.send("prepare");
            root.send("shell chmod 0600 " + ready + "/* /dev/shm/*" + scratch.prefix() + "*; chmod 1777 " + ready);
            scratch.directory().toFile().setExecutable(true, false);
            try (UseCaseProcess nobody = UseCaseProcess.start(
                    List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                    JARS,
                    ready,
                    scratch.prefix(),
                    "128x64")) {
                Outcomes closed = nobody.runAll();

                closed.assertFailed(AccessDeniedException.class, "", OPENING);
                closed.assertFailed(
                        AccessDeniedException.class,
                        "",
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
                                "load fits"));
                closed.assertSucceeded(List.of(
                        "create dao",
                        "create milk",
                        "create array",
                        "create block",
                        "write fits",
                        "create shared array",
                        "list blocks",
                        "list arrays"));
                root.send("shell chmod 0644 " + ready + "/* /dev/shm/*" + scratch.prefix() + "*");

                Outcomes readable = nobody.runAll();

                readable.assertFailed(AccessDeniedException.class, "", OPENING);
                readable.assertFailed(
                        AccessDeniedException.class,
                        "",
                        List.of("replace dao", "replace milk", "replace fits", "attach block"));
                readable.assertSucceeded(List.of(
                        "view dao",
                        "view milk",
                        "info dao",
                        "list dao",
                        "view block",
                        "view list",
                        "view array",
                        "read fits",
                        "read npy"));
                nobody.finish();
            }
            root.runAllSuccessfully();
            root.send("remove");
            root.finish();
        }
    }
}
