package org.shmrt.cli.frame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Progress;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/**
 * Frames that are read one after the other for a file. If the recording ends early, because no frame arrives, the stream
 * is re-created or the program is stopped, the frames that were read are kept.
 */
public final class Recording implements AutoCloseable {
    /** A large file takes a while; who cannot wait sends KILL. */
    private static final Duration SAVING_LIMIT = Duration.ofMinutes(10);
    /** A pipe may have no reader. */
    private static final Duration DEVICE_LIMIT = Duration.ofSeconds(1);

    /** Reads a frame. */
    @FunctionalInterface
    public interface Read {
        /** Reads the frame with this index; throws an exception if there is none. */
        void frame(int index);
    }

    private final Path file;
    private final int wanted;
    private final Progress progress;
    private final StopSignal signal;
    private int frames;
    private Optional<ShmException> failure = Optional.empty();

    /** A recording of {@code wanted} frames into a file, whose progress is shown until its end. */
    public Recording(Path file, int wanted, Progress progress) {
        this.file = file;
        this.wanted = wanted;
        this.progress = progress;
        this.signal = new StopSignal(Files.exists(file) && !Files.isRegularFile(file) ? DEVICE_LIMIT : SAVING_LIMIT);
    }

    /** Reads the next frame. False if the recording has ended: complete or early. */
    public boolean readNext(Read read) {
        if (frames == wanted || failure.isPresent() || signal.isReceived()) {
            progress.finish();
            return false;
        }
        signal.allowInterrupt();
        try {
            read.frame(frames);
            frames++;
            progress.update(frames);
            return true;
        } catch (ShmException e) {
            progress.finish();
            failure = Optional.of(e);
            return false;
        } finally {
            signal.forbidInterrupt();
        }
    }

    /** Frames that were read. */
    public int frames() {
        return frames;
    }

    /** {@code 10 frames}, or {@code 3 of 10 frames} if the recording ended early. */
    public String extent() {
        return frames == wanted ? Quantity.of(frames, "frame") : frames + " of " + Quantity.of(wanted, "frame");
    }

    /** Throws the exception that says why there is no frame at all. Says so if the program is being stopped. */
    public boolean isEmpty(Verb verb) {
        if (frames == 0) {
            if (!signal.isReceived()) {
                throw failure.orElseThrow();
            }
            verb.note("stopped before the first frame: " + FileNames.text(file) + " is not written");
        }
        return frames == 0;
    }

    /** The exit status after the file was saved; throws the exception that says why the recording ended early. */
    public int status() {
        if (signal.isReceived()) {
            return ExitStatus.FAILED; // replaced by that of the signal
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return ExitStatus.DONE;
    }

    @Override
    public void close() {
        progress.finish();
        signal.close();
    }
}
