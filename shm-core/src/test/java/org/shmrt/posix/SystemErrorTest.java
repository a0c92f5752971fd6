package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.FileTruncation;

/** Real failures of java.nio, in the language of this process and in German. */
@Timeout(600)
class SystemErrorTest {
    private static final Path TRANSLATION = Path.of("/usr/share/locale/de/LC_MESSAGES/libc.mo");

    @TempDir
    Path directory;

    @Test
    void shouldRecogniseTheErrorsOfJavaNio() throws IOException {
        for (Failure failure : failures(directory)) {
            assertTrue(failure.error.isReportedBy(failure.exception()), failure.error + ": " + failure.exception());
            for (SystemError other : SystemError.values()) {
                assertEquals(other == failure.error, other.isReportedBy(failure.exception()));
            }
        }
    }

    @Test
    void shouldHaveTheNumbersOfTheSystem() {
        Map<SystemError, Integer> numbers = Map.ofEntries(
                Map.entry(SystemError.NOT_PERMITTED, Posix.EPERM()),
                Map.entry(SystemError.BAD_ADDRESS, Posix.EFAULT()),
                Map.entry(SystemError.NOT_A_DIRECTORY, Posix.ENOTDIR()),
                Map.entry(SystemError.IS_A_DIRECTORY, Posix.EISDIR()),
                Map.entry(SystemError.NO_SPACE, Posix.ENOSPC()),
                Map.entry(SystemError.QUOTA_EXCEEDED, Posix.EDQUOT()),
                Map.entry(SystemError.PROCESS_FILES, Posix.EMFILE()),
                Map.entry(SystemError.SYSTEM_FILES, Posix.ENFILE()),
                Map.entry(SystemError.READ_ONLY, Posix.EROFS()),
                Map.entry(SystemError.LONG_NAME, Posix.ENAMETOOLONG()),
                Map.entry(SystemError.LINK_CIRCLE, Posix.ELOOP()),
                Map.entry(SystemError.LARGE_FILE, Posix.EFBIG()));

        for (SystemError error : SystemError.values()) {
            // The bindings have no EADDRINUSE; a real one is compared by its text below.
            if (error != SystemError.ADDRESS_IN_USE) {
                assertEquals(numbers.get(error), error.errno(), error.name());
            }
        }
    }

    @Test
    void shouldAdviseToRaiseTheLimitOfLockedMemory() {
        for (String call : List.of("mlock", "mmap")) {
            String message = Errno.failure(call, directory, Posix.EAGAIN(), 0).getMessage();

            assertTrue(message.endsWith("raise the limit of locked memory (ulimit -l)"), message);
        }
        // The kernel's answer where the limit is 0.
        String denied = Errno.failure("mlock", directory, Posix.EPERM(), 0).getMessage();
        assertTrue(denied.endsWith("raise the limit of locked memory (ulimit -l)"), denied);
    }

    @Test
    void shouldPreferTheLongestText() {
        assertEquals(
                SystemError.PROCESS_FILES, SystemError.of("Too many open files").orElseThrow());
        assertEquals(
                SystemError.SYSTEM_FILES,
                SystemError.of("Too many open files in system").orElseThrow());
        assertTrue(SystemError.of("Something else").isEmpty());
        assertTrue(SystemError.of("").isEmpty());
    }

    @Test
    void shouldRecogniseTheMessagesOfJavaIo() {
        assertTrue(SystemError.NO_SPACE.isReportedBy(new FileNotFoundException("x.fits (No space left on device)")));
        assertFalse(SystemError.NO_SPACE.isReportedBy(
                new FileNotFoundException("No space left on device (Permission denied)")));
        assertFalse(SystemError.NO_SPACE.isReportedBy(new IOException()));
        assertFalse(SystemError.NO_SPACE.isReportedBy(new FileSystemException("No space left on device")));
    }

