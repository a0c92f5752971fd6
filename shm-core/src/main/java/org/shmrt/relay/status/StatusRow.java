package org.shmrt.relay.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.shmrt.posix.Faults;
import org.shmrt.text.FixedText;

/**
 * One row of the page: one stream of a relay. For one thread. No call allocates, except {@link #state}. If another process
 * truncates the page, the relay goes on, and nobody sees the row.
 */
public final class StatusRow implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment row;

    StatusRow(MemorySegment row) {
        this.row = row;
    }

    /** Sets the state, and a reason for people, which may be empty. */
    public void state(RowState state, String reason) {
        try {
            FixedText.set(row, PageLayout.REASON_AT, PageLayout.REASON_BYTES, reason);
            INT.setRelease(row, PageLayout.STATE_AT, state.ordinal());
            Faults.poll();
        } catch (InternalError e) {
            // truncated: see above
        }
    }

    /** Sets a counter. */
    public void set(RowCounter counter, long value) {
        try {
            LONG.setRelease(row, PageLayout.counterAt(counter), value);
            Faults.poll();
        } catch (InternalError e) {
            // truncated: see above
        }
    }

    /** Adds to a counter. */
    public void add(RowCounter counter, long number) {
        set(counter, value(counter) + number);
    }

    /** The value of a counter; 0 if the page was truncated. */
    public long value(RowCounter counter) {
        try {
            long value = row.get(ValueLayout.JAVA_LONG, PageLayout.counterAt(counter));
            Faults.poll();
            return value;
        } catch (InternalError e) {
            return 0;
        }
    }

    /** Gives the row back. */
    @Override
    public void close() {
        state(RowState.FREE, "");
    }
}
