package org.shmrt.bench.determinism;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** Scratch streams for warming up a step: a camera that a thread of this JVM writes, and a mirror. */
final class ScratchCamera {
    private final Path camera;
    private final Path mirror;
    private final MemorySegment frame;
    private final MemorySegment times;
    private final long period;
    private final int core;
    private long count;
    private volatile boolean isOver;
    private Thread thread;

    /**
     * Names the streams after a camera.
     *
     * @param times receives the time of each frame, as the camera of the measurement stores it
     * @param core where the thread runs
     */
    ScratchCamera(Path camera, MemorySegment frame, MemorySegment times, long period, int core) {
        String name = camera.getFileName().toString();
        this.camera = camera.resolveSibling(name.replace("camera", "scratchin"));
        this.mirror = camera.resolveSibling(name.replace("camera", "scratchout"));
        this.frame = frame;
        this.times = times;
        this.period = period;
        this.core = core;
    }

    ImageStream create(StreamSpec spec) {
        return ImageStream.create(camera, spec);
    }

    Path mirror() {
        return mirror;
    }

    void write(FrameWriter frames) {
        count++;
        times.setAtIndex(ValueLayout.JAVA_LONG, count % ControlStep.TIMES_WORDS, System.nanoTime());
        frames.write(frame);
    }

    /** Writes at the rate of the loop until {@link #stop}. */
    void start(ImageStream to) {
        thread = new Thread(
                () -> {
                    RealTime.pin(core); // a thread inherits the core of its creator, which is the loop's
                    try (FrameWriter frames = to.writer()) {
                        for (long next = System.nanoTime(); !isOver; next += period) {
                            LockSupport.parkNanos(next - System.nanoTime());
                            write(frames);
                        }
                    }
                },
                "scratch camera");
        thread.start();
    }

    void stop() throws InterruptedException {
        isOver = true;
        thread.join();
    }

    void remove() {
        ImageStream.remove(camera);
        ImageStream.remove(mirror);
    }
}
