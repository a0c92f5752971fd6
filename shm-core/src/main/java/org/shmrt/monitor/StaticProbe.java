package org.shmrt.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Reading.Activity;
import org.shmrt.monitor.Reading.Facts;
import org.shmrt.monitor.Reading.Users;
import org.shmrt.posix.FileId;
import org.shmrt.text.Printable;

/** An array or a block, which count nothing. Its contents are examined again every ten seconds. */
final class StaticProbe extends Probe {
    private static final long EXAMINE_NS = 10_000_000_000L;

    private final String name;
    private final Path path;
    /** Whether a file that is not an array counts as a block. */
    private final boolean listsBlocks;

    private Optional<Facts> facts = Optional.empty();
    private String note = "";
    private long inode;
    private long examinedNs;

    StaticProbe(String name, Path path, boolean listsBlocks) {
        this.name = name;
        this.path = path;
        this.listsBlocks = listsBlocks;
    }

    @Override
    void poll(long nowNs) {
        // nothing changes
    }

    @Override
    void refresh(Surroundings surroundings, long nowNs) {
        FileId id = FileId.ofOrNull(path);
        long found = id == null ? 0 : id.inode();
        if (found != inode || nowNs - examinedNs > EXAMINE_NS) {
            inode = found;
            examinedNs = nowNs;
            examine();
        }
    }

    private void examine() {
        note = "";
        try {
            Optional<ArrayInfo> array = ArrayInfo.detect(path);
            facts = array.isPresent()
                    ? array.map(this::facts)
                    : listsBlocks ? Optional.of(facts(BlockInfo.of(path))) : Optional.empty();
        } catch (ShmException e) {
            facts = Optional.empty(); // a directory, a link, a pipe, or removed meanwhile
        }
    }

    private Facts facts(ArrayInfo info) {
        return new Facts(
                Kind.ARRAY,
                name,
                path,
                "array",
                info.shape().toString(),
                info.type().toString(),
                info.fileBytes());
    }

    private Facts facts(BlockInfo info) {
        note = String.join("; ", info.warnings());
        return new Facts(
                Kind.BLOCK,
                name,
                path,
                info.isList() ? "list" : "block",
                String.valueOf(info.isList() ? info.itemCount() : info.byteSize()),
                info.isList() ? "object" : "uint8",
                info.byteSize());
    }

    /** Whether the file is an array or a block. */
    @Override
    boolean isListed() {
        return facts.isPresent();
    }

    @Override
    Reading reading(Surroundings surroundings, long nowNs) {
        Users users = new Users(
                List.of(), List.of(), List.of(), List.of(), surroundings.users().of(inode));
        return new Reading(facts.orElseThrow(), Activity.none(State.IDLE), users, Printable.of(note));
    }
}
