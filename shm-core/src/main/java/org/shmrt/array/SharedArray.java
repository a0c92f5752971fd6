package org.shmrt.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.SharedObject;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;

/**
 * A numpy array in shared memory, compatible with the Python package SharedArray. The array exists until it is deleted,
 * independent of the process that created it; an object of this class only maps it. Safe for use by multiple threads,
 * but unsynchronized: an array has no lock, counter or semaphore, so its users have to coordinate by other means.
 *
 * <pre>{@code
 * try (SharedArray a = SharedArray.create("shm://test", DataType.FLOAT64, Shape.of(10))) {
 *     a.setDouble(42.0, 0);                   // SharedArray.attach("shm://test")[0] == 42.0 in Python
 * }
 * SharedArray.delete("shm://test");
 * }</pre>
 *
 * <p>Names are those of SharedArray: {@code shm://NAME} or a bare NAME for POSIX shared memory, {@code file://PATH} for
 * any other file. All methods with a name throw {@link IllegalArgumentException} if it is invalid.
 *
 * <p>An array gets its name only after its file is complete and its memory is reserved. Other processes therefore never
 * see an incomplete array, and a full {@code /dev/shm} results in an exception from {@code create}, not in a crash on a
 * later access. Creating and attaching take some tens of microseconds, plus the time to reserve memory.
 */
public final class SharedArray extends ArrayView implements AutoCloseable {
    /** Permissions of the original, which the umask restricts. */
    private static final int DEFAULT_PERMISSIONS = 0666;

    private final ArrayInfo info;
    private final Arena arena;
    private final MappedFile region;

    private SharedArray(ArrayInfo info, Arena arena, MappedFile region) {
        super(
                new ElementAccess(
                        info.name(),
                        info.path(),
                        region.id(),
                        info.type(),
                        region.segment().asSlice(info.dataOffset(), info.dataBytes())),
                info.shape(),
                ElementOrder.ROW_MAJOR);
        this.info = info;
        this.arena = arena;
        this.region = region;
    }

    /**
     * Creates an array of float64 zeros, the default type of SharedArray.
     *
     * @param name its name
     * @param shape lengths of the axes, slowest axis first
     * @return the array, attached for reading and writing
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if the memory cannot be reserved; nothing is left behind
     */
    public static SharedArray create(String name, Shape shape) {
        return create(name, DataType.FLOAT64, shape);
    }

    /**
     * Creates an array of zeros.
     *
     * @param name its name
     * @param type type of the elements
     * @param shape lengths of the axes, slowest axis first
     * @return the array, attached for reading and writing
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if the memory cannot be reserved; nothing is left behind
     */
    public static SharedArray create(String name, DataType type, Shape shape) {
        return create(name, ArraySpec.of(type, shape));
    }

    /**
     * Creates an array of zeros.
     *
     * @param name its name
     * @param spec its properties
     * @return the array, attached for reading and writing
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if the memory cannot be reserved, with the sizes needed and available;
     *     nothing is left behind
     * @throws org.shmrt.error.NotFoundException if the directory of a {@code file://} name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not write to the directory
     */
    public static SharedArray create(String name, ArraySpec spec) {
        return create(name, spec, zeros -> {});
    }

    /**
     * Creates an array with contents, which are complete before other processes can see the array.
     *
     * @param name its name
     * @param spec its properties
     * @param contents exactly the bytes of its elements, in memory order
     * @return the array, attached for reading and writing
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if the memory cannot be reserved; nothing is left behind
     * @throws IllegalArgumentException if the contents have another size than the elements
     */
    public static SharedArray create(String name, ArraySpec spec, MemorySegment contents) {
        return create(name, spec, zeros -> zeros.copyFrom(contents));
    }

    private static SharedArray create(String name, ArraySpec spec, Consumer<SharedArray> initializer) {
        Path path = ArrayName.file(name);
        if (FileId.exists(path)) {
            throw new AlreadyExistsException(FileNames.text(path) + " exists already: delete it first, or attach it");
        }
        Arena arena = Arena.ofShared();
        try (UnlinkedFile file = newFile(path, spec)) {
            file.reserve(spec.fileBytes());
            MappedFile region = MappedFile.of(file, arena);
            file.requireMappedBytes(spec.fileBytes());
            ArrayMetadata.write(region.segment(), spec);
            ArrayInfo info = new ArrayInfo(
                    ArrayName.of(path), path, spec.headerVersion(), spec.type(), spec.shape(), spec.fileBytes());
            SharedArray created = new SharedArray(info, arena, region);
            initializer.accept(created);
            file.link();
            return created;
        } catch (RuntimeException | Error e) {
            Arenas.close(arena);
            throw e;
        }
    }

    private static UnlinkedFile newFile(Path path, ArraySpec spec) {
        return spec.permissions().isPresent()
                ? UnlinkedFile.in(path, Permissions.exactly(spec.permissions().getAsInt()))
                : UnlinkedFile.in(path, Permissions.withUmask(DEFAULT_PERMISSIONS));
    }

