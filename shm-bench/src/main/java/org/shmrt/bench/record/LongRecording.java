package org.shmrt.bench.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.ChunkWriter;
import org.shmrt.record.chunk.FrameRow;

/**
 * Writes a recording of many gigabytes that takes almost no space on the disk: the pixels are holes. Its files are copies
 * of the headers of one that the recorder's own code has written, for other numbers of frames.
 */
final class LongRecording {
    static final String STREAM = "cam";
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final long PERIOD_NS = 2_000_000;
    /** Place of the card with the number of rows in the header of a table. */
    private static final int ROWS_CARD = 4;

    private final Shape frame;
    private final long frameBytes;
    private final int framesPerFile;
    private byte[] header;
    private byte[] tableHeader;

    LongRecording(Shape frame, int framesPerFile) {
        this.frame = frame;
        this.frameBytes = frame.byteSize(DataType.UINT16);
        this.framesPerFile = framesPerFile;
    }

    /** Position of the first frame in each file. */
    int cubeAt() {
        return header.length;
    }

    /** Writes the files of a recording to a new directory. */
    void write(Path directory, int files) throws IOException {
        Files.createDirectory(directory);
        readTemplate(directory);
        for (int i = 0; i < files; i++) {
            write(file(directory, i), (long) i * framesPerFile);
        }
    }

    static Path file(Path directory, long startNs) {
        return new ChunkName(STREAM, startNs, ChunkName.PLAIN).in(directory);
    }

    Path file(Path directory, int index) {
        return file(directory, timeNs((long) index * framesPerFile));
    }

    private static long timeNs(long index) {
        return START_NS + index * PERIOD_NS;
    }

    private void readTemplate(Path directory) throws IOException {
        Path file = file(directory, 0L);
        ChunkSpec spec = new ChunkSpec(DataType.UINT16, frame, List.of(FitsCard.of("STREAM", STREAM, "")));
        try (Arena arena = Arena.ofConfined();
                ChunkWriter writer = ChunkWriter.create(file, spec)) {
            MemorySegment pixels = arena.allocate(frameBytes, Long.BYTES);
            writer.convert(pixels);
            writer.append(pixels, ByteBuffer.allocate(FrameRow.BYTES));
            writer.finish(0, 0);
        }
        byte[] bytes = Files.readAllBytes(file);
        try (ByteSource source = ByteSource.open(file)) {
            HduScanner scanner = new HduScanner(source);
            int cubeAt = (int) scanner.next().orElseThrow().dataOffset();
            int rowsAt = (int) scanner.next().orElseThrow().dataOffset();
            header = Arrays.copyOf(bytes, cubeAt);
            tableHeader = Arrays.copyOfRange(bytes, (int) (cubeAt + FitsBlock.roundUp(frameBytes)), rowsAt);
        }
        Files.delete(file);
        int axes = frame.rank() + 1;
        replace(header, axes + 2, FitsCard.of("NAXIS" + axes, framesPerFile, "frames"));
        replace(tableHeader, ROWS_CARD, FitsCard.of("NAXIS2", framesPerFile, "rows"));
    }

    private static void replace(byte[] cards, int index, FitsCard card) {
        byte[] encoded = new CardWriter().add(card).end();
        System.arraycopy(encoded, 0, cards, index * FitsBlock.CARD_BYTES, FitsBlock.CARD_BYTES);
    }

    private void write(Path file, long first) {
        ByteBuffer rows = ByteBuffer.allocate((int) FitsBlock.roundUp((long) framesPerFile * FrameRow.BYTES));
        for (int i = 0; i < framesPerFile; i++) {
            long timeNs = timeNs(first + i);
            FrameRow.put(rows, first + i + 1, 0, 0, timeNs, 0, timeNs, 0, 0);
        }
        long tableAt = header.length + FitsBlock.roundUp(frameBytes * framesPerFile);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.wrap(header), 0);
            writeAll(channel, ByteBuffer.wrap(tableHeader), tableAt);
            writeAll(channel, rows.clear(), tableAt + tableHeader.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
