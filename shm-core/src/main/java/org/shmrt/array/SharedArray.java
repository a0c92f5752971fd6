package org.shmrt.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.MappedMemory;
import org.shmrt.posix.UnlinkedFile;

/**
 * A numpy array in shared memory, as the Python package SharedArray makes and attaches it. It lives on until it is
 * deleted, whoever made it; a handle of this class only maps it. Safe for any thread. There is no lock, no counter and
 * no wake-up: who shares an array agrees on turns by other means.
 *
 * <pre>{@code
 * try (SharedArray a = SharedArray.create("shm://test", DataType.FLOAT64, Shape.of(10))) {
 *     a.setDouble(42.0, 0);                   // SharedArray.attach("shm://test")[0] == 42.0 in Python
 * }
 * SharedArray.delete("shm://test");
 * }</pre>
 *
 * <p>Names are SharedArray's: {@code shm://NAME} or a bare NAME for POSIX shared memory, {@code file://PATH} for a file
 * anywhere. A name that cannot be one is an {@link IllegalArgumentException}.
 *
 * <p>Creation builds the whole file under no name and reserves its memory, so nobody sees a half-made array, and a full
 * {@code /dev/shm} is an exception here and not a dead process later.
 */
public final class SharedArray extends ArrayView implements AutoCloseable {
    private final ArrayInfo info;
    private final Arena arena;
    private final MappedFile region;

    private SharedArray(ArrayInfo info, boolean writable, Arena arena, MappedFile region) {
        super(
                new Elements(
                        info.name(),
                        info.type(),
                        writable,
                        region.segment().asSlice(info.dataOffset(), info.dataBytes())),
                info.shape(),
                ElementOrder.ROW_MAJOR);
        this.info = info;
        this.arena = arena;
        this.region = region;
    }

    /**
     * Creates an array of float64 zeros, as SharedArray does where no type is given.
     *
     * @param name its name
     * @param shape slowest axis first
     * @return the array, attached
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved; nothing is left behind
     */
    public static SharedArray create(String name, Shape shape) {
        return create(name, DataType.FLOAT64, shape);
    }

    /**
     * Creates an array of zeros.
     *
     * @param name its name
     * @param type type of the elements
     * @param shape slowest axis first
     * @return the array, attached
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved; nothing is left behind
     */
    public static SharedArray create(String name, DataType type, Shape shape) {
        return create(name, ArraySpec.of(type, shape));
    }

    /**
     * Creates an array of zeros.
     *
     * @param name its name
     * @param spec what it shall be
     * @return the array, attached
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved, telling how much is needed and free;
     *     nothing is left behind
     * @throws org.shmrt.error.NotFoundException if the directory of a {@code file://} does not exist
     * @throws org.shmrt.error.AccessDeniedException if the directory may not be written
     */
    public static SharedArray create(String name, ArraySpec spec) {
        return create(name, spec, null);
    }

    /**
     * Creates an array that has its contents from the beginning: nobody sees it before.
     *
     * @param name its name
     * @param spec what it shall be
     * @param contents exactly its elements, as they lie in memory; null for zeros
     * @return the array, attached
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved; nothing is left behind
     */
    public static SharedArray create(String name, ArraySpec spec, MemorySegment contents) {
        Path path = ArrayName.file(name);
        if (FileId.exists(path)) {
            throw new AlreadyExistsException(path + " exists already: delete it first, or attach it");
        }
        Arena arena = Arena.ofShared();
        try (UnlinkedFile file = UnlinkedFile.in(path, spec.permissions(), spec.exactPermissions())) {
            file.reserve(spec.fileBytes());
            MappedFile region = MappedFile.of(file, arena);
            ArrayMetadata.write(region.segment(), spec);
            SharedArray created = new SharedArray(
                    new ArrayInfo(ArrayName.of(path), path, spec.form(), spec.type(), spec.shape(), spec.fileBytes()),
                    true,
                    arena,
                    region);
            if (contents != null) {
                created.copyFrom(contents);
            }
            file.link(false);
            return created;
        } catch (RuntimeException e) {
            Arenas.close(arena);
            throw e;
        }
    }