    /** The second encoding is none of the standard character sets of Java. */
    @ParameterizedTest
    @CsvSource({"de_DE.UTF-8, UTF-8", "de_DE@euro, ISO-8859-15"})
    void shouldRecogniseThemInAnotherLanguage(String locale, String encoding) throws Exception {
        assumeTrue(Files.exists(TRANSLATION), "the C library's messages are not installed in German (libc-l10n)");
        assumeTrue(
                ExternalCommand.succeeds(
                        "localedef",
                        "-i",
                        "de_DE",
                        "-f",
                        encoding,
                        directory.resolve(locale).toString()),
                "there is no description of the German locale (locales)");
        Path files = Files.createDirectory(directory.resolve("files"));
        List<String> command =
                new ArrayList<>(List.of("env", "-u", "LANGUAGE", "LOCPATH=" + directory, "LC_ALL=" + locale));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, German.class, files.toString()));

        try (ChildProcess child = ChildProcess.start(command)) {
            child.finish();
        }
    }

    /** One failure and the error that it reports. */
    private record Failure(SystemError error, IOException exception) {}

    private static List<Failure> failures(Path directory) throws IOException {
        List<Failure> failures = new ArrayList<>();
        Path file = Files.write(directory.resolve("file"), new byte[10]);
        failures.add(failing(SystemError.NOT_A_DIRECTORY, () -> Files.readAllBytes(file.resolve("x"))));
        failures.add(failing(SystemError.IS_A_DIRECTORY, () -> Files.readAllBytes(directory)));
        failures.add(failing(SystemError.LONG_NAME, () -> Files.readAllBytes(directory.resolve("x".repeat(300)))));
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        failures.add(failing(SystemError.LINK_CIRCLE, () -> {
            try (FileChannel channel = FileChannel.open(circle)) {
                channel.size();
            }
        }));
        failures.add(failing(
                SystemError.NO_SPACE, () -> Files.write(Path.of("/dev/full"), new byte[10], StandardOpenOption.WRITE)));
        failures.add(failing(SystemError.BAD_ADDRESS, () -> readIntoTruncated(file, directory.resolve("target"))));
        failures.add(failing(SystemError.ADDRESS_IN_USE, SystemErrorTest::bindTwice));
        return failures;
    }

    private static void bindTwice() throws IOException {
        try (ServerSocketChannel first = ServerSocketChannel.open();
                ServerSocketChannel second = ServerSocketChannel.open()) {
            first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            second.bind(first.getLocalAddress());
        }
    }

    private static void readIntoTruncated(Path source, Path target) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            file.setLength(4096);
            try (Arena arena = Arena.ofShared();
                    FileChannel from = FileChannel.open(source)) {
                MemorySegment memory = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
                ByteBuffer into = memory.asByteBuffer();
                FileTruncation.truncate(target, 0);
                from.read(into);
            }
        }
    }

    private static Failure failing(SystemError error, Call call) {
        try {
            call.run();
        } catch (IOException e) {
            return new Failure(error, e);
        }
        throw new AssertionError(error + " was not reported");
    }

    private interface Call {
        void run() throws IOException;
    }

    /** The same in a process with German messages, and messages of ShmRT there. */
    static final class German {
        private German() {}

        public static void main(String[] args) throws IOException {
            Path directory = Path.of(args[0]);
            assertEquals("Die Adresse wird bereits verwendet", SystemError.ADDRESS_IN_USE.text());
            assertEquals("Auf dem Gerät ist kein Speicherplatz mehr verfügbar", SystemError.NO_SPACE.text());
            for (Failure failure : failures(directory)) {
                assertTrue(failure.error.isReportedBy(failure.exception()), failure.error + ": " + failure.exception());
                if (failure.error == SystemError.LONG_NAME) {
                    String reason = IoErrors.reason(failure.exception());
                    assertTrue(reason.endsWith("zu lang: choose a shorter name"), reason);
                }
            }
            try (ImageStream _ = ImageStream.open(directory.resolve("circle"))) {
                throw new AssertionError("opened");
            } catch (ShmException e) {
                assertTrue(e.getMessage().endsWith("its links lead in a circle"), e.getMessage());
            }
        }
    }
}
