package org.shmrt.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Reading.Activity;
import org.shmrt.monitor.Reading.Facts;
import org.shmrt.monitor.Reading.Users;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.text.Printable;

/** The page of a loop. */
final class LoopProbe extends Probe {
    private static final int PARTS = 50;
    private static final double PERCENT = 100;
    private static final double NS_PER_S = 1e9;

    private final String name;
    private final FrameClock clock = new FrameClock();
    private Optional<LoopTelemetry> page = Optional.empty();
    private Optional<LoopSnapshot> snapshot = Optional.empty();
    private Optional<LatencyHistogram> before = Optional.empty();
    private double jitterNs = Double.NaN;
    private long steps;
    private String note = "";

    LoopProbe(String name) {
        this.name = name;
    }

    @Override
    void poll(long nowNs) {
        page.ifPresent(open -> {
            try {
                steps = open.count(LoopCounter.STEPS);
                clock.recordCount(steps, nowNs);
            } catch (ShmException e) {
                lose(e);
            }
        });
    }

    private void lose(ShmException e) {
        note = String.valueOf(e.getMessage());
        close();
    }

    /** Opens the page again when the loop was started again: an open page would be the one of the old process. */
    @Override
    void refresh(Surroundings surroundings, long nowNs) {
        try {
            if (snapshot.isEmpty() || !snapshot.get().isAlive()) {
                close();
                page = Optional.of(LoopTelemetry.open(name));
            }
            LoopSnapshot now = page.orElseThrow().snapshot();
            LatencyHistogram all = now.histogram(LoopMeasure.INTERVAL);
            jitterNs = deviation(before.map(all::since).orElse(all));
            before = Optional.of(all);
            snapshot = Optional.of(now);
            note = now.reason();
        } catch (ShmException e) {
            lose(e);
        }
    }

    /** The standard deviation, from equal parts of the distribution. */
    static double deviation(LatencyHistogram intervals) {
        if (intervals.count() < 2) {
            return Double.NaN;
        }
        double[] parts = new double[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = intervals.percentileNs((i + 0.5) * PERCENT / PARTS);
        }
        return FrameClock.standardDeviation(parts, PARTS);
    }

    @Override
    Reading reading(Surroundings surroundings, long nowNs) {
        Facts facts = new Facts(Kind.LOOP, name, Path.of(name), "loop", "", "", 0);
        if (snapshot.isEmpty()) {
            return new Reading(facts, Activity.none(State.UNREADABLE), Users.NONE, Printable.of(note));
        }
        LoopSnapshot now = snapshot.get();
        Activity activity = new Activity(
                state(now, nowNs),
                OptionalLong.of(steps),
                clock.rateHz(nowNs),
                jitterNs,
                now.sinceLastStepNs() < 0 ? Double.NaN : now.sinceLastStepNs() / NS_PER_S,
                OptionalLong.of(now.count(LoopCounter.MISSED)));
        List<ProcessRef> process = List.of(surroundings.names().of(now.pid()));
        Users users = new Users(process, List.of(), List.of(), List.of(), List.of());
        return new Reading(facts, activity, users, Printable.of(note));
    }

    private State state(LoopSnapshot now, long nowNs) {
        if ((!now.isAlive() && now.state() != LoopState.OFF) || now.state() == LoopState.ERROR) {
            return State.DEAD;
        }
        if (now.state() == LoopState.IDLE || now.state() == LoopState.STANDBY) {
            return State.PAUSED;
        }
        return clock.state(nowNs);
    }

    @Override
    public void close() {
        page.ifPresent(LoopTelemetry::close);
        page = Optional.empty();
        snapshot = Optional.empty();
    }
}
