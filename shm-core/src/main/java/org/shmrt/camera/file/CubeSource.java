package org.shmrt.camera.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.LoadedImage;
import org.shmrt.image.NpyInput;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/** The frames of arrays, which the file describes: one frame each, or several along a first axis. */
final class CubeSource implements FrameSource {
    /** An array with frames. */
    private interface Cube {
        DataType type();

        Shape shape();

        /** Copies a frame, which begins at this element. */
        void read(long firstElement, MemorySegment frame);
    }

    private final FrameFormat format;
    private final List<Cube> cubes;
    private final AutoCloseable file;
    private final String remark;
    private final long frameElements;
    private int cube;
    private long nextElement;
    private volatile boolean closed;

    private CubeSource(Path path, List<Cube> cubes, SourceOptions options, AutoCloseable file, String remark) {
        this.cubes = cubes;
        this.file = file;
        this.remark = remark;
        this.format = format(path, cubes, options);
        this.frameElements = format.shape().elementCount();
    }

    /** Opens an {@code .npy} file, which may be larger than memory. */
    static CubeSource npy(Path path, SourceOptions options) {
        NpyInput input = NpyInput.open(path);
        try {
            List<Cube> cubes = input.arrays().stream()
                    .map(array -> cube(path, input, array))
                    .toList();
            String remark = input.remark()
                    .map(text -> FileNames.text(path) + ": " + text)
                    .orElse("");
            return new CubeSource(path, cubes, options, input, remark);
        } catch (RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    private static Cube cube(Path path, NpyInput input, NpyInput.Array array) {
        if (array.isReadInParts()) {
            return new Cube() {
                @Override
                public DataType type() {
                    return array.type();
                }

                @Override
                public Shape shape() {
                    return array.shape();
                }

                @Override
                public void read(long firstElement, MemorySegment frame) {
                    input.read(array, firstElement, frame);
                }
            };
        }
        MemorySegment whole = Bytes.allocate(array.shape().byteSize(array.type()), FileNames.text(path));
        input.read(array, 0, whole);
        return inMemory(array.type(), array.shape(), whole);
    }

    /** Opens a FITS file, whose image is read at once. */
    static CubeSource image(Path path, SourceOptions options) {
        LoadedImage loaded = ImageFiles.load(path, Optional.empty(), Optional.empty(), options.maxExpandedBytes());
        List<Cube> cubes = List.of(inMemory(
                loaded.image().type(), loaded.image().shape(), loaded.image().data()));
        String remark =
                loaded.remarks().isEmpty() ? "" : FileNames.text(path) + ": " + String.join("; ", loaded.remarks());
        return new CubeSource(path, cubes, options, () -> {}, remark);
    }

    private static Cube inMemory(DataType type, Shape shape, MemorySegment data) {
        return new Cube() {
            @Override
            public DataType type() {
                return type;
            }

            @Override
            public Shape shape() {
                return shape;
            }

            @Override
            public void read(long firstElement, MemorySegment frame) {
                MemorySegment.copy(data, firstElement * type.itemBytes(), frame, 0, frame.byteSize());
            }
        };
    }

    private static FrameFormat format(Path path, List<Cube> cubes, SourceOptions options) {
        Cube first = cubes.getFirst();
        Shape frame = options.shape().orElseGet(() -> frameOf(first.shape()));
        if (options.type().isPresent() && options.type().get() != first.type()) {
            throw new IncompatibleException(FileNames.text(path) + " contains " + first.type() + " elements, not "
                    + options.type().get());
        }
        for (Cube cube : cubes) {
            if (cube.type() != first.type()
                    || Stream.of(cube.shape(), withoutFirst(cube.shape()))
                            .noneMatch(shape -> shape.squeezed().equals(frame.squeezed()))) {
                throw new IncompatibleException(FileNames.text(path) + " contains " + cube.shape() + " " + cube.type()
                        + ", which is not made of frames of " + frame + " " + first.type()
                        + ": give the shape of a frame with --shape; nothing was written");
            }
        }
        return FrameFormat.ofShape(first.type(), frame, options.rateHz());
    }

    /** Up to two axes are a frame; the first of three or more counts frames. */
    private static Shape frameOf(Shape array) {
        return array.rank() <= 2 ? array : withoutFirst(array);
    }

    private static Shape withoutFirst(Shape array) {
        return array.rank() == 1 ? array : Shape.of(Arrays.copyOfRange(array.lengths(), 1, array.rank()));
    }

    @Override
    public FrameFormat format() {
        return format;
    }

    @Override
    public Arrival read(FrameTarget target, long timeoutNs) {
        while (cube < cubes.size() && nextElement == cubes.get(cube).shape().elementCount()) {
            cube++;
            nextElement = 0;
        }
        if (closed || cube == cubes.size()) {
            return Arrival.ENDED;
        }
        try {
            cubes.get(cube).read(nextElement, target.pixels());
        } catch (RuntimeException e) {
            if (closed) {
                return Arrival.ENDED;
            }
            throw e;
        }
        nextElement += frameElements;
        return Arrival.FRAME;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public long damaged() {
        return 0;
    }

    @Override
    public String remark() {
        return remark;
    }

    @Override
    public void close() {
        closed = true;
        try {
            file.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e); // neither input throws a checked exception
        }
    }
}
