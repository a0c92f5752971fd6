package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.engine.WriterLock;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.KeywordEdit;

/**
 * A stream file of any format is used by a writer and by a reader that waits by semaphore: frames, packets, keywords,
 * semaphores. Semaphores in the file are those of the input; named ones are separate and valid, as for a new stream.
 */
final class FuzzWriter implements FuzzTarget {
    /** No layout has more. */
    private static final int MOST_SEMAPHORES = 128;

    private final String folder;
    private final FuzzMemory memory = new FuzzMemory(1 << 16);
    private final MemorySegment named = Arena.global().allocate(MOST_SEMAPHORES * (long) Semaphore.BYTES, 64);

    /** Uses the files of a format as seeds. */
    FuzzWriter(String folder) {
        this.folder = folder;
    }

    @Override
    public List<byte[]> seeds() {
        return FuzzStream.seeds(folder);
    }

    @Override
    public int mostInputBytes() {
        return FuzzStream.mostInputBytes(folder);
    }

    /** Whether a reader in the table is alive is checked in /proc. */
    @Override
    public long mostBytes(int inputBytes) {
        return 64L * inputBytes + (8 << 20);
    }

    @Override
    public void use(byte[] input) {
        MemorySegment file = memory.holding(input);
        StreamLayout layout = StreamFormats.detect(FuzzStream.PATH, file);
        if (layout.unreadableReason() != null || layout.readOnlyReason() != null) {
            return;
        }
        MappedFile region = FuzzMemory.region(file);
        SemaphoreSet semaphores = semaphores(layout, region);
        ImageStream stream =
                new ImageStream(new MappedStream(FuzzStream.PATH, layout, null, region, semaphores), Access.READ_WRITE);
        use(stream, file);
        FuzzMemory.scramble(file);
        use(stream, file);
    }

    private SemaphoreSet semaphores(StreamLayout layout, MappedFile region) {
        if (layout.semaphores().isInFile()) {
            return SemaphoreSet.of(SemaphoreSet.inFile(layout, region), FuzzStream.PATH, layout.semaphores(), region);
        }
        Semaphore[] all = new Semaphore[layout.semaphores().count()];
        named.fill((byte) 0);
        for (int i = 0; i < all.length; i++) {
            all[i] = Semaphore.inMemory(named.asSlice((long) i * Semaphore.BYTES, Semaphore.BYTES), "semaphore " + i);
            all[i].initialise(0);
        }
        return SemaphoreSet.of(all, FuzzStream.PATH, layout.semaphores(), region);
    }

    private static void use(ImageStream stream, MemorySegment file) {
        try (FrameWriter writer = new FrameWriter(stream, WriterLock.unnamed())) {
            MemorySegment frame = MemorySegment.ofArray(
                    new byte[Math.toIntExact(stream.layout().frameBytes())]);
            writer.write(frame);
            writer.claim().fill((byte) 1);
            writer.abort();
            FuzzCheck.tolerate(() -> readAsleep(stream, writer, frame));
        }
        FuzzCheck.tolerate(() -> {
            KeywordEdit edit = new KeywordEdit(file, stream.layout().keywords(), "the stream");
            edit.put(Keyword.of("exptime", 0.5));
            edit.put(Keyword.of("frames", 7));
            edit.remove("exptime");
            edit.store();
        });
        FuzzStream.readFrames(stream);
    }

    private static void readAsleep(ImageStream stream, FrameWriter writer, MemorySegment frame) {
        try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            reader.read(frame, 1);
            writer.write(frame);
            reader.read(frame, 1);
        }
    }
}
