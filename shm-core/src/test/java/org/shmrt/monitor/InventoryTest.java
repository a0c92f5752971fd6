package org.shmrt.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.monitor.Inventory.Scope;
import org.shmrt.posix.OwnProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/** What {@link Inventory} reads of streams and arrays that are written, removed, re-created, truncated and damaged. */
@Timeout(600)
class InventoryTest {
    private static final StreamSpec DAO = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[24]);

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Inventory inventory() {
        return new Inventory(Optional.of(scratch.directory()));
    }

    private static Reading only(Inventory inventory) {
        List<Reading> readings = inventory.readings().stream()
                .filter(reading -> reading.facts().kind() != Kind.LOOP)
                .toList();
        assertEquals(1, readings.size(), readings.toString());
        return readings.getFirst();
    }

    /** Sleeps for at least that time. */
    private static void sleep(long ns) {
        long endNs = System.nanoTime() + ns;
        for (long leftNs = ns; leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    @Test
    void shouldDescribeAStreamAndItsWriter() {
        try (ImageStream stream = ImageStream.create(scratch.stream("a"), DAO.withDepth(4));
                FrameWriter writer = stream.writer();
                Inventory inventory = inventory()) {
            inventory.refresh(Scope.OBJECTS);
            inventory.poll();
            assertEquals(State.IDLE, only(inventory).activity().state());
            Reading reading;
            long newestNs;
            do { // a reading that comes half a second after the newest frame shows a stream that is late
                for (int i = 0; i < 20; i++) {
                    writer.write(FRAME);
                    sleep(5_000_000L);
                    inventory.poll();
                }
                newestNs = System.nanoTime();
                writer.write(FRAME);
                sleep(5_000_000L);
                inventory.poll();
                reading = only(inventory);
            } while (System.nanoTime() - newestNs > 400_000_000L);

            assertEquals(Kind.STREAM, reading.facts().kind());
            assertEquals(scratch.prefix() + "a", reading.facts().name());
            assertEquals("dao", reading.facts().format());
            assertEquals("4x3", reading.facts().shape());
            assertEquals("uint16", reading.facts().type());
            assertEquals(
                    OptionalLong.of(stream.status().cnt0()), reading.activity().count());
            assertTrue(reading.activity().rateHz() > 0 && reading.activity().rateHz() <= 200, reading.toString());
            assertTrue(reading.activity().jitterNs() >= 0, "the ring shows consecutive frames");
            assertTrue(reading.activity().ageSeconds() >= 0);
            assertEquals(
                    List.of((long) OwnProcess.PID),
                    reading.users().writers().stream().map(ProcessRef::pid).toList());
            assertEquals(10, reading.users().semaphores().size());
        }
    }

    @Test
    void shouldChangeNeitherTheStreamNorItsSemaphores() throws IOException {
        try (ImageStream stream = ImageStream.create(scratch.stream("a"), DAO);
                FrameWriter writer = stream.writer()) {
            writer.write(FRAME);
            byte[] before = Files.readAllBytes(scratch.stream("a"));
            List<Integer> values = values();
            try (Inventory inventory = inventory()) {
                for (int i = 0; i < 5; i++) {
                    inventory.refresh(Scope.PROCESSES);
                    inventory.poll();
                    inventory.burst();
                    only(inventory);
                }
            }

            assertArrayEquals(before, Files.readAllBytes(scratch.stream("a")));
            assertEquals(values, values());
        }
    }

    private List<Integer> values() {
        try (Inventory inventory = inventory()) {
            inventory.refresh(Scope.OBJECTS);
            return only(inventory).users().semaphores().stream()
                    .map(SemaphoreReading::value)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "v2"})
    void shouldShowWhoClaimedASemaphore(String layout) {
        try (ImageStream stream = ImageStream.create(scratch.stream("a"), DAO.withVariant(layout));
                Inventory inventory = inventory()) {
            inventory.refresh(Scope.OBJECTS);
            assertEquals(List.of(), only(inventory).users().readers());
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                inventory.refresh(Scope.OBJECTS);

                assertEquals(
                        List.of((long) OwnProcess.PID),
                        only(inventory).users().readers().stream()
                                .map(ProcessRef::pid)
                                .toList());
                assertEquals(
                        OwnProcess.PID,
                        only(inventory)
                                .users()
                                .semaphores()
                                .get(reader.semaphoreIndex())
                                .reader()
                                .orElseThrow()
                                .pid());
            }
            inventory.refresh(Scope.OBJECTS);
            assertEquals(List.of(), only(inventory).users().readers());
        }
    }

    @Test
    void shouldFollowAStreamThatIsRemovedAndCreatedAgain() {
        ImageStream.create(scratch.stream("a"), DAO).close();
        try (Inventory inventory = inventory()) {
            inventory.refresh(Scope.OBJECTS);
            assertEquals("4x3", only(inventory).facts().shape());

            ImageStream.remove(scratch.stream("a"));
            inventory.poll();
            only(inventory); // until the directory is read again, the last state is shown
            inventory.refresh(Scope.OBJECTS);
            assertTrue(inventory.readings().stream().noneMatch(r -> r.facts().kind() == Kind.STREAM));

            ImageStream.create(scratch.stream("a"), StreamSpec.milk(DataType.UINT8, Shape.of(5, 6)))
                    .close();
            inventory.refresh(Scope.OBJECTS);
            assertEquals("5x6", only(inventory).facts().shape());
            assertEquals("milk", only(inventory).facts().format());

            ImageStream.create(scratch.stream("a"), DAO.replacingExisting()).close();
            inventory.refresh(Scope.OBJECTS);
            assertEquals("4x3", only(inventory).facts().shape(), "another file of the same name");
        }
    }

    @Test
    void shouldReportWhatCannotBeReadAndSurviveTruncation() throws IOException {
        ImageStream.create(scratch.stream("a"), StreamSpec.dao(DataType.UINT16, Shape.of(400, 300)))
                .close();
        byte[] whole = Files.readAllBytes(scratch.stream("a"));
        try (Inventory inventory = inventory()) {
            inventory.refresh(Scope.OBJECTS);
            Files.write(scratch.stream("a"), new byte[0]);
            inventory.poll();
            inventory.burst();
            inventory.refresh(Scope.OBJECTS);
            Reading reading = only(inventory);

            assertEquals(State.UNREADABLE, reading.activity().state());
            assertTrue(reading.note().contains("is empty"), reading.note());
            Files.write(scratch.stream("a"), whole);
            inventory.refresh(Scope.OBJECTS);
            assertEquals("400x300", only(inventory).facts().shape());
        }
    }

    @Test
    void shouldShowAWriterThatWasKilledInAFrame() {
        ImageStream.create(scratch.stream("a"), DAO).close();
        try (ChildProcess child = ChildJvm.start("claim", scratch.stream("a"));
                Inventory inventory = inventory()) {
            child.line();
            inventory.refresh(Scope.OBJECTS);
            inventory.poll();
            sleep(700_000_000L);
            inventory.poll();
            assertFalse(only(inventory).activity().state() == State.DEAD, "the writer is alive");
            child.kill();
            inventory.refresh(Scope.OBJECTS);
            inventory.poll();

            assertEquals(State.DEAD, only(inventory).activity().state());
        }
    }

    @Test
    void shouldNameTheProcessesThatHaveAStreamMapped() {
        ImageStream.create(scratch.stream("a"), DAO).close();
        try (ChildProcess child = ChildJvm.start("claim", scratch.stream("a"));
                Inventory inventory = inventory()) {
            child.line();
            inventory.refresh(Scope.PROCESSES);
            Reading.Opener opener = only(inventory).users().openers().getFirst();

            assertEquals(child.pid(), opener.process().pid());
            assertTrue(opener.writable());
            inventory.refresh(Scope.OBJECTS);
            assertEquals(List.of(), only(inventory).users().openers());
        }
    }

    @Test
    void shouldCountLostFramesByTheirIds() {
        try (ImageStream stream = ImageStream.create(scratch.stream("a"), DAO);
                FrameWriter writer = stream.writer();
                Inventory inventory = inventory()) {
            writer.frameId(100);
            writer.write(FRAME);
            inventory.refresh(Scope.OBJECTS);
            writer.frameId(101);
            writer.write(FRAME);
            writer.frameId(105);
            writer.write(FRAME);
            inventory.poll();

            assertEquals(OptionalLong.of(3), only(inventory).activity().lost());
        }
    }
}
