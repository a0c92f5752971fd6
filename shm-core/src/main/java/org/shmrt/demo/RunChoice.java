package org.shmrt.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The rate, the way of waiting and the priority of a run: what the user gave, and for the rest what the processors can
 * hold.
 *
 * @param rateHz frames per second
 * @param waiting how to wait for frames
 * @param priority real-time priority of the three processes, 0 for none
 * @param lines what was found, what was given, what was chosen, and why; at most 80 characters each
 */
record RunChoice(double rateHz, Waiting waiting, int priority, List<String> lines) {
    /** Two processes that spin, a camera that spins before each frame, and one processor for everything else. */
    static final int CORES_FOR_SPINNING = 4;

    private static final int[] RATES_HZ = {1000, 500, 200, 100, 50};
    /** All processes together need this time for a frame if they sleep between frames; measured, with a reserve. */
    private static final double FRAME_S = 0.5e-3;
    /** Frames will be missed if threads wake up later than this share of a period. */
    private static final double MAX_LATE = 0.5;
    /** A real-time priority is worth it if threads wake up later than this without. */
    private static final long LATE_NS = 300_000;

    /** Without a free processor, threads with a real-time priority are sometimes late too. */
    private static final double MAX_BUSY_HZ = 200;

    private static final int WIDTH = 80;

    /** What the user gave; what is empty is chosen. */
    record Wishes(OptionalDouble rateHz, Optional<Waiting> waiting, OptionalInt priority) {}

    static RunChoice of(Wishes wishes, Cores cores) {
        Waiting waiting = wishes.waiting().orElse(cores.free() >= CORES_FOR_SPINNING ? Waiting.SPIN : Waiting.SEM);
        int priority = wishes.priority().orElse(priority(waiting, cores));
        long lateNs = priority > 0 ? cores.lateWithPriorityNs().orElse(cores.lateNs()) : cores.lateNs();
        double rateHz = wishes.rateHz().orElse(highestRate(cores, lateNs));

        List<String> given = new ArrayList<>();
        List<String> chosen = new ArrayList<>();
        boolean holds = holds(rateHz, cores, lateNs);
        String rate = DemoReport.number(rateHz) + " Hz";
        if (wishes.rateHz().isPresent()) {
            given.add(rate + (holds ? "" : " (may be too fast)"));
        } else {
            chosen.add(rate + (!holds ? " (may be too fast)" : rateHz < RATES_HZ[0] ? " (should hold)" : ""));
        }
        if (wishes.priority().isPresent()) {
            given.add("priority " + priority);
        } else if (priority > 0) {
            chosen.add("priority " + priority);
        }
        String wait = "wait " + waiting.label();
        if (wishes.waiting().isPresent()) {
            boolean lacksCores = waiting == Waiting.SPIN && cores.free() < CORES_FOR_SPINNING;
            given.add(wait + (lacksCores ? " (needs " + CORES_FOR_SPINNING + " free cores)" : ""));
        } else {
            chosen.add(wait + (waiting == Waiting.SPIN ? "" : " (spin needs " + CORES_FOR_SPINNING + " free cores)"));
        }
        List<String> lines = new ArrayList<>(wrap(found(cores), ""));
        lines.addAll(wrap(
                Optional.of(String.join(", ", given))
                                .filter(text -> !text.isEmpty())
                                .map(text -> "given: " + text + (chosen.isEmpty() ? "" : "; "))
                                .orElse("")
                        + (chosen.isEmpty() ? "" : "chosen: " + String.join(", ", chosen)),
                ""));
        return new RunChoice(rateHz, waiting, priority, List.copyOf(lines));
    }

    private static int priority(Waiting waiting, Cores cores) {
        // A process that spins with a real-time priority would take its processor away from everything else.
        boolean helps = waiting != Waiting.SPIN
                && cores.lateNs() > LATE_NS
                && cores.lateWithPriorityNs().orElse(Long.MAX_VALUE) < cores.lateNs() / 2;
        return helps ? Cores.PRIORITY : 0;
    }

    /** The highest of some rates that the processors hold; the lowest if they hold none. */
    static double highestRate(Cores cores, long lateNs) {
        for (int rate : RATES_HZ) {
            if (holds(rate, cores, lateNs)) {
                return rate;
            }
        }
        return RATES_HZ[RATES_HZ.length - 1];
    }

    /** Whether the processors hold a rate if threads are late by some time. */
    private static boolean holds(double rateHz, Cores cores, long lateNs) {
        return lateNs * rateHz <= MAX_LATE * 1e9
                && FRAME_S * rateHz <= cores.budget().usable() / 2
                && (cores.free() >= 1 || rateHz <= MAX_BUSY_HZ);
    }

    private static String found(Cores cores) {
        int cpus = cores.budget().cpus();
        boolean limited = cores.budget().usable() < cpus;
        return String.format(
                Locale.ROOT,
                "%d %s%s, %.1f busy; threads wake up as late as %s%s",
                cpus,
                cpus == 1 ? "core" : "cores",
                limited
                        ? String.format(
                                Locale.ROOT, " (limit %.1f)", cores.budget().usable())
                        : "",
                cores.busy(),
                time(cores.lateNs()),
                cores.lateWithPriorityNs().isPresent() && cores.lateNs() > LATE_NS
                        ? " (" + time(cores.lateWithPriorityNs().getAsLong()) + " with priority)"
                        : "");
    }

    private static String time(long ns) {
        return ns < 1_000_000 ? Math.max(1, ns / 1000) + " us" : String.format(Locale.ROOT, "%.1f ms", ns / 1e6);
    }

    /** Lines of at most 80 characters, broken at blanks; each line after the first begins with an indent. */
    static List<String> wrap(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > WIDTH) {
            int at = rest.lastIndexOf(' ', WIDTH);
            if (at <= indent.length()) {
                break;
            }
            lines.add(rest.substring(0, at));
            rest = indent + rest.substring(at + 1);
        }
        lines.add(rest);
        return lines;
    }
}
