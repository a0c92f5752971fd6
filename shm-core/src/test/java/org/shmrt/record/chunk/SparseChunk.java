package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Writes complete chunks whose pixels take no space on the disk. */
public final class SparseChunk {
    private SparseChunk() {}

    /**
     * Writes a chunk of uint16 zeros, stored less 2^15 as holes of 0: frame i has the count {@code firstCount + i} and
     * arrived at {@code startNs + i * periodNs}. Returns the size of the file.
     */
    public static long write(
            Path directory, String stream, Shape frame, int frames, long firstCount, long startNs, long periodNs)
            throws IOException {
        ChunkSpec spec = new ChunkSpec(DataType.UINT16, frame, List.of());
        byte[] header = spec.header(StoredType.of(DataType.UINT16), frames);
        ByteBuffer rows = ByteBuffer.allocate((int) FitsBlock.roundUp((long) frames * FrameRow.BYTES));
        for (int i = 0; i < frames; i++) {
            long timeNs = startNs + i * periodNs;
            FrameRow.put(rows, firstCount + i, 0, 0, timeNs, 0, timeNs, 0, 0);
        }
        Path file = new ChunkName(stream, startNs, ChunkName.PLAIN).in(directory);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(header), 0);
            long tableAt = header.length + FitsBlock.roundUp(spec.frameBytes() * frames);
            byte[] table = TableHeader.encode(frames, BootId.CURRENT);
            channel.write(ByteBuffer.wrap(table), tableAt);
            channel.write(rows.rewind(), tableAt + table.length);
            return channel.size();
        }
    }
}
