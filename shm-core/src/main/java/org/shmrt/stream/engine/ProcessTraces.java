package org.shmrt.stream.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.OwnProcess;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.TraceLayout;

/** Reads and writes a stream's process trace records. Writing is on the hot path and does not allocate. */
public final class ProcessTraces {
    private static final int BY_COUNTER = 1;
    private static final int BY_SEMAPHORE = 3;
    private static final int RECEIVED = 2;

    private ProcessTraces() {}

    /** The records in use; an empty list if {@code layout} is null. */
    public static List<ProcessTrace> read(MemorySegment file, TraceLayout layout) {
        List<ProcessTrace> traces = new ArrayList<>();
        for (int i = 0; layout != null && i < layout.count(); i++) {
            long at = layout.offset() + (long) i * layout.recordBytes();
            int pid = file.get(JAVA_INT, at + layout.pidOffset());
            if (pid == 0) {
                break;
            }
            traces.add(new ProcessTrace(
                    file.get(JAVA_INT, at + layout.triggerModeOffset()),
                    pid,
                    file.get(JAVA_LONG, at + layout.triggerInodeOffset()),
                    layout.started().get(file, at),
                    layout.updated().get(file, at),
                    file.get(JAVA_INT, at + layout.semaphoreOffset()),
                    file.get(JAVA_INT, at + layout.triggerStatusOffset()),
                    file.get(JAVA_LONG, at + layout.triggerCountOffset())));
        }
        return traces;
    }

    /**
     * Writes the first record of a stream, followed by the records of the stream that triggered the frame.
     *
     * @param file the stream written
     * @param layout the layout of its records
     * @param trigger the stream that triggered the frame
     * @param triggerCount counter of the triggering frame
     * @param semaphore index of the semaphore that woke the process, -1 for none
     */
    public static void write(
            MemorySegment file,
            TraceLayout layout,
            MappedStream trigger,
            long triggerCount,
            int semaphore,
            long startedNs,
            long updatedNs) {
        if (layout.count() == 0) {
            return;
        }
        long at = layout.offset();
        file.set(JAVA_INT, at + layout.triggerModeOffset(), semaphore < 0 ? BY_COUNTER : BY_SEMAPHORE);
        file.set(JAVA_INT, at + layout.pidOffset(), OwnProcess.PID);
        file.set(JAVA_LONG, at + layout.triggerInodeOffset(), trigger.fileId().inode());
        layout.started().set(file, at, startedNs);
        layout.updated().set(file, at, updatedNs);
        file.set(JAVA_INT, at + layout.semaphoreOffset(), semaphore);
        file.set(JAVA_INT, at + layout.triggerStatusOffset(), RECEIVED);
        file.set(JAVA_LONG, at + layout.triggerCountOffset(), triggerCount);
        TraceLayout source = trigger.layout().traces();
        // Records are copied as bytes, so only between layouts with the same record size.
        int copied = source == null || source.recordBytes() != layout.recordBytes()
                ? 0
                : Math.min(layout.count() - 1, source.count());
        if (copied > 0) {
            GuardedCopy.copy(
                    trigger.segment(),
                    source.offset(),
                    file,
                    at + layout.recordBytes(),
                    (long) copied * layout.recordBytes());
        }
    }
}
