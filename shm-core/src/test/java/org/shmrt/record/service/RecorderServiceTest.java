package org.shmrt.record.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
        CompletableFuture<Integer> seen = CompletableFuture.supplyAsync(() -> lookUntil(ended));
        try {
            for (int i = 0; i < SERVICES; i++) {
                new RecorderService(name, plan, RecorderService.Beginning.STANDBY).close();
            }
        } finally {
            ended.set(true);
        }

        assertTrue(seen.join() > 0, "no page was seen");
    }

    /** Number of pages seen; another error than a missing page is passed on. */
    private int lookUntil(AtomicBoolean ended) {
        int seen = 0;
        while (!ended.get() || seen == 0) {
            try (RecorderControl control = RecorderControl.open(name)) {
                ServiceStatus status = control.status();
                assertEquals(ProcessHandle.current().pid(), status.pid());
                seen++;
            } catch (NotFoundException e) {
                if (ended.get()) {
                    return seen;
                }
            }
        }
        return seen;
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
