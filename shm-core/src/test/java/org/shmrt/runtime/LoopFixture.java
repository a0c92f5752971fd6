package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.testing.Scratch;

/** A camera, a mirror and a loop between them, with names that no other test has. */
abstract class LoopFixture {
    static final long MS = 1_000_000;
    static final long TIMEOUT_NS = 60_000_000_000L;
    static final float[] FLAT = {-1, -1};

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    String name;
    ImageStream camera;
    ImageStream mirror;
    FrameWriter frames;

    @BeforeEach
    void create() {
        name = scratch.prefix() + "loop";
        camera = ImageStream.create(
                scratch.directory().resolve(scratch.prefix() + "cam.im.shm"),
                StreamSpec.milk(DataType.FLOAT32, Shape.of(2)));
        mirror = ImageStream.create(
                scratch.directory().resolve(scratch.prefix() + "dm.im.shm"),
                StreamSpec.dao(DataType.FLOAT32, Shape.of(2)));
        frames = camera.writer();
    }

    @AfterEach
    void close() {
        camera.close();
        mirror.close();
    }

    LoopBuilder<Void> builder() {
        return ControlLoop.named(name).output(mirror).safeState(SafeState.command(FLAT));
    }

    void send(float value) {
        frames.write(MemorySegment.ofArray(new float[] {value, value}));
    }

    /** The newest command; zeros before the first one. */
    float[] output() {
        float[] command = new float[2];
        if (mirror.status().cnt0() > 0) {
            try (FrameReader reader = mirror.reader(WaitStrategy.spin())) {
                assertTrue(reader.readNewest(MemorySegment.ofArray(command), TIMEOUT_NS)
                        .hasFrame());
            }
        }
        return command;
    }

    LoopSnapshot page() {
        try (LoopTelemetry page = LoopTelemetry.open(name)) {
            return page.snapshot();
        }
    }

    static void twice(MemorySegment frame, MemorySegment command, Object ignored) {
        twice(frame, command);
    }

    static void twice(MemorySegment frame, MemorySegment command) {
        for (int i = 0; i < 2; i++) {
            command.setAtIndex(ValueLayout.JAVA_FLOAT, i, 2 * frame.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    static Thread start(ControlLoop loop) {
        Thread thread = new Thread(loop::run, "loop");
        thread.start();
        return thread;
    }

    void await(LoopCounter counter, long value) throws InterruptedException {
        while (page().count(counter) < value) {
            Thread.sleep(1);
        }
    }

    void await(LoopState state) throws InterruptedException {
        while (page().state() != state) {
            Thread.sleep(1);
        }
    }
}
