package org.shmrt.doctor.object;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Leftovers;
import org.shmrt.doctor.Severity;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.SharedObject;
import org.shmrt.posix.TempName;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/** Blocks and arrays in shared memory, and files that killed programs left. */
final class SharedMemoryChecks {
    /** The prefix of names that Python generates for blocks. */
    private static final String GENERATED = "psm_";

    private static final int MAX_SHOWN = 8;

    private final OpenFiles open;
    private final Path sharedMemory;

    SharedMemoryChecks(OpenFiles open) {
        this(open, SharedObject.directory());
    }

    SharedMemoryChecks(OpenFiles open, Path sharedMemory) {
        this.open = open;
        this.sharedMemory = sharedMemory;
    }

    void run(List<Path> directories, Findings findings) {
        blocks(findings);
        Set<Path> places = new LinkedHashSet<>(directories);
        places.add(sharedMemory);
        places.forEach(place -> temporaryFiles(place, findings));
    }

    private void blocks(Findings findings) {
        List<BlockInfo> unused = new ArrayList<>();
        for (Path file : Leftovers.entries(sharedMemory)) {
            String name = file.getFileName().toString();
            if (name.startsWith("sem.")
                    || name.startsWith(".")
                    || name.endsWith(StreamDirectory.SUFFIX)
                    || !Leftovers.isSettled(file)) {
                continue;
            }
            try {
                examine(file, unused, findings);
            } catch (ShmException e) {
                // a directory, a link, a pipe, or removed meanwhile
            }
        }
        if (unused.isEmpty()) {
            return;
        }
        long bytes = unused.stream().mapToLong(BlockInfo::byteSize).sum();
        List<String> names =
                unused.stream().limit(MAX_SHOWN).map(BlockInfo::name).toList();
        int more = unused.size() - names.size();
        findings.add(
                FindingKind.UNUSED_BLOCKS,
                Severity.INFO,
                FileNames.text(sharedMemory),
                unused.size() + (unused.size() == 1 ? " block that Python named is" : " blocks that Python named are")
                        + " not open in any process",
                String.join(", ", names) + (more > 0 ? " and " + more + " more" : "") + ": " + bytes + " bytes; "
                        + open.scope(),
                "they take memory until they are removed; their program probably ended without unlink()",
                "shm block rm " + ShellWord.arguments(names));
    }

    private void examine(Path file, List<BlockInfo> unused, Findings findings) {
        if (ArrayInfo.detect(file).isPresent()) {
            return;
        }
        BlockInfo block = BlockInfo.of(file);
        if (block.byteSize() == 0) {
            findings.add(
                    FindingKind.EMPTY_BLOCK,
                    Severity.INFO,
                    FileNames.text(file),
                    "the block has 0 bytes",
                    "size of " + FileNames.text(file) + ": 0",
                    "no program can attach it; its creator probably died before it was complete",
                    "shm block rm " + ShellWord.arguments(List.of(FileNames.text(file.getFileName()))));
        } else if (!block.warnings().isEmpty()) {
            findings.add(
                    FindingKind.UNREADABLE,
                    Severity.INFO,
                    FileNames.text(file),
                    String.join("; ", block.warnings()),
                    FileNames.text(file),
                    "it was not checked",
                    "# run shm doctor as its owner or as root");
        } else if (block.name().startsWith(GENERATED)
                && open.isComplete()
                && open.users(FileId.of(file)).isEmpty()) {
            unused.add(block);
        }
    }

    private static void temporaryFiles(Path directory, Findings findings) {
        for (Path file : Leftovers.entries(directory)) {
            if (file.getFileName().toString().startsWith(".shmrt-") && isOrphan(file)) {
                findings.add(new Finding(
                                FindingKind.TEMPORARY_FILE,
                                Severity.INFO,
                                FileNames.text(file),
                                "a file under construction remains from a program that has ended",
                                FileNames.text(file) + ": the process in its name does not exist",
                                "it takes memory until the next ShmRT program of this user creates a file in this "
                                        + "directory",
                                "shm doctor --fix " + FindingKind.TEMPORARY_FILE.id())
                        .on(List.of(file)));
            }
        }
    }

    private static boolean isOrphan(Path file) {
        try {
            return TempName.isOrphan(file);
        } catch (IOException e) {
            return false; // removed meanwhile
        }
    }
}