    /**
     * Attaches an array for reading and writing. Any number of programs may attach one, each as often as it likes.
     *
     * @param name its name
     * @return the array
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if what has that name is no sound array, saying why
     * @throws org.shmrt.error.PosixException if it cannot be mapped, for example because this process has too many maps
     */
    public static SharedArray attach(String name) {
        return attach(ArrayName.file(name), true);
    }

    /**
     * Attaches an array for reading. Needs read permission and no native access.
     *
     * @param name its name
     * @return the array; writing to it is an {@link org.shmrt.error.AccessDeniedException}
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if what has that name is no sound array, saying why
     */
    public static SharedArray attachReadOnly(String name) {
        return attach(ArrayName.file(name), false);
    }

    private static SharedArray attach(Path path, boolean writable) {
        Arena arena = Arena.ofShared();
        try {
            MappedFile region = writable ? MappedFile.readWrite(path, arena) : MappedFile.readOnly(path, arena);
            ArrayMetadata.Ends ends = ArrayMetadata.Ends.of(region.segment());
            Faults.poll();
            return new SharedArray(ArrayFiles.infoOf(path, ends), writable, arena, region);
        } catch (InternalError e) {
            Arenas.close(arena);
            throw new IncompatibleException(path + " was cut off by another process while it was attached", e);
        } catch (RuntimeException e) {
            Arenas.close(arena);
            throw e;
        }
    }

    /**
     * Removes an array. Who has it attached keeps it; its memory is free once the last one has closed it.
     *
     * @param name its name
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read, or its directory not written
     * @throws IncompatibleException if what has that name is no sound array; it is not removed
     */
    public static void delete(String name) {
        Path path = ArrayName.file(name);
        ArrayFiles.describe(path);
        FileId.delete(path);
    }

    /**
     * The arrays in POSIX shared memory, told from other objects by what is in them.
     *
     * @return one entry an array, by name
     */
    public static List<ArrayInfo> list() {
        return ArrayFiles.list();
    }

    /**
     * What is stored about the array.
     *
     * @return as it was when it was created or attached
     */
    public ArrayInfo info() {
        return info;
    }

    /**
     * The name by which others attach it.
     *
     * @return the bare name in shared memory, {@code file://PATH} elsewhere
     */
    public String name() {
        return info.name();
    }

    /**
     * Brings changes to the file's storage; of use for {@code file://} only. SharedArray's {@code base.msync}.
     *
     * @param mode started only, or waited for
     */
    public void sync(MappedMemory.SyncMode mode) {
        onRegion(() -> region.sync(mode));
    }

    /**
     * Keeps the array from being paged out. SharedArray's {@code base.mlock}.
     *
     * @throws org.shmrt.error.PosixException naming the limit, if that is too low
     */
    public void lock() {
        onRegion(region::lock);
    }

    /** Lets the array be paged out again. SharedArray's {@code base.munlock}. */
    public void unlock() {
        onRegion(region::unlock);
    }

    /**
     * Tells the kernel how the array will be used: in order, at random, with huge pages.
     *
     * @param advice the use
     * @return false where the kernel has no such advice for it
     */
    public boolean advise(MappedMemory.Advice advice) {
        boolean[] taken = new boolean[1];
        onRegion(() -> taken[0] = region.advise(advice));
        return taken[0];
    }

    private void onRegion(Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException e) {
            throw elements().lost(e);
        }
    }

    /**
     * Whether {@link #close()} has not been called.
     *
     * @return false once it is closed
     */
    public boolean isOpen() {
        return arena.scope().isAlive();
    }

    /**
     * Detaches the array: its memory and all views of it are gone from this program, and using them is a
     * {@link ClosedException}. The array itself stays. Closing twice is harmless. Costs about 0.1 ms.
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
