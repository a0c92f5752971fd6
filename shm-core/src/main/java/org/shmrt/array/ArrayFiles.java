package org.shmrt.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/** Reads the metadata of array files without mapping them. */
final class ArrayFiles {
    private ArrayFiles() {}

    static Optional<ArrayInfo> detect(Path file) {
        try {
            FileId id = FileId.of(file);
            boolean candidate = id.regular() && id.byteSize() >= HeaderVersion.HEADER_160.recordBytes();
            return candidate && ArrayMetadata.detect(file, ends(file)) instanceof ArrayMetadata.Found found
                    ? Optional.of(found.info())
                    : Optional.empty();
        } catch (BusyException e) {
            throw e;
        } catch (ShmException e) {
            return Optional.empty();
        }
    }

    static ArrayInfo describe(Path file) {
        FileId id = FileId.of(file);
        if (!id.regular()) {
            String kind = Files.isDirectory(file) ? "a directory" : "a pipe or device";
            throw new IncompatibleException(FileNames.text(file) + " is " + kind + ", not a SharedArray");
        }
        return infoOf(file, ends(file));
    }

    /** The array that the ends of a file describe; throws if they describe none. */
    static ArrayInfo infoOf(Path file, ArrayMetadata.Ends ends) {
        return switch (ArrayMetadata.detect(file, ends)) {
            case ArrayMetadata.Found found -> found.info();
            case ArrayMetadata.Rejected rejected ->
                throw new IncompatibleException(
                        FileNames.text(file) + " is not a valid SharedArray: " + rejected.reason());
        };
    }

    private static ArrayMetadata.Ends ends(Path file) {
        try (FileChannel channel = FileOpening.channel(file)) {
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

    /** Bytes beyond the end of the file, which another process may have truncated in the meantime, remain 0. */
    private static byte[] read(FileChannel channel, long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        int read;
        do {
            read = channel.read(bytes, offset + bytes.position());
        } while (read > 0 && bytes.hasRemaining());
        return bytes.array();
    }

    static List<ArrayInfo> list(Path directory) {
        List<ArrayInfo> arrays = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                try {
                    detect(file).ifPresent(arrays::add);
                } catch (BusyException e) {
                    // Nobody knows what it is before the program with the lease has released it.
                }
            }
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        } catch (DirectoryIteratorException e) {
            throw IoErrors.failure("list", directory, e.getCause());
        }
        arrays.sort(Comparator.comparing(ArrayInfo::name));
        return arrays;
    }
}
