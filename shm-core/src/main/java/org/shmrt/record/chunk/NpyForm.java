package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.files.OutputFile;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardReader;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * An npy cube; at the end the table becomes an npy array of records, {@code X.times.npy}. The description of the stream is
 * in {@code X.header}, a FITS header as text with a line for each card.
 */
final class NpyForm extends CubeForm {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int PREFIX_BYTES = MAGIC.length + Short.BYTES;
    private static final int ALIGNMENT_BYTES = 64;
    private static final int CARD_BYTES = FitsBlock.CARD_BYTES;
    private static final int COPY_ROWS = 1 << 14;
    /** A line for each keyword, of which milk's streams have at most 65535. */
    private static final long MAX_HEADER_BYTES = 16 << 20;
    /** More digits than a number of frames has. */
    private static final int FRAMES_DIGITS = 20;

    private final Path path;
    private final ChunkSpec spec;

    NpyForm(Path path, ChunkSpec spec) {
        this.path = path;
        this.spec = spec;
    }

    /** A file that belongs to a chunk. */
    private static Path beside(Path chunk, String ending) {
        String name = chunk.getFileName().toString();
        return chunk.resolveSibling(name.substring(0, name.length() - ChunkName.NPY.length()) + ending);
    }

    /** The table of a complete chunk. */
    static Path timesOf(Path chunk) {
        return beside(chunk, ".times.npy");
    }

    /** The description of the stream. */
    static Path headerOf(Path chunk) {
        return beside(chunk, ".header");
    }

    @Override
    byte[] header(long frames) {
        return encode("'" + descriptor(spec.type()) + "'", frames, spec.frame());
    }

    private static String descriptor(DataType type) {
        return (type.itemBytes() == 1 ? "|" : "<") + type.npyCode();
    }

    /** A header of the same size for every number of frames. */
    static byte[] encode(String descriptor, long frames, Shape frame) {
        StringBuilder shape = new StringBuilder(Long.toString(frames));
        for (int axis = 0; axis < frame.rank(); axis++) {
            shape.append(", ").append(frame.length(axis));
        }
        if (frame.rank() == 0) {
            shape.append(',');
        }
        String text = "{'descr': " + descriptor + ", 'fortran_order': False, 'shape': (" + shape + "), }"
                + " ".repeat(FRAMES_DIGITS - Long.toString(frames).length());
        int unpadded = PREFIX_BYTES + text.length() + 1;
        int bytes = (unpadded + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
        ByteBuffer header = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) (bytes - PREFIX_BYTES));
        header.put((text + " ".repeat(bytes - unpadded) + "\n").getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }

    @Override
    long storedFrameBytes() {
        return spec.frameBytes();
    }

    @Override
    void begin() throws IOException {
        CardWriter cards = new CardWriter();
        spec.descriptive().forEach(cards::add);
        List<String> lines = new ArrayList<>();
        byte[] header = cards.end();
        for (int at = 0; at < header.length; at += CARD_BYTES) {
            String line = new String(header, at, CARD_BYTES, StandardCharsets.US_ASCII).stripTrailing();
            if (!line.isEmpty()) {
                lines.add(line);
            }
        }
        Files.write(headerOf(path), lines, StandardCharsets.US_ASCII);
    }

    /** The cards that describe the stream of a chunk. */
    static List<FitsCard> cards(Path chunk) {
        List<String> lines = Files.exists(headerOf(chunk)) ? headerLines(chunk) : List.of();
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (String line : lines) {
            if (line.equals("END")) {
                break;
            }
            String card = line.length() > CARD_BYTES ? line.substring(0, CARD_BYTES) : line;
            text.append(card).append(" ".repeat(CARD_BYTES - card.length()));
            count++;
        }
        return CardReader.cards(text.toString().getBytes(StandardCharsets.ISO_8859_1), count);
    }

    private static List<String> headerLines(Path chunk) {
        return FrameFile.lines(headerOf(chunk), MAX_HEADER_BYTES);
    }

    @Override
    void convert(MemorySegment frames) {
        // the elements are stored as they are in memory
    }

    @Override
    void describe(FileChannel cube, long frames) throws IOException {
        write(cube, ByteBuffer.wrap(header(frames)), 0);
    }

    @Override
    void complete(FileChannel cube, End end) throws IOException {
        cube.truncate(end.cubeAt() + end.frames() * storedFrameBytes());
        describe(cube, end.frames());
        cube.force(false);
        replaceLine(ChunkSpec.lostCard(end.lost()));
        if (end.lostAtEnd().isPresent()) {
            replaceLine(ChunkSpec.lostAtEndCard(end.lostAtEnd().getAsLong()));
        }
        Optional<String> ignored = OutputFile.write(timesOf(path), out -> {
            out.write(encode(TableHeader.npyDescriptor(), end.frames(), Shape.of()));
            ByteBuffer part = ByteBuffer.allocate(COPY_ROWS * FrameRow.BYTES);
            long at = end.tableAt() + TableHeader.bytes();
            long stop = at + end.frames() * FrameRow.BYTES;
            while (at < stop) {
                part.clear().limit((int) Math.min(part.capacity(), stop - at));
                while (part.hasRemaining()) {
                    if (end.table().read(part, at + part.position()) <= 0) {
                        throw new IOException("the table of the frames ends too early");
                    }
                }
                end.columns().toNpy(part.flip());
                out.write(part.array(), 0, part.limit());
                at += part.limit();
            }
        });
    }

    private void replaceLine(FitsCard card) throws IOException {
        String line = new String(FitsForm.encode(card), StandardCharsets.US_ASCII).stripTrailing();
        String start = line.substring(0, line.indexOf('='));
        List<String> lines = new ArrayList<>(headerLines(path));
        lines.replaceAll(old -> old.startsWith(start) ? line : old);
        Files.write(headerOf(path), lines, StandardCharsets.US_ASCII);
    }
}
