package org.shmrt.monitor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.ClaimHolders;
import org.shmrt.stream.format.SemaphoreLayout;

/**
 * Reads the values and waiters of the semaphores of a stream as plain words, so that none is acquired or posted. Named
 * semaphores are files of 32 bytes, and are mapped read-only.
 */
final class SemaphoreProbe implements AutoCloseable {
    private static final int MIN_BYTES = 8;
    private static final int WAITERS_WORD = 4;
    private static final ProcessRef UNKNOWN = new ProcessRef(ClaimHolders.UNKNOWN, "unknown");

    private final SemaphoreLayout layout;
    private final MemorySegment file;
    private final List<Named> named = new ArrayList<>();

    SemaphoreProbe(SemaphoreLayout layout, MemorySegment file) {
        this.layout = layout;
        this.file = file;
        layout.names().forEach(name -> named.add(new Named(Semaphore.file(name))));
    }

    /** A named semaphore, which may be missing, removed and created again. */
    private static final class Named {
        private final Path path;
        private Arena arena = Arena.ofConfined();
        private Optional<MappedFile> mapped = Optional.empty();

        Named(Path path) {
            this.path = path;
            map();
        }

        private void map() {
            FileId id = FileId.ofOrNull(path);
            if (id == null || !id.regular() || id.byteSize() < MIN_BYTES) {
                return;
            }
            try {
                mapped = Optional.of(MappedFile.readOnly(path, arena));
            } catch (ShmException e) {
                mapped = Optional.empty(); // removed meanwhile, or not readable for this user
            }
        }

        /** Maps the present one if it is another one than before. */
        void refresh() {
            FileId id = FileId.ofOrNull(path);
            boolean same = mapped.isPresent() ? id != null && mapped.get().id().isSameFile(id) : id == null;
            if (!same) {
                close();
                arena = Arena.ofConfined();
                mapped = Optional.empty();
                map();
            }
        }

        SemaphoreReading read() {
            return mapped.map(region -> reading(region.segment(), 0, Optional.empty(), Optional.empty()))
                    .orElse(SemaphoreReading.MISSING);
        }

        void close() {
            arena.close();
        }
    }

    void refresh() {
        named.forEach(Named::refresh);
    }

    private static SemaphoreReading reading(
            MemorySegment memory, long at, Optional<ProcessRef> reader, Optional<ProcessRef> writer) {
        return new SemaphoreReading(
                true,
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + WAITERS_WORD),
                reader,
                writer);
    }

    /**
     * The semaphores now, in order.
     *
     * @param holders the processes that claimed some of them, by index
     * @throws InternalError if another process truncated a file
     */
    List<SemaphoreReading> read(ProcessNames names, Map<Integer, Long> holders) {
        List<SemaphoreReading> readings = new ArrayList<>(layout.count());
        for (Named semaphore : named) {
            readings.add(semaphore.read());
        }
        for (int i = 0; layout.isInFile() && i < layout.count(); i++) {
            readings.add(reading(
                    file,
                    layout.offset() + (long) i * Semaphore.BYTES,
                    process(layout.readerPidOffset(), i, names),
                    process(layout.writerPidOffset(), i, names)));
        }
        Faults.poll();
        holders.forEach((index, pid) -> readings.set(
                index, readings.get(index).claimedBy(pid == ClaimHolders.UNKNOWN ? UNKNOWN : names.of(pid))));
        return readings;
    }

    private Optional<ProcessRef> process(long table, int index, ProcessNames names) {
        int pid = table < 0 ? 0 : file.get(ValueLayout.JAVA_INT, table + (long) Integer.BYTES * index);
        return pid <= 0 ? Optional.empty() : Optional.of(names.of(pid));
    }

    @Override
    public void close() {
        named.forEach(Named::close);
    }
}
