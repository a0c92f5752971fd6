package org.shmrt.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;

/**
 * Creates a block. It gets its name only after its space is reserved and its content is complete.
 *
 * @param size size in bytes, at least 1
 * @param permissions permissions that the umask does not restrict; empty for those of Python, which it restricts
 * @param initializer writes the content into zeroed memory
 */
record BlockCreation(long size, OptionalInt permissions, Consumer<MemorySegment> initializer) {
    private static final int RANDOM_NAME_ATTEMPTS = 100;

    BlockCreation {
        if (size <= 0) {
            throw new IllegalArgumentException("a block of " + size + " bytes: at least 1 is needed");
        }
    }

    SharedMemory create(String name) {
        Path path = BlockNames.file(name);
        if (FileId.exists(path)) {
            throw new AlreadyExistsException(
                    FileNames.text(path) + " exists already"); // before space is reserved in vain
        }
        Arena arena = Arena.ofShared();
        try (UnlinkedFile file = newFile(path)) {
            file.reserve(size);
            MappedFile region = MappedFile.of(file, arena);
            initializer.accept(region.segment());
            file.link();
            return new SharedMemory(name, arena, region, permissions.orElse(SharedMemory.DEFAULT_PERMISSIONS));
        } catch (RuntimeException | Error e) {
            Arenas.close(arena);
            throw e;
        }
    }

    private UnlinkedFile newFile(Path path) {
        return permissions.isPresent()
                ? UnlinkedFile.in(path, Permissions.exactly(permissions.getAsInt()))
                : UnlinkedFile.in(path, Permissions.withUmask(SharedMemory.DEFAULT_PERMISSIONS));
    }

    SharedMemory createWithRandomName() {
        for (int attempt = 1; ; attempt++) {
            try {
                return create(BlockNames.random());
            } catch (AlreadyExistsException e) {
                if (attempt == RANDOM_NAME_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