    /**
     * Attaches an array for reading and writing. An array may be attached any number of times, by any number of
     * processes.
     *
     * @param name its name
     * @return the array
     * @throws org.shmrt.error.NotFoundException if the name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read and write the array
     * @throws IncompatibleException if the file of that name is not a valid array; the message says why
     * @throws org.shmrt.error.PosixException if mapping fails, for example because this process has too many mappings
     */
    public static SharedArray attach(String name) {
        return attach(ArrayName.file(name), MappedFile::readWrite);
    }

    /**
     * Attaches an array for reading. Needs read permission and no native access.
     *
     * @param name its name
     * @return the array; writing to it throws {@link org.shmrt.error.AccessDeniedException}
     * @throws org.shmrt.error.NotFoundException if the name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read the array
     * @throws IncompatibleException if the file of that name is not a valid array; the message says why
     */
    public static SharedArray attachReadOnly(String name) {
        return attach(ArrayName.file(name), MappedFile::readOnly);
    }

    private static SharedArray attach(Path path, BiFunction<Path, Arena, MappedFile> mapping) {
        Arena arena = Arena.ofShared();
        try {
            MappedFile region = mapping.apply(path, arena);
            ArrayMetadata.Ends ends = ArrayMetadata.Ends.of(region.segment());
            Faults.poll();
            return new SharedArray(ArrayFiles.infoOf(path, ends), arena, region);
        } catch (InternalError e) {
            Arenas.close(arena);
            throw new IncompatibleException(
                    FileNames.text(path) + " was truncated by another process while it was being attached", e);
        } catch (RuntimeException | Error e) {
            Arenas.close(arena);
            throw e;
        }
    }

    /**
     * Deletes an array. Processes that have it attached keep it; its memory is free after the last one has closed it.
     *
     * @param name its name
     * @throws org.shmrt.error.NotFoundException if the name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read the array or not write to its directory
     * @throws IncompatibleException if the file of that name is not a valid array; it is not deleted
     */
    public static void delete(String name) {
        Path path = ArrayName.file(name);
        ArrayFiles.describe(path);
        FileId.delete(path);
    }

    /**
     * Lists the arrays in POSIX shared memory, recognized by their content.
     *
     * @return one entry for each array, sorted by name
     * @throws org.shmrt.error.ShmException if shared memory cannot be listed
     */
    public static List<ArrayInfo> list() {
        return ArrayFiles.list(SharedObject.directory());
    }

    /**
     * The file that stores an array of a name.
     *
     * @param name the name
     * @return the path of the file, whether it exists or not
     */
    public static Path path(String name) {
        return ArrayName.file(name);
    }

    /**
     * The metadata of the array, as it was when the array was created or attached.
     *
     * @return the metadata
     */
    public ArrayInfo info() {
        return info;
    }

    /**
     * The name by which others attach the array.
     *
     * @return the bare name in shared memory, {@code file://PATH} elsewhere
     */
    public String name() {
        return info.name();
    }

    /**
     * Writes changes to the storage behind the file; useful for {@code file://} only. Equivalent to SharedArray's
     * {@code base.msync}.
     *
     * @param mode whether to wait
     * @throws ClosedException after {@link #close()}
     */
    public void sync(SyncMode mode) {
        onRegion(() -> region.sync(mode.nativeMode()));
    }

    /**
     * Locks the array in memory, so that it is not paged out. Equivalent to SharedArray's {@code base.mlock}.
     *
     * @throws org.shmrt.error.PosixException if the limit of locked memory is too low; the message names the limit
     * @throws ClosedException after {@link #close()}
     */
    public void lock() {
        onRegion(region::lock);
    }

    /**
     * Undoes {@link #lock()}. Equivalent to SharedArray's {@code base.munlock}.
     *
     * @throws ClosedException after {@link #close()}
     */
    public void unlock() {
        onRegion(region::unlock);
    }

    /**
     * Tells the kernel how the array will be used.
     *
     * @param advice the expected use
     * @return false if the kernel does not support the advice for this memory
     * @throws ClosedException after {@link #close()}
     */
    public boolean advise(MemoryAdvice advice) {
        try {
            return region.advise(advice.nativeAdvice());
        } catch (IllegalStateException e) {
            throw elements().translate(e);
        }
    }

    private void onRegion(Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException e) {
            throw elements().translate(e);
        }
    }

    /**
     * Whether the array is attached.
     *
     * @return false after {@link #close()}
     */
    public boolean isOpen() {
        return arena.scope().isAlive();
    }

    /**
     * Detaches the array from this process. Later accesses through this object and all views of it throw
     * {@link ClosedException}. The array itself continues to exist. Closing again has no effect. Takes about 0.1 ms.
     */
    @Override
    public void close() {
        Arenas.close(arena);
    }

    @Override
    public String toString() {
        return info.name() + " (" + info.shape() + " " + info.type() + ")";
    }
}
