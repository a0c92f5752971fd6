package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;

/** Every invalid input gives one clear line and the correct exit status, and leaves nothing incomplete. */
class BadInputTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private void create() {
        shm.run("create", "STREAM", "--shape", "4x3", "--dtype", "u16").succeeded();
    }

    private void assertRefused(int status, String reason, String... args) {
        shm.run(args).refused(status, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create X --shape 4x --dtype u16        | is not a shape",
                "create X --shape 4x-3 --dtype u16      | cannot be negative",
                "create X --shape 0x3 --dtype u16       | none of length 0",
                "create X --shape 1x2x3x4 --dtype u16   | 1 to 3 axes",
                "create X --shape 4x3 --dtype u17       | unknown type 'u17'",
                "create X --shape 4x3 --dtype f16       | DAO streams have no float16",
                "create X --shape 4x3                   | --dtype",
                "create X --shape 4x3 --dtype u8 --format abc | unknown stream format 'abc'",
                "create X --shape 4x3 --dtype u8 --mode 999   | is not a file mode",
                "create X --shape 4x3 --dtype u8 --depth 0    | at least 1 frame",
                "create X --shape 4x3 --dtype u8 --keywords 65536 | 0 to 65535",
                "create X --shape 5000000000 --dtype u8 | at most 4294967295",
                "create X --shape 2147483648x2147483648 --dtype f64 | more bytes than 63 bits",
                "read                                   | STREAM",
                "read X --timeout soon                  | is not a time",
                "read X --wait never                    | never",
                "read X --count 0                       | at least 1 frame",
                "read X --wait spin --sem 3             | --sem requires",
                "read X --frob                          | --frob",
                "write X                                | --in",
                "write X --in - --rate 0                | more than 0",
                "keyword                                | STREAM",
                "keyword X a=1 --long --text            | mutually exclusive",
                "keyword X a --comment c                | --comment requires NAME=VALUE",
                "keyword X --double                     | a type requires NAME=VALUE",
                "watch                                  | STREAM",
                "watch X --for 0s                       | at least 1ms",
                "watch X --for soon                     | is not a time",
                "loop show                              | NAME",
                "loop pause a b                         | b",
                "loop show a/b                          | cannot be the name of a loop",
                "loop list --frob                       | --frob",
                "loop frob                              | frob",
                "frob                                   | there is no verb 'frob'",
            })
    void shouldRejectWrongUsageInOneLine(String line, String reason) {
        shm.runLine(line.replace("X", "STREAM")).refused(ExitStatus.USAGE, reason);
        assertFalse(Files.exists(shm.stream()));
    }

    @Test
    void shouldReportWhyANameWithALineBreakIsRefused() {
        assertRefused(1, "there is no /tmp/two\\u000alines", "info", "/tmp/two\nlines");
        assertRefused(
                ExitStatus.USAGE,
                "'two\\u000a/lines' is not a valid array name: a name in shared memory has no slash",
                "array",
                "show",
                "two\n/lines");
    }

    @Test
    void shouldReportWhichFileIsMissing() {
        assertRefused(1, "there is no " + shm.stream(), "info", "STREAM");
        assertRefused(1, "there is no " + shm.stream(), "read", "STREAM");
        assertRefused(1, "there is no " + shm.stream(), "rm", "STREAM");
        assertRefused(1, "there is no " + shm.stream(), "keyword", "STREAM");
        assertRefused(1, "there is no " + shm.stream(), "keyword", "STREAM", "a=1");
        assertRefused(1, "there is no " + shm.stream(), "watch", "STREAM", "--once");
        assertRefused(
                1, "there is no directory /nowhere", "create", "/nowhere/x.im.shm", "--shape", "4", "--dtype", "u8");
        assertRefused(1, "there is no directory /nowhere", "list", "/nowhere");
    }

    @Test
    void shouldPointToAFileOfThisNameInTheCurrentDirectory() {
        assertTrue(Files.isRegularFile(Path.of("pom.xml")), "the tests run in the directory of the module");

        for (String verb : List.of("info", "read", "keyword", "rm")) {
            assertRefused(1, "pom.xml.im.shm: for the file in the current directory, write ./pom.xml", verb, "pom.xml");
        }
    }

    @Test
    void shouldRefuseADirectoryAndAPlainFile() throws IOException {
        Path text = Files.writeString(shm.file("text.im.shm"), "hello");

        assertRefused(1, "is a directory", "read", "DIR");
        assertRefused(1, "fewer than a DAO header's", "read", text.toString());
        assertRefused(1, "fewer than a DAO header's", "rm", text.toString());
        assertTrue(Files.exists(text), "what is no stream is not removed");
    }

    /** It has no file name. */
    @ParameterizedTest
    @ValueSource(strings = {"watch /", "watch / --once", "record / --out DIR/out", "info /", "rm /"})
    void shouldRefuseTheRootDirectory(String line) {
        shm.runLine(line).refused(1, "/ is a directory, not a stream");
    }

    @Test
    void shouldReportTheRootDirectoryAsNoStream() {
        CommandRun run = shm.run("doctor", "/");

        assertEquals(ExitStatus.FAILED, run.status(), run::toString);
        assertEquals("", run.err());
        assertTrue(run.out().contains("/ is a directory"), run::out);
    }

    @Test
    @Timeout(600)
    void shouldRefuseAPipeWithoutHanging() throws IOException, InterruptedException {
        Path pipe = shm.file("pipe.im.shm");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        assertRefused(1, "is a pipe or device", "read", pipe.toString());
        assertRefused(1, "is a pipe or device", "read", pipe.toString(), "--wait", "sem");
    }

    @Test
    void shouldReportTheOwnerOfAnUnreadableFile() throws IOException {
        create();
        Files.setPosixFilePermissions(shm.stream(), PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(shm.stream()), "this user may read everything");

        assertRefused(1, "permission denied", "read", "STREAM");

        Files.setPosixFilePermissions(shm.stream(), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldReportAnUnsupportedOperatingSystem() {
        String os = System.setProperty("os.name", "Plan 9");
        try {
            assertRefused(1, "runs only on Linux, not on Plan 9", "list");
        } finally {
            System.setProperty("os.name", os);
        }
    }

    @Test
    void shouldNotTouchAnExistingFileAtCreation() throws IOException {
        Files.writeString(shm.stream(), "precious");

        assertRefused(1, "exists already", "create", "STREAM", "--shape", "4", "--dtype", "u8");

        assertEquals("precious", Files.readString(shm.stream()));
        Files.delete(shm.stream());
    }

    @Test
    void shouldRefuseAPathOver255Characters() {
        String path = shm.file("x".repeat(240) + ".im.shm").toString();

        assertRefused(2, "at most 255 characters", "create", path, "--shape", "4", "--dtype", "u8");
    }

    @Test
    void shouldRefuseAFrameOfAnotherShapeOrType() {
        create();
        Path shape = shm.file("shape.npy");
        Path type = shm.file("type.npy");
        NpyFile.write(shape, new MemoryImage(DataType.UINT16, Shape.of(3, 4), MemorySegment.ofArray(new short[12])));
        NpyFile.write(type, new MemoryImage(DataType.INT16, Shape.of(4, 3), MemorySegment.ofArray(new short[12])));

        assertRefused(1, "contains 3x4 uint16", "write", "STREAM", "--in", shape.toString());
        assertRefused(1, "contains 4x3 int16", "write", "STREAM", "--in", type.toString());
    }

    @Test
    void shouldRefuseRawDataThatIsNoWholeFrame() throws IOException {
        create();
        Path raw = Files.write(shm.file("odd.raw"), new byte[25]);

        assertRefused(1, "not a multiple of the frame size", "write", "STREAM", "--in", raw.toString());
        assertRefused(1, "there is no file", "write", "STREAM", "--in", "DIR/no.npy");
    }

    @Test
    void shouldEndWithStatus3AfterATimeout() {
        create();

        assertRefused(3, "within 0.05 s", "read", "STREAM", "--wait", "spin", "--timeout", "50ms");
        assertRefused(3, "within 0.05 s", "read", "STREAM", "--wait", "sem", "--timeout", "50ms");
        assertRefused(3, "within 0.05 s", "read", "STREAM", "--wait", "hybrid", "--timeout", "50ms");
        assertRefused(3, "within 0.05 s", "read", "STREAM", "--next", "--timeout", "50ms");
    }

    @Test
    void shouldLeaveNoFileWhereNoneCanBeWritten() {
        create();

        assertRefused(2, "png", "read", "STREAM", "--out", "DIR/x.jpeg");
        assertRefused(1, "nowhere", "read", "STREAM", "--out", "/nowhere/x.npy");
    }

    @Test
    @Timeout(600)
    void shouldReportThatAStreamWasRemovedWhileItWasRead() throws Exception {
        create();
        Thread command = Thread.currentThread();
        Thread remover = new Thread(() -> {
            while (!isWaiting(command)) {
                Thread.onSpinWait();
            }
            ImageStream.remove(shm.stream());
        });

        remover.start();
        CommandRun run = shm.run("read", "STREAM", "--wait", "idle", "--timeout", "100s");
        remover.join();

        run.refused(1, "was removed");
    }

    /** Whether a thread waits for a frame. */
    private static boolean isWaiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(call -> call.getClassName().equals(FrameReader.class.getName()));
    }
}
