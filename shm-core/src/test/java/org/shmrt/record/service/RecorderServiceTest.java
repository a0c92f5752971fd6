package org.shmrt.record.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.record.Recorder;
import org.shmrt.record.RecorderBuilder;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** The page of a recording service. */
@Timeout(120)
class RecorderServiceTest {
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
    void shouldHaveNoPageAfterwards() {
        RecorderService service = new RecorderService(name, plan, RecorderService.Beginning.STANDBY);
        assertTrue(ServicePage.path(name).toFile().exists());

        service.close();
        service.close();

        assertFalse(ServicePage.path(name).toFile().exists());
    }
}
