package org.shmrt.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamLayout;

/** The counter of the newest slot of a stream. */
public final class NewestCount {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG_UNALIGNED.varHandle();

    private NewestCount() {}

    /** Sets it in place, as milk's {@code imsetcnt0} does. */
    public static void set(ImageStream stream, long count) {
        StreamLayout layout = stream.layout();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = MappedFile.readWrite(stream.path(), arena).segment();
            int slot = layout.depth() == 1 ? 0 : file.get(ValueLayout.JAVA_INT_UNALIGNED, layout.lastWrittenOffset());
            WORD.set(file, layout.headerOffset(slot) + layout.cnt0Offset(), count);
        }
    }
}
