package org.shmrt.monitor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoublePredicate;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.engine.ClaimHolders;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/**
 * The objects of a directory, or of the stream directory and shared memory, and all loops. All calls come from one
 * thread.
 */
public final class Inventory implements AutoCloseable {
    /** What is read beside the objects themselves. */
    public enum Scope {
        /** The objects. */
        OBJECTS,
        /** Also the mappings of all other processes. */
        PROCESSES
    }

    private static final String SEMAPHORE_PREFIX = "sem.";
    private static final String HIDDEN_PREFIX = ".shmrt-";
    private static final String LOOP_PREFIX = "shmrt-loop.";
    private static final long NAMES_NS = 10_000_000_000L;
    private static final long USERS_NS = 3_000_000_000L;

    /** Streams of these rates are read in short bursts, so that intervals of consecutive frames are seen. */
    private static final double MIN_BURST_HZ = 5;

    private static final double FAST_HZ = 1500;
    private static final double MAX_BURST_HZ = 20_000;
    private static final long SLOW_STEP_NS = 400_000L;
    private static final int SLOW_STEPS = 250;
    private static final long FAST_STEP_NS = 20_000L;
    private static final int FAST_STEPS = 100;

    private final Optional<Path> directory;
    private final Map<String, Probe> probes = new LinkedHashMap<>();
    private final ProcessNames names = new ProcessNames();
    private Probe.Surroundings surroundings =
            new Probe.Surroundings(LockTable.EMPTY, ClaimHolders.NONE, names, FileUsers.NONE);
    private long namesNs = System.nanoTime();
    private long usersNs;
    private long claimsNs;

    /**
     * Reads nothing yet.
     *
     * @param directory the directory whose streams and arrays are read; empty for the stream directory and shared memory,
     *     where lists and blocks are read too
     */
    public Inventory(Optional<Path> directory) {
        this.directory = directory;
    }

    /**
     * Looks for objects that appeared or disappeared, and reads what changes rarely.
     *
     * @throws org.shmrt.error.NotFoundException if there is no such directory
     */
    public void refresh(Scope scope) {
        long nowNs = System.nanoTime();
        if (nowNs - namesNs > NAMES_NS) {
            names.forget();
            namesNs = nowNs;
        }
        FileUsers users = surroundings.users();
        if (scope == Scope.OBJECTS) {
            users = FileUsers.NONE;
        } else if (users == FileUsers.NONE || nowNs - usersNs > USERS_NS) {
            users = FileUsers.read(names);
            usersNs = nowNs;
        }
        LockTable locks = LockTable.read();
        surroundings = new Probe.Surroundings(locks, claims(locks, nowNs), names, users);
        Set<String> present = new HashSet<>();
        findStreams(present);
        findOthers(present);
        for (String name : LoopTelemetry.names()) {
            add(present, "loop " + name, () -> new LoopProbe(name));
        }
        probes.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        probes.values().forEach(probe -> probe.refresh(surroundings, System.nanoTime()));
    }

    /** The search takes long, so it is repeated at once only if a semaphore was claimed or released. */
    private ClaimHolders claims(LockTable locks, long nowNs) {
        if (surroundings.claims().isOf(locks) && nowNs - claimsNs < NAMES_NS) {
            return surroundings.claims();
        }
        claimsNs = nowNs;
        return ClaimHolders.find(locks);
    }

    private interface Constructor {
        Probe create();
    }

    private void add(Set<String> present, String key, Constructor constructor) {
        present.add(key);
        if (!probes.containsKey(key)) {
            probes.put(key, constructor.create());
        }
    }

    private void addStream(Set<String> present, Path file) {
        add(present, file.toString(), () -> new StreamProbe(Printable.of(StreamDirectory.name(file)), file));
    }

    private void findStreams(Set<String> present) {
        for (Path file : StreamDirectory.list(directory.orElseGet(StreamDirectory::get))) {
            addStream(present, file);
        }
    }

    private void findOthers(Set<String> present) {
        Path shared = SharedObject.directory();
        Path listed = directory.orElse(shared);
        boolean isShared = directory.isEmpty() || isSame(listed, shared);
        boolean hasOwnStreams = directory.isEmpty() && !isSame(StreamDirectory.get(), shared);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(listed)) {
            for (Path file : files) {
                String name = FileNames.text(file.getFileName());
                if (name.endsWith(StreamDirectory.SUFFIX)) {
                    if (hasOwnStreams && StreamDirectory.isStreamName(name)) {
                        addStream(present, file);
                    }
                } else if (!name.startsWith(SEMAPHORE_PREFIX)
                        && !name.startsWith(HIDDEN_PREFIX)
                        && !name.startsWith(LOOP_PREFIX)) {
                    add(present, file.toString(), () -> new StaticProbe(Printable.of(name), file, isShared));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (directory.isPresent()) {
                throw IoErrors.failure(
                        "list", listed, e instanceof DirectoryIteratorException d ? d.getCause() : (IOException) e);
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads the counts of all objects. */
    public void poll() {
        long nowNs = System.nanoTime();
        probes.values().forEach(probe -> probe.poll(nowNs));
    }

    /**
     * Reads the streams that keep one frame only repeatedly for a tenth of a second, because two consecutive frames of
     * them are seen in no other way.
     */
    public void burst() {
        burst(rate -> rate >= MIN_BURST_HZ && rate < FAST_HZ, SLOW_STEP_NS, SLOW_STEPS);
        burst(rate -> rate >= FAST_HZ && rate < MAX_BURST_HZ, FAST_STEP_NS, FAST_STEPS);
    }

    private void burst(DoublePredicate wanted, long stepNs, int steps) {
        long nowNs = System.nanoTime();
        List<Probe> chosen = new ArrayList<>();
        for (Probe probe : probes.values()) {
            if (wanted.test(probe.burstRateHz(nowNs))) {
                chosen.add(probe);
            }
        }
        for (int step = 0; step < steps && !chosen.isEmpty(); step++) {
            for (Probe probe : chosen) {
                probe.burst();
            }
            LockSupport.parkNanos(stepNs);
        }
    }

    /** What all objects showed the last time, in no particular order. */
    public List<Reading> readings() {
        long nowNs = System.nanoTime();
        List<Reading> readings = new ArrayList<>(probes.size());
        for (Probe probe : probes.values()) {
            if (probe.isListed()) {
                readings.add(probe.reading(surroundings, nowNs));
            }
        }
        return readings;
    }

    /** Unmaps everything. */
    @Override
    public void close() {
        probes.values().forEach(Probe::close);
        probes.clear();
    }
}
