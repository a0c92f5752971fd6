package org.shmrt.doctor.object;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.KilledDemo;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.OwnProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.inspect.StreamRepair;
import org.shmrt.text.FileNames;

/**
 * Fixes findings: removes files that the kernel confirms to be unused, restores header words whose values are known, and
 * creates semaphores that are missing. Anything else is refused.
 */
public final class Repairs {
    private Repairs() {}

    /**
     * What became of one object.
     *
     * @param object the file, or the pattern of the names of several files
     * @param fixed whether it was fixed
     * @param text what was done, or why not
     */
    public record Outcome(String object, boolean fixed, String text) {}

    /** Fixes a finding whose kind is fixable. */
    public static List<Outcome> apply(Finding finding) {
        return switch (finding.kind()) {
            case ORPHANED_SEMAPHORES, EXTRANEOUS_SEMAPHORE -> removeSets(finding.targets());
            case TEMPORARY_FILE -> forEach(finding.targets(), file -> remove(FileNames.text(file), List.of(file)));
            case KILLED_DEMO -> List.of(attempt(finding.object(), () -> removeDemo(finding)));
            case REPAIRABLE_STREAM -> forEach(finding.targets(), Repairs::repair);
            case MISSING_SEMAPHORES -> forEach(finding.targets(), Repairs::createSemaphores);
            default -> throw new IllegalArgumentException(finding.kind().id() + " cannot be fixed");
        };
    }

    /** What {@link #apply} would do; changes nothing. No outcome is fixed. */
    public static List<Outcome> plan(Finding finding) {
        return switch (finding.kind()) {
            case ORPHANED_SEMAPHORES, EXTRANEOUS_SEMAPHORE -> {
                List<Outcome> outcomes = new ArrayList<>();
                sets(finding.targets())
                        .forEach((pattern, set) ->
                                outcomes.add(new Outcome(pattern, false, "would be " + removed(set.size()))));
                yield outcomes;
            }
            case TEMPORARY_FILE ->
                forEach(finding.targets(), file -> new Outcome(FileNames.text(file), false, "would be removed"));
            case KILLED_DEMO ->
                List.of(new Outcome(
                        finding.object(),
                        false,
                        "would be removed: " + finding.targets().size() + " files"));
            case REPAIRABLE_STREAM ->
                forEach(
                        finding.targets(),
                        file -> new Outcome(
                                FileNames.text(file),
                                false,
                                "would be repaired: " + words(StreamRepair.plan(file), "would be ")));
            case MISSING_SEMAPHORES ->
                forEach(
                        finding.targets(),
                        file -> new Outcome(FileNames.text(file), false, "would get its missing semaphores"));
            default -> throw new IllegalArgumentException(finding.kind().id() + " cannot be fixed");
        };
    }

    private static List<Outcome> forEach(List<Path> files, Function<Path, Outcome> repair) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Path file : files) {
            outcomes.add(attempt(FileNames.text(file), () -> repair.apply(file)));
        }
        return outcomes;
    }

    private static Outcome attempt(String object, Supplier<Outcome> repair) {
        try {
            return repair.get();
        } catch (ShmException e) {
            return new Outcome(object, false, "not changed: " + e.getMessage());
        }
    }

    /** The semaphores of a stream are removed together or not at all. */
    private static List<Outcome> removeSets(List<Path> files) {
        List<Outcome> outcomes = new ArrayList<>();
        sets(files).forEach((pattern, set) -> outcomes.add(attempt(pattern, () -> remove(pattern, set))));
        return outcomes;
    }

    /** The files of semaphores by the pattern of their names. */
    private static Map<String, List<Path>> sets(List<Path> files) {
        Map<String, List<Path>> sets = new TreeMap<>();
        for (Path file : files) {
            sets.computeIfAbsent(FileNames.text(file).replaceFirst("(_sem)[^_]*$", "$1*"), key -> new ArrayList<>())
                    .add(file);
        }
        return sets;
    }

    private static String removed(int files) {
        return files == 1 ? "removed" : "removed: " + files + " semaphores";
    }

    private static Outcome remove(String object, List<Path> files) {
        return FileId.deleteIfUnused(files)
                ? new Outcome(object, true, files.size() == 1 ? "removed" : "removed " + files.size() + " semaphores")
                : new Outcome(object, false, "not changed: a process has it open");
    }

    private static Outcome removeDemo(Finding finding) {
        boolean removed = KilledDemo.candidates().stream()
                .filter(demo -> demo.tag().equals(finding.object()))
                .allMatch(KilledDemo::removeIfUnused);
        return removed
                ? new Outcome(
                        finding.object(), true, "removed " + finding.targets().size() + " files")
                : new Outcome(finding.object(), false, "not changed: a process has one of its files open");
    }

    private static Outcome repair(Path file) {
        RepairPlan plan = StreamRepair.apply(file);
        return new Outcome(FileNames.text(file), true, "repaired: " + words(plan, "is now "));
    }

    private static String words(RepairPlan plan, String verb) {
        return plan.words().stream()
                .map(word -> word.name() + " was " + word.found() + ", " + verb + word.wanted())
                .collect(Collectors.joining("; "));
    }

    private static Outcome createSemaphores(Path file) {
        long owner = FileId.owner(file);
        if (owner != OwnProcess.userId()) {
            // They would belong to this user, and the stream's other programs could not post them.
            return new Outcome(
                    FileNames.text(file),
                    false,
                    "not changed: the semaphores must be created by user " + owner + ", who owns the stream");
        }
        ImageStream.open(file, Access.READ_WRITE).close();
        return new Outcome(FileNames.text(file), true, "created the missing semaphores");
    }
}
