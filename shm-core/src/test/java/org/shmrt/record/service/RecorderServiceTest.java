package org.shmrt.record.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileMapping;
import org.shmrt.record.Recorder;
import org.shmrt.record.RecorderBuilder;
import org.shmrt.record.Recording;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SizeChanges;

/** The page of a recording service. */
@Timeout(600)
class RecorderServiceTest {
    private static final int OPENINGS = 2000;
    private static final int SERVICES = 300;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final String name = "test-" + ProcessHandle.current().pid();
    private RecorderBuilder plan;

    @BeforeEach
    void planARecording() {
        ImageStream.create(scratch.stream("cam"), StreamSpec.dao(DataType.UINT8, Shape.of(4)))
                .close();
        plan = Recorder.into(scratch.directory().resolve("out")).stream(scratch.stream("cam"));
    }

    @Test
    void shouldShowACompletePageFromTheFirstMomentOn() {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        CompletableFuture<Void> looks = CompletableFuture.runAsync(() -> lookUntil(ended, seen));
        try {
            // On a busy machine the other thread may start later.
            for (int i = 0; (i < SERVICES || seen.get() == 0) && !looks.isDone(); i++) {
                new RecorderService(name, plan, RecorderService.Beginning.STANDBY).close();
            }
        } finally {
            ended.set(true);
        }

        looks.join();
        assertTrue(seen.get() > 0, "no page was seen");
    }

    /** Counts the pages; another error than a missing page is passed on. */
    private void lookUntil(AtomicBoolean ended, AtomicInteger seen) {
        while (!ended.get()) {
            try (RecorderControl control = RecorderControl.open(name)) {
                ServiceStatus status = control.status();
                assertEquals(ProcessHandle.current().pid(), status.pid());
                seen.incrementAndGet();
            } catch (NotFoundException e) {
                // between two services
            }
        }
    }

    @Test
    void shouldRefuseAPageThatIsTruncatedWhileItIsOpened() throws Exception {
        try (RecorderService _ = new RecorderService(name, plan, RecorderService.Beginning.STANDBY)) {
            Path page = ServicePage.path(name);
            SizeChanges.during(
                    page,
                    List.of(0L, ServicePage.BYTES),
                    OPENINGS,
                    ShmException.class,
                    () -> RecorderControl.open(name).close());

            assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                    .noneMatch(mapping -> mapping.path().equals(page.toString()) && !mapping.writable()));
        }
    }

    @Test
    void shouldSendNoCommandIntoATruncatedPage() {
        try (RecorderService _ = new RecorderService(name, plan, RecorderService.Beginning.STANDBY);
                RecorderControl control = RecorderControl.open(name)) {
            FileTruncation.truncate(ServicePage.path(name), 8);

            IncompatibleException refusal = assertThrows(IncompatibleException.class, control::start);

            assertTrue(refusal.getMessage().contains("was truncated"), refusal.getMessage());
        }
    }

    @Test
    void shouldEndItsRecordingAndRemoveItsPageAfterATruncation() throws Exception {
        Path page = ServicePage.path(name);
        RecorderService service = new RecorderService(name, plan, RecorderService.Beginning.RECORDING);
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                service.run(status -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (RecorderControl control = RecorderControl.open(name)) {
            while (control.status().state() != ServiceState.RECORDING) {
                Thread.sleep(1);
            }
        }
        try (ImageStream stream = ImageStream.open(scratch.stream("cam"));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        }
        FileTruncation.truncate(page, 0);

        Throwable failure = assertThrows(CompletionException.class, run::join).getCause();
        assertTrue(
                assertInstanceOf(IncompatibleException.class, failure)
                        .getMessage()
                        .contains(page + " was truncated"),
                failure.getMessage());
        service.close();
        service.close();

        assertFalse(page.toFile().exists());
        try (Recording recording = Recording.open(scratch.directory().resolve("out"))) {
            assertEquals(1, recording.streams().getFirst().frames());
        }
        assertEquals(List.of(), Recording.repair(scratch.directory().resolve("out")));
        assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                .noneMatch(mapping -> mapping.path().equals(page.toString())));
        new RecorderService(name, plan, RecorderService.Beginning.STANDBY).close();
    }

    @Test
    void shouldLeaveNothingWhenAPageIsTruncatedWhileItIsTakenOver() throws Exception {
        Path page = ServicePage.path(name);
        for (int i = 0; i < 200; i++) {
            Files.write(page, new byte[(int) ServicePage.BYTES]); // of a killed service
            try (SizeChanges _ = new SizeChanges(page, List.of(0L, ServicePage.BYTES))) {
                while (Files.size(page) != 0) {
                    Thread.onSpinWait();
                }
                new RecorderService(name, plan, RecorderService.Beginning.STANDBY).close();
            } catch (ShmException e) {
                assertFalse(e.getMessage().isBlank());
            }
            assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                    .noneMatch(mapping -> mapping.path().startsWith(page.toString())));
        }
        Files.deleteIfExists(page);
    }

    @Test
    void shouldTakeOverAPageOfAnotherSize() throws Exception {
        Files.write(ServicePage.path(name), new byte[8]);

        new RecorderService(name, plan, RecorderService.Beginning.STANDBY).close();

        assertFalse(ServicePage.path(name).toFile().exists());
    }

    @Test
    void shouldHaveNoPageAfterwards() {
        RecorderService service = new RecorderService(name, plan, RecorderService.Beginning.STANDBY);
        assertTrue(ServicePage.path(name).toFile().exists());

        service.close();
        service.close();

        assertFalse(ServicePage.path(name).toFile().exists());
    }
}
