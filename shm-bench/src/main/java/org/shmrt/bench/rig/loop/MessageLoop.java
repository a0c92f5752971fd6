package org.shmrt.bench.rig.loop;

import org.HdrHistogram.Histogram;

/**
 * One end of an exchange, whatever its means: sends numbered messages and compares what comes, one by one or at
 * a fixed rate. At a fixed rate a time counts from when the message should have gone out, so a stall shows in
 * all messages that it delays.
 */
abstract class MessageLoop implements Loop {
    private static final long NOT_BEGUN = Long.MIN_VALUE;

    private long intendedNs;
    private long sent;
    private long received;
    private long bad;

    abstract void send(long number);

    /**
     * Waits for the next message.
     *
     * @return whether it was the one expected, with the content expected
     * @throws IllegalStateException if none came
     */
    abstract boolean receive(long number);

    /** Forgets what came since the last run. */
    abstract void forget();

    @Override
    public final void begin() {
        forget();
        intendedNs = NOT_BEGUN;
        sent = received = bad = 0;
    }

    @Override
    public final void initiate(long first, int count, long periodNs, Histogram roundTrips) {
        if (periodNs > 0) {
            initiateAtRate(first, count, periodNs, roundTrips);
            return;
        }
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            send(first + i);
            sent++;
            take(first + i);
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    private void initiateAtRate(long first, int count, long periodNs, Histogram roundTrips) {
        if (intendedNs == NOT_BEGUN) {
            intendedNs = System.nanoTime();
        }
        for (int i = 0; i < count; i++) {
            intendedNs += periodNs;
            while (System.nanoTime() - intendedNs < 0) {
                Thread.onSpinWait();
            }
            send(first + i);
            sent++;
            take(first + i);
            roundTrips.recordValue(System.nanoTime() - intendedNs);
        }
    }

    @Override
    public final void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            take(first + i);
            send(first + i);
            sent++;
        }
    }

    private void take(long number) {
        if (!receive(number)) {
            bad++;
        }
        received++;
    }

    @Override
    public void finish(long last) {
        if (!isWhole(last)) {
            bad++;
        }
    }

    /** Compares all of the last message, where that is still there. */
    boolean isWhole(long last) {
        return true;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    public final long bad() {
        return bad;
    }
}
