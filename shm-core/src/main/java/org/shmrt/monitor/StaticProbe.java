package org.shmrt.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.PythonStreamInfo;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Reading.Activity;
import org.shmrt.monitor.Reading.Facts;
import org.shmrt.monitor.Reading.Users;
import org.shmrt.posix.FileId;
import org.shmrt.text.Printable;

/**
 * An array or a block, which count nothing, or a stream of a Python package in two blocks. The contents of the former are
 * examined again every ten seconds.
 */
final class StaticProbe extends Probe {
    private static final long EXAMINE_NS = 10_000_000_000L;

    private final String name;
    private final Path path;
    /** Whether a file that is not an array counts as a block. */
    private final boolean listsBlocks;

    private Optional<Facts> facts = Optional.empty();
    private Optional<PythonStreamInfo> stream = Optional.empty();
    private final FrameClock clock = new FrameClock();
    private String note = "";
    private Optional<FileId> file = Optional.empty();
    private long examinedNs;

    StaticProbe(String name, Path path, boolean listsBlocks) {
        this.name = name;
        this.path = path;
        this.listsBlocks = listsBlocks;
    }

    @Override
    void poll(long nowNs) {
        // the count of a stream is read by refresh
    }

    @Override
    void refresh(Surroundings surroundings, long nowNs) {
        Optional<FileId> found = Optional.ofNullable(FileId.ofOrNull(path));
        if (!found.equals(file) || nowNs - examinedNs > EXAMINE_NS || stream.isPresent()) {
            file = found;
            examinedNs = nowNs;
            examine();
            stream.ifPresent(info -> clock.recordCount(info.count(), nowNs));
        }
    }

    private void examine() {
        note = "";
        stream = Optional.empty();
        try {
            Optional<ArrayInfo> array = ArrayInfo.detect(path);
            facts = array.isPresent() ? array.map(this::facts) : listsBlocks ? blockFacts() : Optional.empty();
        } catch (ShmException e) {
            facts = Optional.empty(); // a directory, a link, a pipe, or removed meanwhile
        }
    }

    private Optional<Facts> blockFacts() {
        if (PythonStreamInfo.isPart(path)) {
            return Optional.empty();
        }
        String version = "";
        try {
            stream = PythonStreamInfo.detect(path);
        } catch (IncompatibleException e) {
            version = e.getMessage();
        }
        Facts found = stream.isPresent() ? facts(stream.get()) : facts(BlockInfo.of(path));
        note = version.isEmpty() ? note : version;
        return Optional.of(found);
    }

    private Facts facts(PythonStreamInfo info) {
        note = info.unreadableReason().orElse(info.name().equals(name) ? "" : "stream " + info.name());
        return new Facts(
                Kind.BLOCK,
                name,
                path,
                info.kind().word(),
                info.shape().toString(),
                info.type().toString(),
                info.frameBytes());
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
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                file.map(surroundings.users()::of).orElse(List.of()));
        Activity activity = stream.map(info -> activity(info, nowNs)).orElseGet(() -> Activity.none(State.IDLE));
        return new Reading(facts.orElseThrow(), activity, users, Printable.of(note));
    }

    private Activity activity(PythonStreamInfo info, long nowNs) {
        return new Activity(
                clock.state(nowNs),
                OptionalLong.of(info.count()),
                clock.rateHz(nowNs),
                Double.NaN,
                info.ageSeconds(),
                OptionalLong.empty());
    }
}
