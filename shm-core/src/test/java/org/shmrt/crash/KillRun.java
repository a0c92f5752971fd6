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

/** Kills victims at the points of their protocols, several at a time, while the next victims get ready. */
final class KillRun implements AutoCloseable {
    private static final String CHOICE = System.getProperty("shmrt.kills", "");

    /** Whether everything that outlives a victim is followed by a kill. */
    static final boolean ALL = !CHOICE.isEmpty();

    /** Whether the steps are looked for after each bytecode, and not after each line of source. */
    private static final boolean BYTECODES = CHOICE.equals("bytecodes");

    /** In the short run each so many-th point has its kill; which ones, depends on the day. */
    private static final int STRIDE = 28;

    private static final int WORKERS = Integer.getInteger("shmrt.kills.workers", 4);
    private static final AtomicInteger PLACES = new AtomicInteger();

    private final VictimQueue victims = new VictimQueue();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

    /**
     * What came of one protocol.
     *
     * @param points where a victim can be killed: where the operation begins, and after each thing that outlives it
     * @param kills made
     * @param faults what was not as it should be
     */
    record Result(int points, int kills, List<String> faults) {}

    /** Begins with a protocol; the result comes when all its kills are judged. */
    CompletableFuture<Result> start(Protocol protocol) {
        return CompletableFuture.supplyAsync(() -> enumerate(protocol), workers)
                .thenCompose(points -> killAll(protocol, points));
    }

    private CompletableFuture<Result> killAll(Protocol protocol, List<KillPoint> points) {
        List<CompletableFuture<String>> kills = new ArrayList<>();
        for (KillPoint point : chosen(protocol, points)) {
            int ordinal = kills.size();
            kills.add(CompletableFuture.supplyAsync(() -> faultOrNull(protocol, point, ordinal), workers));
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

    private static List<KillPoint> chosen(Protocol protocol, List<KillPoint> points) {
        if (ALL) {
            return points;
        }
        List<KillPoint> chosen = new ArrayList<>();
        long day = LocalDate.now(ZoneOffset.UTC).toEpochDay() + protocol.name().hashCode();
        int stride = Math.min(STRIDE, points.size());
        for (int i = (int) Math.floorMod(day, (long) stride); i < points.size(); i += stride) {
            chosen.add(points.get(i));
        }
        return chosen;
    }

    private static Place newPlace() {
        String prefix = "k" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + PLACES.incrementAndGet() + "-";
        return Place.in(Path.of("/dev/shm"), prefix);
    }

    private List<KillPoint> enumerate(Protocol protocol) {
        Place place = newPlace();
        try (VictimDebugger victim = victims.take()) {
            protocol.prepare(place);
            return victim.enumerate(protocol.name(), place, BYTECODES);
        } finally {
            place.clear();
        }
    }

    /** Kills a victim there and judges what comes after. */
    private String faultOrNull(Protocol protocol, KillPoint point, int ordinal) {
        try {
            kill(protocol, ordinal, (victim, place) -> victim.killAt(protocol.name(), place, point));
            return null;
        } catch (RuntimeException | AssertionError e) {
            String fault = protocol.name() + " killed at " + point + ": " + e + " at "
                    + Stream.of(e.getStackTrace())
                            .filter(frame -> frame.getClassName().startsWith("org.shmrt"))
                            .limit(3)
                            .toList();
            System.out.println(fault); // at once, for a long run
            return fault;
        }
    }

    /** How a victim dies. */
    @FunctionalInterface
    interface Death {
        /**
         * Kills it.
         *
         * @return when, or 0 if that was not possible
         */
        long of(VictimDebugger victim, Place place);
    }

    /** Kills a victim and judges what comes after. */
    void kill(Protocol protocol, int ordinal, Death death) {
        Place place = newPlace();
        try (VictimDebugger victim = victims.take()) {
            protocol.prepare(place);
            try (Protocol.Judge judge = protocol.judge(place, ordinal)) {
                long killedNs = death.of(victim, place);
                if (killedNs == 0) {
                    throw new AssertionError("the victim never came there");
                }
                judge.judge(killedNs);
            }
        } finally {
            place.clear();
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a kill does not come to its end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            victims.close();
        }
    }
}
