package org.shmrt.crash;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Kills targets at the kill points of their scenarios, several at a time, while the next targets start. */
final class KillRun implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    private static final String CHOICE = System.getProperty("shmrt.kills", "");

    /** Whether targets are killed after every persistent side effect. */
    static final boolean ALL = !CHOICE.isEmpty();

    /** Whether steps are searched for after each bytecode instead of after each source line. */
    private static final boolean BYTECODES = CHOICE.equals("bytecodes");

    /**
     * The short run executes every tenth operation and kills it at every fourth point. The date selects them.
     * Finding the points takes longer than killing at them. After 40 days all have been used.
     */
    private static final int OPERATIONS = 10;

    private static final int STRIDE = 4;

    private static final int WORKERS = Integer.getInteger("shmrt.kills.workers", 4);
    private static final AtomicInteger WORKSPACES = new AtomicInteger();

    private final TargetQueue targets = new TargetQueue();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

    /**
     * The result of one scenario.
     *
     * @param points number of kill points: the start of the operation, and one after each persistent side effect
     * @param kills number of kills
     * @param faults failed verifications
     */
    record Result(int points, int kills, List<String> faults) {}

    /** Starts a scenario; the future completes when all its kills are verified. */
    CompletableFuture<Result> start(Scenario scenario) {
        return CompletableFuture.supplyAsync(() -> enumerate(scenario), workers)
                .thenCompose(points -> killAll(scenario, points));
    }

    private CompletableFuture<Result> killAll(Scenario scenario, List<KillPoint> points) {
        List<CompletableFuture<String>> kills = new ArrayList<>();
        for (KillPoint point : chosen(scenario, points)) {
            int ordinal = kills.size();
            kills.add(CompletableFuture.supplyAsync(() -> faultOrNull(scenario, point, ordinal), workers));
        }
        return CompletableFuture.allOf(kills.toArray(CompletableFuture[]::new))
                .thenApply(ignored -> new Result(
                        points.size(),
                        kills.size(),
                        kills.stream()
                                .map(CompletableFuture::join)
                                .filter(fault -> fault != null)
                                .toList()));
    }

    private static List<KillPoint> chosen(Scenario scenario, List<KillPoint> points) {
        if (ALL) {
            return points;
        }
        List<KillPoint> chosen = new ArrayList<>();
        int stride = Math.min(STRIDE, points.size());
        for (int i = (int) Math.floorMod(day(scenario) / OPERATIONS, (long) stride); i < points.size(); i += stride) {
            chosen.add(points.get(i));
        }
        return chosen;
    }

    private static Workspace newWorkspace() {
        String prefix =
                "k" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + WORKSPACES.incrementAndGet() + "-";
        return Workspace.in(Path.of("/dev/shm"), prefix);
    }

    /** Whether this run executes an operation. */
    static boolean isDue(Scenario scenario) {
        return ALL || Math.floorMod(day(scenario), (long) OPERATIONS) == 0;
    }

    /** The number of today, which is another one for each operation. */
    private static long day(Scenario scenario) {
        return LocalDate.now(ZoneOffset.UTC).toEpochDay()
                + Math.floorMod(scenario.name().hashCode(), OPERATIONS * STRIDE);
    }

    private List<KillPoint> enumerate(Scenario scenario) {
        Workspace workspace = newWorkspace();
        try (TargetDebugger target = targets.take()) {
            scenario.prepare(workspace);
            return target.enumerate(scenario.name(), workspace, BYTECODES);
        } finally {
            workspace.clear();
        }
    }

    /** Kills a target at a point and verifies the state afterwards; returns the failure or null. */
    private String faultOrNull(Scenario scenario, KillPoint point, int ordinal) {
        try {
            kill(scenario, ordinal, (target, workspace) -> target.killAt(scenario.name(), workspace, point));
            return null;
        } catch (RuntimeException | AssertionError e) {
            String fault = scenario.name() + " killed at " + point + ": " + e + " at "
                    + Stream.of(e.getStackTrace())
                            .filter(frame -> frame.getClassName().startsWith("org.shmrt"))
                            .limit(3)
                            .toList();
            System.out.println(fault); // printed immediately, since a run may take long
            return fault;
        }
    }

    /** How a target is killed. */
    @FunctionalInterface
    interface Kill {
        /**
         * Kills the target.
         *
         * @return time of the kill, as {@link System#nanoTime()}, or 0 if the point was not reached
         */
        long of(TargetDebugger target, Workspace workspace);
    }

    /**
     * Kills a target and verifies the state afterwards. An operation that waits for a time does not sleep if the machine
     * stands still for as long, so a target that ends before the kill is not the last one.
     */
    void kill(Scenario scenario, int ordinal, Kill kill) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (isKilled(scenario, ordinal, kill)) {
                return;
            }
        }
        throw new AssertionError("the target did not reach the kill point");
    }

    private boolean isKilled(Scenario scenario, int ordinal, Kill kill) {
        Workspace workspace = newWorkspace();
        try (TargetDebugger target = targets.take()) {
            scenario.prepare(workspace);
            try (Scenario.Verifier verifier = scenario.verifier(workspace, ordinal)) {
                long killedNs = kill.of(target, workspace);
                if (killedNs == 0) {
                    return false;
                }
                verifier.verify(killedNs);
                return true;
            }
        } finally {
            workspace.clear();
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a kill did not finish within 60 s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            targets.close();
        }
    }
}
