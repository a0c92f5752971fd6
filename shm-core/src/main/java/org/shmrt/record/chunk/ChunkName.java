package org.shmrt.record.chunk;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.text.FileNames;

/**
 * The name of a chunk, {@code cam.20261128T172400.123456789.fits}: stream and arrival time of the first frame, in UTC.
 * The names of a stream sort by time.
 *
 * @param stream name of the stream, without a directory
 * @param startNs arrival of the first frame, nanoseconds since 1970-01-01 UTC
 * @param ending {@code .fits}, {@code .fits.fz} or {@code .npy}
 */
public record ChunkName(String stream, long startNs, String ending) {
    /** Ending of a chunk with plain pixels. */
    public static final String PLAIN = ".fits";
    /** Ending of a chunk with compressed pixels. */
    public static final String COMPRESSED = ".fits.fz";
    /** Ending of a chunk in npy form. */
    public static final String NPY = ".npy";
    /** Added to the name of a chunk for the file with the table while the chunk is recorded. */
    public static final String TIMES = ".times";

    private static final Pattern FORM =
            Pattern.compile("(.+)\\.([0-9]{8}T[0-9]{6}\\.[0-9]{9})(\\.fits|\\.fits\\.fz|\\.npy)", Pattern.DOTALL);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.nnnnnnnnn");
    private static final long NS_PER_S = 1_000_000_000L;

    /** Parses the name of a file; empty if it is not that of a chunk. */
    public static Optional<ChunkName> parse(Path file) {
        Matcher matcher = FORM.matcher(String.valueOf(file.getFileName()));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Instant start = LocalDateTime.parse(matcher.group(2), TIME).toInstant(ZoneOffset.UTC);
            long startNs = Math.addExact(Math.multiplyExact(start.getEpochSecond(), NS_PER_S), start.getNano());
            return Optional.of(new ChunkName(matcher.group(1), startNs, matcher.group(3)));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Whether a file has the name of a chunk with plain pixels. */
    static boolean isPlain(Path file) {
        Matcher matcher = FORM.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() && matcher.group(3).equals(PLAIN);
    }

    public boolean isCompressed() {
        return ending.equals(COMPRESSED);
    }

    /** The file of this chunk in a directory. */
    public Path in(Path directory) {
        return directory.resolve(toString());
    }

    /** Whether this is the compressed form of another chunk. */
    boolean isCompressedFormOf(ChunkName other) {
        return isCompressed() && other.ending.equals(PLAIN) && stream.equals(other.stream) && startNs == other.startNs;
    }

    /** The file with the table of a chunk while it is recorded. */
    public static Path timesOf(Path chunk) {
        return chunk.resolveSibling(FileNames.text(chunk.getFileName()) + TIMES);
    }

    /** The same chunk with compressed pixels. */
    public ChunkName compressed() {
        return new ChunkName(stream, startNs, COMPRESSED);
    }

    @Override
    public String toString() {
        Instant start = Instant.ofEpochSecond(Math.floorDiv(startNs, NS_PER_S), Math.floorMod(startNs, NS_PER_S));
        return stream + "." + TIME.format(LocalDateTime.ofInstant(start, ZoneOffset.UTC)) + ending;
    }
}
