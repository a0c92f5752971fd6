package org.shmrt.stream.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.format.TraceLayout;

/**
 * Reads and writes the process trace records of a milk stream. Writing is hot and allocates nothing.
 *
 * <pre>
 *   offset  type      field
 *        0  i32       triggermode
 *        4  i32       procwrite_PID
 *        8  u64       trigger_inode
 *       16  timespec  ts_procstart
 *       32  timespec  ts_streamupdate
 *       48  i32       trigsemindex
 *       52  i32       triggerstatus
 *       56  u64       cnt0 of the trigger
 * </pre>
 *
 * Source: observed files of ImageStreamIO 2.00; the values of mode and status from milk's documentation.
 */
public final class ProcessTraces {
    static final int TRIGGER_MODE = 0;
    static final int PID = 4;
    static final int TRIGGER_INODE = 8;
    static final int TRIGGER_SEMAPHORE = 48;
    static final int TRIGGER_STATUS = 52;
    static final int TRIGGER_COUNT = 56;
    static final TimeField STARTED = TimeField.at(16, TimeField.Encoding.TIMESPEC);
    static final TimeField UPDATED = TimeField.at(32, TimeField.Encoding.TIMESPEC);

    private static final int BY_COUNTER = 1;
    private static final int BY_SEMAPHORE = 3;
    private static final int RECEIVED = 2;
    private static final int OWN_PID = (int) ProcessHandle.current().pid();

    private ProcessTraces() {}

    public static List<ProcessTrace> read(MemorySegment file, TraceLayout layout) {
        List<ProcessTrace> traces = new ArrayList<>();
        for (int i = 0; layout != null && i < layout.count(); i++) {
            long at = layout.offset() + (long) i * TraceLayout.RECORD_BYTES;
            int pid = file.get(JAVA_INT, at + PID);
            if (pid == 0) {
                break;
            }
            traces.add(new ProcessTrace(
                    file.get(JAVA_INT, at + TRIGGER_MODE),
                    pid,
                    file.get(JAVA_LONG, at + TRIGGER_INODE),
                    STARTED.get(file, at),
                    UPDATED.get(file, at),
                    file.get(JAVA_INT, at + TRIGGER_SEMAPHORE),
                    file.get(JAVA_INT, at + TRIGGER_STATUS),
                    file.get(JAVA_LONG, at + TRIGGER_COUNT)));
        }
        return traces;
    }

    /** Writes the first record, and behind it those of the stream that triggered the frame. */
    public static void write(
            MemorySegment file, TraceLayout layout, FrameReader trigger, long startedNs, long updatedNs) {
        if (layout.count() == 0) {
            return;
        }
        long at = layout.offset();
        file.set(JAVA_INT, at + TRIGGER_MODE, trigger.semaphoreIndex() < 0 ? BY_COUNTER : BY_SEMAPHORE);
        file.set(JAVA_INT, at + PID, OWN_PID);
        file.set(JAVA_LONG, at + TRIGGER_INODE, trigger.stream().inode());
        STARTED.set(file, at, startedNs);
        UPDATED.set(file, at, updatedNs);
        file.set(JAVA_INT, at + TRIGGER_SEMAPHORE, trigger.semaphoreIndex());
        file.set(JAVA_INT, at + TRIGGER_STATUS, RECEIVED);
        file.set(JAVA_LONG, at + TRIGGER_COUNT, trigger.count());
        TraceLayout before = trigger.stream().layout().traces();
        int known = before == null ? 0 : Math.min(layout.count() - 1, before.count());
        if (known > 0) {
            MemorySegment.copy(
                    trigger.stream().segment(),
                    before.offset(),
                    file,
                    at + TraceLayout.RECORD_BYTES,
                    (long) known * TraceLayout.RECORD_BYTES);
        }
    }
}
