package org.shmrt.bench.rig.loop;

import org.HdrHistogram.Histogram;

/**
 * A process that exchanges numbered messages by any transport and checks those it receives. A message follows the
 * previous one immediately or at a fixed rate. At a fixed rate, times start when the message was due, so that a stall
 * shows in all the messages that it delays.
 */
abstract class MessageLoop implements Loop {
    private static final long NOT_STARTED = Long.MIN_VALUE;

    private long intendedNs;
    private long sent;
    private long received;
    private long bad;

    abstract void send(long number);

    /**
     * Waits for the next message.
     *
     * @return whether it was the expected one, with the expected content
     * @throws IllegalStateException if none arrived in time
     */
    abstract boolean receive(long number);

    /** Discards messages that arrived since the previous run. */
    abstract void discardPending();

    @Override
    public final void begin() {
        discardPending();
        intendedNs = NOT_STARTED;
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
            receiveNext(first + i);
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    private void initiateAtRate(long first, int count, long periodNs, Histogram roundTrips) {
        if (intendedNs == NOT_STARTED) {
            intendedNs = System.nanoTime();
        }
        for (int i = 0; i < count; i++) {
            intendedNs += periodNs;
            while (System.nanoTime() - intendedNs < 0) {
                Thread.onSpinWait();
            }
            send(first + i);
            sent++;
            receiveNext(first + i);
            roundTrips.recordValue(System.nanoTime() - intendedNs);
        }
    }

    @Override
    public final void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            receiveNext(first + i);
            send(first + i);
            sent++;
        }
    }

    private void receiveNext(long number) {
        if (!receive(number)) {
            bad++;
        }
        received++;
    }

    @Override
    public void finish(long last) {
        if (!isIntact(last)) {
            bad++;
        }
    }

    /** Compares all words of the last message, if it is still available. */
    boolean isIntact(long last) {
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
