package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.NotFoundException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.PythonVersions;

/** Python's resource tracker unlinks blocks that a Python process only attached: provoked, detected and repaired. */
@Tag("slow")
@Timeout(600)
class ResourceTrackerTest {
    private static final String PEER = "block_peer.py";
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    static Stream<String> pythons() {
        return PythonExchangeTest.pythons();
    }

    private static void awaitUnlinked(SharedMemory block) throws InterruptedException {
        // The tracker is a separate process, which outlives the one that attached the block.
        for (int i = 0; i < 6000 && block.isLinked(); i++) {
            Thread.sleep(10);
        }
        assertFalse(block.isLinked(), "Python's tracker has not unlinked the block");
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldDetectAndRepairTheRemovalByPython(String python) throws InterruptedException {
        Assumptions.assumeFalse(python.isEmpty(), "no python3 with multiprocessing.shared_memory is installed");
        try (SharedMemory block = SharedMemory.create(scratch.name("tracked"), 5)) {
            MemorySegment taken = block.buf();
            taken.set(BYTE, 0, (byte) 42);

            assertEquals(List.of("attached 42"), PythonVersions.run(python, PEER, "tracked", block.name()));
            awaitUnlinked(block);
            assertThrows(NotFoundException.class, () -> SharedMemory.attach(block.name()));
            assertEquals(42, taken.get(BYTE, 0), "the memory is still mapped");

            assertTrue(block.relink());
            assertTrue(block.isLinked());
            assertEquals(List.of("5 2a00000000"), PythonVersions.run(python, PEER, "increment", block.name()));
            assertEquals(43, taken.get(BYTE, 0), "and shared again");
            assertTrue(block.unlink());
        }
    }

    @Test
    void shouldKeepABlockThatPython313DoesNotTrack() {
        String python = PythonVersions.all()
                .filter(any -> ExternalCommand.succeeds(any, "-c", "import sys; sys.exit(sys.version_info < (3, 13))"))
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(python != null, "Python 3.13 or later is not installed");
        try (SharedMemory block = SharedMemory.create(scratch.name("untracked"), 1)) {
            assertEquals(List.of("attached 0"), PythonVersions.run(python, PEER, "untracked", block.name()));
            // No tracker process was started that could unlink the block later.
            assertTrue(block.isLinked());
            block.unlink();
        }
    }

    @Test
    void shouldNoLongerShareWithMappingsOfTheOldObject() {
        String python = PythonVersions.any();
        try (SharedMemory block = SharedMemory.create(scratch.name("held"), 4);
                ChildProcess child = PythonVersions.start(python, PEER, "hold", block.name())) {
            assertEquals("ready", child.line());
            assertEquals("7", answer(child, "poke 0 7"));
            assertEquals(7, block.buf().get(BYTE, 0));
            SharedMemory.remove(block.name());

            assertTrue(block.relink());

            assertEquals("8", answer(child, "poke 0 8"));
            assertEquals(7, block.buf().get(BYTE, 0));
            block.buf().set(BYTE, 1, (byte) 9);
            assertEquals("0", answer(child, "peek 1"));
            child.send("end");
            child.finish();
            assertTrue(block.unlink());
        }
    }

    private static String answer(ChildProcess child, String question) {
        child.send(question);
        return child.line();
    }
}
