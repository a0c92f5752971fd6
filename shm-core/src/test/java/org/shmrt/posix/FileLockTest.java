package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.PosixException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.HeldDescriptors;
import org.shmrt.testing.Scratch;

@Timeout(600)
class FileLockTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(scratch.directory().resolve("locked"), "content");
    }

    @Test
    void shouldHaveOneHolderAtATime() {
        FileLock first = FileLock.tryExclusive(file);

        assertNotNull(first);
        assertNull(FileLock.tryExclusive(file));

        first.close();
        first.close();
        try (FileLock second = FileLock.tryExclusive(file)) {
            assertNotNull(second);
        }
    }

    @Test
    void shouldReportItsOwnerWithoutTakingTheLock() {
        assertEquals(0, FileLock.ownerPid(file));
        assertEquals("another process", FileLock.ownerText(file));

        try (FileLock held = FileLock.tryExclusive(file)) {
            assertNotNull(held);
            assertEquals(ProcessHandle.current().pid(), FileLock.ownerPid(file));
            assertEquals("process " + ProcessHandle.current().pid(), FileLock.ownerText(file));
        }

        assertEquals(0, FileLock.ownerPid(file));
        assertEquals(0, FileLock.ownerPid(file.resolveSibling("missing")));
    }

    @Test
    void shouldBeFreeAfterItsOwnerIsKilled() {
        try (ChildProcess child = ChildJvm.start("lock", file)) {
            assertEquals("locked", child.line());

            assertNull(FileLock.tryExclusive(file));
            assertEquals(child.pid(), FileLock.ownerPid(file));

            child.kill();
            try (FileLock lock = FileLock.tryExclusive(file)) {
                assertNotNull(lock);
            }
        }
    }

    @Test
    void shouldBeDeniedToAnotherProcessWhileHeld() {
        try (FileLock lock = FileLock.tryExclusive(file);
                ChildProcess child = ChildJvm.start("lock", file)) {
            assertNotNull(lock);
            assertEquals("refused", child.line());
        }
    }

    @Test
    void shouldKnowItsFileAfterTheNameWasGivenToAnother() throws IOException {
        FileId before = FileId.of(file);
        try (FileLock lock = FileLock.tryExclusive(file)) {
            assertTrue(lock.isOn(before));

            Files.move(file, file.resolveSibling("old"));
            Files.writeString(file, "new");

            assertTrue(lock.isOn(before));
            assertFalse(lock.isOn(FileId.of(file)));
            assertEquals(0, FileLock.ownerPid(file), "the new file is not locked");
            assertEquals(ProcessHandle.current().pid(), FileLock.ownerPid(file.resolveSibling("old")));
        }
    }

    /** Without a free descriptor nobody knows whether a file is locked, so nobody may say that its owner is dead. */
    @Test
    void shouldNotCallAFileUnlockedWithoutAFreeDescriptor() {
        try (FileLock lock = FileLock.tryExclusive(file);
                ChildProcess child = HeldDescriptors.start(FileLockTest.class, file)) {
            assertNotNull(lock);
            List<String> lines = child.finish();

            assertEquals("held", lines.get(0));
            assertTrue(lines.get(1).contains("ulimit -n"), lines::toString);
            assertEquals("held", lines.get(2));
        }
    }

    /** The child: asks before it has used up its descriptors, then, and afterwards. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        FileId id = FileId.of(file);
        List<String> answers = new ArrayList<>();
        answers.add(answer(file, id));
        try (HeldDescriptors _ = HeldDescriptors.all()) {
            answers.add(answer(file, id));
        }
        answers.add(answer(file, id));
        answers.forEach(System.out::println);
    }

    private static String answer(Path file, FileId id) {
        try {
            return FileLock.isHeld(file, id) ? "held" : "free";
        } catch (PosixException e) {
            return e.getMessage();
        }
    }

    @Test
    void shouldReportAMissingFile() {
        assertThrows(NotFoundException.class, () -> FileLock.tryExclusive(file.resolveSibling("missing")));
    }
}
