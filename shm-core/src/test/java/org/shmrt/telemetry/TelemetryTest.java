package org.shmrt.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileMapping;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.Allocation;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.SizeChanges;

/** The page of a loop: what it holds, who may write it, and what remains of a killed loop. */
@Timeout(600)
class TelemetryTest {
    private static final int OPENINGS = 2000;
    private static final String NAME = "t" + ProcessHandle.current().pid();

    @AfterEach
    void removePage() throws IOException {
        Files.deleteIfExists(PageKind.LOOP.path(NAME));
    }

    @Test
    void shouldRefuseAPageThatIsTruncatedWhileItIsOpened() throws Exception {
        try (TelemetryWriter _ = TelemetryWriter.create(NAME)) {
            Path page = PageKind.LOOP.path(NAME);
            SizeChanges.during(
                    page,
                    List.of(0L, PageKind.LOOP.bytes()),
                    OPENINGS,
                    ShmException.class,
                    () -> LoopTelemetry.open(NAME).close());

            assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                    .noneMatch(mapping -> mapping.path().equals(page.toString()) && !mapping.writable()));
        }
    }

    @Test
    void shouldSendNoCommandIntoATruncatedPage() throws IOException {
        try (TelemetryWriter _ = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            FileTruncation.truncate(PageKind.LOOP.path(NAME), 8);

            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> reader.send(LoopCommand.STOP));

            assertTrue(refusal.getMessage().contains("was truncated"), refusal.getMessage());
        }
    }

    @Test
    void shouldLeaveNothingWhenThePageIsTruncatedWhileItIsCreated() {
        Path page = PageKind.LOOP.path(NAME);
        IncompatibleException refusal = assertThrows(
                IncompatibleException.class,
                () -> OwnedPage.create(PageKind.LOOP, NAME, "", content -> {
                    FileTruncation.truncate(page, 0);
                    content.set(ValueLayout.JAVA_INT, PageLayout.STATE_AT, 1);
                }));

        assertTrue(refusal.getMessage().contains(page + " of the loop " + NAME + ": another process truncated"));
        assertFalse(Files.exists(page));
        TelemetryWriter.create(NAME).close();
    }

    @Test
    void shouldLeaveNothingWhenTheContentOfANewPageFails() {
        OutOfMemoryError failure = new OutOfMemoryError("of the test");
        assertSame(
                failure,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> OwnedPage.create(PageKind.METER, NAME, "", content -> {
                            throw failure;
                        })));

        assertFalse(Files.exists(PageKind.METER.path(NAME)));
        OwnedPage.create(PageKind.METER, NAME, "", content -> {}).close();
    }

    @Test
    void shouldRemoveATruncatedPageWhenItIsClosed() {
        TelemetryWriter writer = TelemetryWriter.create(NAME);
        FileTruncation.truncate(PageKind.LOOP.path(NAME), 0);

        writer.close();

        assertFalse(Files.exists(PageKind.LOOP.path(NAME)));
        TelemetryWriter.create(NAME).close();
    }

    @Test
    void shouldShowWhatWasAddedSinceAnEarlierSnapshot() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            writer.add(LoopMeasure.COMPUTE, 5_000_000);
            LatencyHistogram before = reader.snapshot().histogram(LoopMeasure.COMPUTE);
            writer.add(LoopMeasure.COMPUTE, 1000);
            writer.add(LoopMeasure.COMPUTE, 3000);
            LatencyHistogram after = reader.snapshot().histogram(LoopMeasure.COMPUTE);

            LatencyHistogram since = after.since(before);
            assertEquals(2, since.count());
            assertEquals(2000, since.meanNs());
            assertEquals(3000, (double) since.maxNs(), 3000 * 0.016);
            assertEquals(0, after.since(after).count());
            assertEquals(0, after.since(after).maxNs());
            assertEquals(1, after.countUpTo(1000));
            assertEquals(2, after.countUpTo(4_000_000));
            assertEquals(3, after.countUpTo(Long.MAX_VALUE));
            assertEquals(0, after.countUpTo(-1));
        }
    }

    @Test
    void shouldShowTheTimesAndCountersThatWereAdded() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            for (int i = 1; i <= 1000; i++) {
                writer.add(LoopMeasure.COMPUTE, i * 1000L);
            }
            writer.add(LoopMeasure.WAKE, -1);
            writer.count(LoopCounter.MISSED, 3);
            writer.endStep(System.nanoTime());
            writer.plan(600_000, 0);
            writer.state(LoopState.RUNNING, "");

            LoopSnapshot seen = reader.snapshot();
            LatencyHistogram compute = seen.histogram(LoopMeasure.COMPUTE);
            assertEquals(1000, compute.count());
            assertEquals(1_000_000, compute.maxNs());
            assertEquals(500_500, compute.meanNs());
            assertEquals(500_000, (double) compute.percentileNs(50), 500_000 * 0.016);
            assertEquals(990_000, (double) compute.percentileNs(99), 990_000 * 0.016);
            assertEquals(0, seen.histogram(LoopMeasure.WAKE).count());
            assertEquals(3, seen.count(LoopCounter.MISSED));
            assertEquals(1, seen.count(LoopCounter.STEPS));
            assertEquals(600_000, seen.deadlineNs());
            assertEquals(LoopState.RUNNING, seen.state());
            assertEquals(ProcessHandle.current().pid(), seen.pid());
            assertTrue(seen.isAlive());
            assertTrue(LoopTelemetry.names().contains(NAME));
        }
        assertFalse(LoopTelemetry.names().contains(NAME));
    }

    @Test
    void shouldShowTheTimesBetweenTwoSnapshots() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            writer.add(LoopMeasure.COMPUTE, 50_000);
            LatencyHistogram first = reader.snapshot().histogram(LoopMeasure.COMPUTE);
            writer.add(LoopMeasure.COMPUTE, 10_000);
            writer.add(LoopMeasure.COMPUTE, 20_000);
            LatencyHistogram second = reader.snapshot().histogram(LoopMeasure.COMPUTE);
            writer.add(LoopMeasure.COMPUTE, 60_001);
            LatencyHistogram third = reader.snapshot().histogram(LoopMeasure.COMPUTE);

            LatencyHistogram between = second.since(first);
            assertEquals(2, between.count());
            assertEquals(15_000, between.meanNs());
            assertEquals(20_000, (double) between.maxNs(), 20_000 * 0.016);
            assertEquals(10_000, (double) between.percentileNs(50), 10_000 * 0.016);
            assertEquals(60_001, third.since(second).maxNs());
            assertEquals(0, third.since(third).count());
            assertEquals(0, third.since(third).maxNs());

            writer.clearMeasures();
            writer.add(LoopMeasure.COMPUTE, 5);
            LatencyHistogram again = reader.snapshot().histogram(LoopMeasure.COMPUTE);
            assertEquals(5, again.since(third).maxNs());
        }
    }

    @Test
    void shouldPlaceEveryTimeInTheBucketThatHoldsIt() {
        int last = -1;
        for (long ns = 0; ns < 1L << 40; ns = ns < 300 ? ns + 1 : ns + ns / 100) {
            int bucket = HistogramLayout.bucket(ns);
            assertTrue(bucket >= last && bucket < HistogramLayout.BUCKETS, "bucket of " + ns);
            last = bucket;
            if (ns < 1L << 37) {
                assertTrue(HistogramLayout.highest(bucket) >= ns, "highest value of the bucket of " + ns);
                assertTrue(bucket == 0 || HistogramLayout.highest(bucket - 1) < ns, "bucket before that of " + ns);
            }
        }
        assertEquals(HistogramLayout.BUCKETS - 1, HistogramLayout.bucket(Long.MAX_VALUE));
    }

    @Test
    void shouldDeliverCommandsToTheLoop() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            assertEquals(LoopCommand.RUN, writer.command());
            for (LoopCommand command : LoopCommand.values()) {
                reader.send(command);
                assertEquals(command, writer.command());
            }
        }
    }

    @Test
    void shouldRefuseASecondLoopOfTheSameName() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME)) {
            BusyException e = assertThrows(BusyException.class, () -> TelemetryWriter.create(NAME));
            assertTrue(
                    e.getMessage().contains("process " + ProcessHandle.current().pid()), e.getMessage());
            assertTrue(Files.exists(writer.path()));
        }
    }

    @Test
    void shouldRemoveAPageUnlessItsLoopIsAlive() throws IOException {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME)) {
            assertThrows(BusyException.class, () -> LoopTelemetry.remove(NAME));
            assertTrue(Files.exists(writer.path()));
        }
        LoopTelemetry.remove(NAME); // there is none any more
        Files.write(PageKind.LOOP.path(NAME), new byte[10]);
        LoopTelemetry.remove(NAME);
        assertFalse(LoopTelemetry.names().contains(NAME));
    }

    @Test
    void shouldTakeOverThePageOfAKilledLoop() {
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Child.class, NAME))) {
            child.expect("ready");
            try (LoopTelemetry reader = LoopTelemetry.open(NAME)) {
                assertEquals(child.pid(), reader.snapshot().pid());
                child.kill();

                LoopSnapshot left = reader.snapshot();
                assertFalse(left.isAlive());
                assertEquals(1, left.count(LoopCounter.STEPS));
                NotFoundException e = assertThrows(NotFoundException.class, () -> reader.send(LoopCommand.PAUSE));
                assertTrue(e.getMessage().contains("is not running"), e.getMessage());

                try (TelemetryWriter next = TelemetryWriter.create(NAME)) {
                    LoopSnapshot now = reader.snapshot();
                    assertTrue(now.isAlive());
                    assertEquals(0, now.count(LoopCounter.STEPS));
                    assertEquals(0, now.histogram(LoopMeasure.COMPUTE).count());
                    assertEquals(LoopCommand.RUN, next.command());
                }
            }
        }
    }

    @Test
    void shouldReplaceAPageOfAnotherVersionAndRefuseToReadIt() throws IOException {
        Files.write(PageKind.LOOP.path(NAME), new byte[5000]);
        IncompatibleException e = assertThrows(IncompatibleException.class, () -> LoopTelemetry.open(NAME));
        assertTrue(e.getMessage().contains("restart the loop"), e.getMessage());

        try (TelemetryWriter writer = TelemetryWriter.create(NAME);
                LoopTelemetry reader = LoopTelemetry.open(NAME)) {
            assertEquals(LoopState.STANDBY, reader.snapshot().state());
            assertEquals(LoopCommand.RUN, writer.command());
        }
    }

    @Test
    void shouldNameTheLoopsThereAreAndTheNamesThatAreValid() {
        NotFoundException missing = assertThrows(NotFoundException.class, () -> LoopTelemetry.open(NAME));
        assertTrue(missing.getMessage().contains("there is no loop " + NAME), missing.getMessage());
        for (String name : new String[] {"", "../x", "a b", ".hidden", "-x", "n".repeat(65)}) {
            assertThrows(IllegalArgumentException.class, () -> TelemetryWriter.create(name));
        }
    }

    @Test
    void shouldNotAllocateInAStep() {
        try (TelemetryWriter writer = TelemetryWriter.create(NAME)) {
            long least = Allocation.leastBytes(10_000, () -> steps(writer, 100_000));
            assertTrue(least < 10_000, least + " bytes in 100000 steps");
        }
    }

    private static void steps(TelemetryWriter writer, int number) {
        for (int i = 0; i < number; i++) {
            writer.add(LoopMeasure.INTERVAL, 1_000_000 + i);
            writer.add(LoopMeasure.WAKE, 1000 + i);
            writer.add(LoopMeasure.COMPUTE, 10_000 + i);
            writer.add(LoopMeasure.PUBLISH, 500 + i);
            writer.add(LoopMeasure.END_TO_END, 12_000 + i);
            writer.endStep(i);
        }
    }

    /** A loop that is killed. */
    static final class Child {
        public static void main(String[] words) throws InterruptedException {
            TelemetryWriter writer = TelemetryWriter.create(words[0]);
            writer.add(LoopMeasure.COMPUTE, 5);
            writer.endStep(System.nanoTime());
            writer.command(LoopCommand.PAUSE);
            System.out.println("ready");
            Thread.sleep(60_000);
        }
    }
}
