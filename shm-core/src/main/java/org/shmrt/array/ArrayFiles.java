package org.shmrt.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.SharedObject;

/**
 * Tells arrays from other files by what is in them, never by their names, and finds them. Looks at the first and last
 * bytes only, needs read permission and no native access, and changes nothing. Stateless; safe for any thread.
 */
public final class ArrayFiles {
    private ArrayFiles() {}

    /**
     * The file behind an array's name.
     *
     * @param name {@code shm://NAME}, a bare NAME, or {@code file://PATH}
     * @return its path, whether there is such a file or not
     * @throws IllegalArgumentException if it cannot name an array
     */
    public static Path path(String name) {
        return ArrayName.file(name);
    }

    /**
     * What a file stores about its array. Costs some tens of microseconds, whatever its size.
     *
     * @param file any file
     * @return what it stores, or null if it is no sound array, no ordinary file, or cannot be read
     */
    public static ArrayInfo recognise(Path file) {
        try {
            FileId id = FileId.of(file);
            return id.regular() && id.byteSize() >= HeaderVersion.HEADER_160.blockBytes()
                    ? ArrayMetadata.judge(file, ends(file)).info()
                    : null;
        } catch (ShmException e) {
            return null;
        }
    }

    /**
     * What a file stores about its array.
     *
     * @param file the file
     * @return what it stores
     * @throws NotFoundException if there is none
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is no sound array, saying why
     */
    public static ArrayInfo describe(Path file) {
        FileId id = FileId.of(file);
        if (!id.regular()) {
            String kind = Files.isDirectory(file) ? "a directory" : "a pipe or device";
            throw new IncompatibleException(file + " is " + kind + ", no SharedArray");
        }
        return infoOf(file, ends(file));
    }

    /** The array that a file's ends tell of; throws if they tell of none. */
    static ArrayInfo infoOf(Path file, ArrayMetadata.Ends ends) {
        ArrayMetadata.Judgement judgement = ArrayMetadata.judge(file, ends);
        if (judgement.info() == null) {
            throw new IncompatibleException(file + " is no SharedArray: " + judgement.refusal());
        }
        return judgement.info();
    }

    private static ArrayMetadata.Ends ends(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            int lastBytes = ArrayMetadata.Ends.lastBytes(bytes);
            return new ArrayMetadata.Ends(
                    read(channel, 0, ArrayMetadata.Ends.firstBytes(bytes)),
                    read(channel, bytes - lastBytes, lastBytes),
                    bytes);
        } catch (IOException e) {
            throw IoErrors.failure("read", file, e);
        }
    }

    /** What lies behind the end by now, if another process cut the file off, stays zero. */
    private static byte[] read(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        int more;
        do {
            more = channel.read(bytes, from + bytes.position());
        } while (more > 0 && bytes.hasRemaining());
        return bytes.array();
    }

    /**
     * The arrays in POSIX shared memory.
     *
     * @return one entry an array, by name
     * @throws ShmException if shared memory cannot be listed
     */
    public static List<ArrayInfo> list() {
        return list(SharedObject.directory());
    }

    /**
     * The arrays in a directory, without its subdirectories.
     *
     * @param directory where to look
     * @return one entry an array, by name
     * @throws NotFoundException if there is no such directory
     * @throws ShmException if it cannot be listed
     */
    public static List<ArrayInfo> list(Path directory) {
        List<ArrayInfo> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                ArrayInfo info = recognise(file);
                if (info != null) {
                    found.add(info);
                }
            }
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        } catch (DirectoryIteratorException e) {
            throw IoErrors.failure("list", directory, e.getCause());
        }
        found.sort(Comparator.comparing(ArrayInfo::name));
        return found;
    }
}
