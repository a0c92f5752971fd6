package org.shmrt.relay.status;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.MappedFile;
import org.shmrt.text.FixedText;

/** Reads the pages of all relays of this machine. Reading changes nothing. Stateless. */
public final class StatusReader {
    private StatusReader() {}

    /** The relays that have a page, also killed ones, in the order of their process ids. */
    public static List<RelaySnapshot> all() {
        return PageLayout.pages().stream()
                .map(StatusReader::read)
                .flatMap(Optional::stream)
                .sorted((a, b) -> Integer.compare(a.pid(), b.pid()))
                .toList();
    }

    /** Empty if the file is not a whole page of this version, or has been removed in the meantime. */
    private static Optional<RelaySnapshot> read(Path path) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MappedFile file = MappedFile.readOnly(path, arena);
            if (file.byteSize() != PageLayout.BYTES) {
                return Optional.empty();
            }
            MemorySegment copy = arena.allocate(PageLayout.BYTES, Long.BYTES);
            GuardedCopy.copy(file.segment(), 0, copy, 0, PageLayout.BYTES);
            Faults.poll();
            if (copy.get(ValueLayout.JAVA_LONG, PageLayout.MAGIC_AT) != PageLayout.MAGIC
                    || copy.get(ValueLayout.JAVA_INT, PageLayout.VERSION_AT) != PageLayout.VERSION) {
                return Optional.empty();
            }
            return Optional.of(snapshot(copy, FileLock.isHeld(path, file.id())));
        } catch (ShmException | InternalError e) {
            return Optional.empty();
        }
    }

    private static RelaySnapshot snapshot(MemorySegment page, boolean alive) {
        List<RelaySnapshot.Row> rows = new ArrayList<>();
        for (int i = 0; i < PageLayout.ROWS; i++) {
            row(page.asSlice(PageLayout.rowAt(i), PageLayout.ROW_BYTES)).ifPresent(rows::add);
        }
        return new RelaySnapshot(
                page.get(ValueLayout.JAVA_INT, PageLayout.PID_AT),
                alive,
                FixedText.get(page, PageLayout.TITLE_AT, PageLayout.TITLE_BYTES),
                page.get(ValueLayout.JAVA_LONG, PageLayout.STARTED_AT),
                page.get(ValueLayout.JAVA_LONG, PageLayout.REFUSED_AT),
                List.copyOf(rows));
    }

    private static Optional<RelaySnapshot.Row> row(MemorySegment row) {
        int state = row.get(ValueLayout.JAVA_INT, PageLayout.STATE_AT);
        int role = row.get(ValueLayout.JAVA_INT, PageLayout.ROLE_AT);
        if (state <= RowState.FREE.ordinal()
                || state >= RowState.values().length
                || role < 0
                || role >= RowRole.values().length) {
            return Optional.empty();
        }
        Map<RowCounter, Long> counters = new EnumMap<>(RowCounter.class);
        for (RowCounter counter : RowCounter.values()) {
            counters.put(counter, row.get(ValueLayout.JAVA_LONG, PageLayout.counterAt(counter)));
        }
        return Optional.of(new RelaySnapshot.Row(
                RowRole.values()[role],
                RowState.values()[state],
                FixedText.get(row, PageLayout.NAME_AT, PageLayout.NAME_BYTES),
                FixedText.get(row, PageLayout.PEER_AT, PageLayout.PEER_BYTES),
                FixedText.get(row, PageLayout.TRANSPORT_AT, PageLayout.TRANSPORT_BYTES),
                FixedText.get(row, PageLayout.REASON_AT, PageLayout.REASON_BYTES),
                counters));
    }
}
