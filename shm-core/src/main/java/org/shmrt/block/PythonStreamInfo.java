package org.shmrt.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FilePrefix;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FileNames;

/**
 * A stream of the Python packages pyshmem and pyRTC, as its metadata describe it: an immutable snapshot that holds
 * nothing open. Such a stream has two objects in shared memory, {@code X} with the pixels and {@code X_meta} with the
 * metadata. ShmRT reads them and never writes them. Safe for use by multiple threads.
 *
 * @param kind the package
 * @param name the name by which Python programs open the stream; the object's name if the metadata do not contain it
 * @param object name of the object with the pixels
 * @param path its file
 * @param version version of the metadata; 1 for pyRTC, which has no versions
 * @param type type of the elements
 * @param shape shape as numpy sees it
 * @param count number of frames written; in pyRTC each program that opens the stream sets it back to 0
 * @param writtenNs time of the last write, nanoseconds since 1970 (UTC); 0 before the first
 * @param incomplete whether a frame is being written, or was abandoned by a writer that died
 * @param unreadableReason why the pixels cannot be read, as a clause; empty if they can
 */
public record PythonStreamInfo(
        Kind kind,
        String name,
        String object,
        Path path,
        int version,
        DataType type,
        Shape shape,
        long count,
        long writtenNs,
        boolean incomplete,
        Optional<String> unreadableReason) {
    static final String METADATA_SUFFIX = "_meta";
    /** The ends of the names of all objects that a stream can have besides the one with the pixels. */
    private static final List<String> SUFFIXES = List.of(METADATA_SUFFIX, "_gpu", "_gpu_handle");

    private static final String HASHED_PREFIX = "ps_";
    private static final int HASH_DIGITS = 14;

    /** The Python packages. */
    public enum Kind {
        /** pyshmem, with a sequence number by which torn frames are detected. */
        PYSHMEM,
        /** The class ImageSHM of pyRTC, without. */
        PYRTC;

        /**
         * The name in texts and JSON.
         *
         * @return for example {@code pyshmem}
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Examines an object.
     *
     * @param path a file, for example in {@code /dev/shm}
     * @return the stream; empty if there is no object with metadata beside it, or these are not those of a Python stream
     * @throws NotFoundException if the file does not exist
     * @throws IncompatibleException if the metadata are those of pyshmem, and of an unknown version or damaged
     */
    public static Optional<PythonStreamInfo> detect(Path path) {
        Path metadata = path.resolveSibling(FileNames.name(FileNames.text(path.getFileName()) + METADATA_SUFFIX));
        FileId metadataId = FileId.ofOrNull(metadata);
        if (metadataId == null || !metadataId.regular()) {
            return Optional.empty();
        }
        FileId id = FileId.of(path);
        if (!id.regular() || !PythonMetadata.isPossibleSize(metadataId.byteSize())) {
            return Optional.empty();
        }
        MemorySegment head = Arena.ofAuto().allocate(PythonMetadata.MAX_BYTES, Long.BYTES);
        long bytes = Math.min(FilePrefix.read(metadata, head), head.byteSize());
        return PythonMetadata.parse(path, head.asSlice(0, bytes), id.byteSize()).map(found -> found.info(head));
    }

    /**
     * Whether an object belongs to a stream whose pixels are in another object, so that a list need not show it.
     *
     * @param path a file, for example in {@code /dev/shm}
     * @return true for metadata, and for the handle of a GPU
     */
    public static boolean isPart(Path path) {
        String name = FileNames.text(path.getFileName());
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                Path pixels = path.resolveSibling(FileNames.name(name.substring(0, name.length() - suffix.length())));
                try {
                    if (FileId.exists(pixels) && detect(pixels).isPresent()) {
                        return true;
                    }
                } catch (IncompatibleException e) {
                    return true; // of another version
                } catch (ShmException e) {
                    return false; // it may not be read
                }
            }
        }
        return false;
    }

    /**
     * Finds a stream by name.
     *
     * @param name the name that Python programs use, or the name of the object with the pixels
     * @return the stream
     * @throws NotFoundException if there is none
     * @throws IncompatibleException if its metadata are of an unknown version, or damaged
     */
    public static PythonStreamInfo of(String name) {
        // pyshmem allows names that no object can have.
        List<String> objects = name.indexOf('/') >= 0 ? List.of(hashed(name)) : List.of(name, hashed(name));
        for (String object : objects) {
            Path path = SharedObject.file(object);
            if (FileId.exists(path)) {
                Optional<PythonStreamInfo> found = detect(path);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new NotFoundException("there is no stream '" + name + "' of pyshmem or pyRTC in "
                + FileNames.text(SharedObject.directory()) + ": shm list shows those that exist");
    }

    /** The name of the object that pyshmem derives from the name of a stream. */
    private static String hashed(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
            return HASHED_PREFIX + HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new ShmException("this Java has no SHA-1, by which pyshmem names its objects", e);
        }
    }

    /**
     * Size of a frame.
     *
     * @return bytes
     */
    public long frameBytes() {
        return shape.byteSize(type);
    }

    /**
     * How long ago the last frame was written, by the wall clock.
     *
     * @return seconds, 0 if its time is in the future; NaN if there is no frame
     */
    public double ageSeconds() {
        return writtenNs == 0 ? Double.NaN : Math.max(0, System.currentTimeMillis() * 1_000_000L - writtenNs) / 1e9;
    }
}
