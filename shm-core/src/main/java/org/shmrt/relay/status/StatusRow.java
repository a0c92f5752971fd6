package org.shmrt.relay.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.shmrt.text.FixedText;

/** One row of the page: one stream of a relay. For one thread. No call allocates, except {@link #state}. */
public final class StatusRow implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment row;

    StatusRow(MemorySegment row) {
        this.row = row;
    }

    /** Sets the state, and a reason for people, which may be empty. */
    public void state(RowState state, String reason) {
        FixedText.set(row, PageLayout.REASON_AT, PageLayout.REASON_BYTES, reason);
        INT.setRelease(row, PageLayout.STATE_AT, state.ordinal());
    }

    /** Sets a counter. */
    public void set(RowCounter counter, long value) {
        LONG.setRelease(row, PageLayout.counterAt(counter), value);
    }

    /** Adds to a counter. */
    public void add(RowCounter counter, long number) {
        set(counter, value(counter) + number);
    }

    /** The value of a counter. */
    public long value(RowCounter counter) {
        return row.get(ValueLayout.JAVA_LONG, PageLayout.counterAt(counter));
    }

    /** Gives the row back. */
    @Override
    public void close() {
        state(RowState.FREE, "");
    }
}
