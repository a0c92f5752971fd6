package org.shmrt.stream;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A ring with a writer and a reader, for frames that are claimed ahead. */
abstract class FramesAheadFixture {
    static final int PIXELS = 64;
    static final int DEPTH = 6;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    final RampFrames ramp = new RampFrames(PIXELS);
    ImageStream stream;
    FrameWriter writer;
    FrameReader reader;

    @BeforeEach
    void create() {
        open(DEPTH);
    }

    void open(int depth) {
        stream = ImageStream.create(
                scratch.stream("cam" + depth),
                StreamSpec.dao(DataType.UINT16, Shape.of(PIXELS)).withDepth(depth));
        writer = stream.writer();
        reader = stream.reader(WaitStrategy.spin());
    }

    @AfterEach
    void close() {
        stream.close();
    }

    /** Address of the pixels of a slot in the mapping of the stream. */
    long address(int slot) {
        return stream.mapped().segment().address() + stream.layout().frameOffset(slot);
    }

    boolean isFlagUp(int slot) {
        long offset = stream.layout().headerOffset(slot) + stream.layout().writeFlagOffset();
        return stream.mapped().segment().get(ValueLayout.JAVA_BYTE, offset) != 0;
    }

    List<Integer> flagsUp() {
        List<Integer> up = new ArrayList<>();
        for (int slot = 0; slot < stream.layout().depth(); slot++) {
            if (isFlagUp(slot)) {
                up.add(slot);
            }
        }
        return up;
    }
}
