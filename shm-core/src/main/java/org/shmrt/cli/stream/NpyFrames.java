package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.image.NpyInput;
import org.shmrt.text.FileNames;

/**
 * The frames of all arrays of an {@code .npy} file. A small file is read at once; of a large one, each frame is read when
 * it is due, so that it may be larger than memory.
 */
final class NpyFrames extends FrameSource {
    private final NpyInput input;
    private final InputForm.AtEnd atEnd;
    private final long frameElements;
    private final MemorySegment buffer;
    private int array;
    private long nextElement;
    /** An array in Fortran order, which can be read only as a whole. */
    private MemorySegment whole = MemorySegment.NULL;

    private MemorySegment frame = MemorySegment.NULL;

    private NpyFrames(NpyInput input, TargetStream stream, InputForm.AtEnd atEnd) {
        this.input = input;
        this.atEnd = atEnd;
        this.frameElements = stream.shape().elementCount();
        this.buffer = FrameMemory.allocate(stream.frameBytes(), 1);
    }

    static FrameSource open(Path file, TargetStream stream, InputForm form, Consumer<String> remarks) {
        NpyInput input = NpyInput.open(file);
        try {
            input.remark().ifPresent(remark -> remarks.accept(FileNames.text(file) + ": " + remark));
            long bytes = 0;
            for (NpyInput.Array array : input.arrays()) {
                if (array.type() != stream.type() || !InputForm.isFrames(array.shape(), form.frameShape(stream))) {
                    throw mismatch(file, array.shape() + " " + array.type(), stream, form);
                }
                bytes += array.shape().byteSize(array.type());
            }
            if (bytes > maxInMemoryBytes()) {
                return new NpyFrames(input, stream, form.atEnd());
            }
            MemorySegment all = FrameMemory.allocate(bytes, 1);
            long at = 0;
            for (NpyInput.Array array : input.arrays()) {
                long size = array.shape().byteSize(array.type());
                input.read(array, 0, all.asSlice(at, size));
                at += size;
            }
            input.close();
            return new MemoryFrames(all, stream.frameBytes(), form.atEnd());
        } catch (RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    @Override
    boolean next() {
        while (nextElement == input.arrays().get(array).shape().elementCount()) {
            nextElement = 0;
            whole = MemorySegment.NULL;
            if (++array == input.arrays().size()) {
                array = 0;
                if (atEnd == InputForm.AtEnd.STOP) {
                    nextElement = input.arrays().getFirst().shape().elementCount();
                    return false;
                }
            }
        }
        frame = read(input.arrays().get(array));
        nextElement += frameElements;
        return true;
    }

    private MemorySegment read(NpyInput.Array current) {
        if (current.isReadInParts()) {
            input.read(current, nextElement, buffer);
            return buffer;
        }
        if (whole.byteSize() == 0) {
            whole = FrameMemory.allocate(current.shape().byteSize(current.type()), 1);
            input.read(current, 0, whole);
        }
        return whole.asSlice(nextElement * current.type().itemBytes(), buffer.byteSize());
    }

    @Override
    MemorySegment frame() {
        return frame;
    }

    @Override
    public void close() {
        input.close();
    }
}
