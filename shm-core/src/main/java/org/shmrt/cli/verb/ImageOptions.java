package org.shmrt.cli.verb;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.LoadedImage;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --shape} and {@code --dtype}: what an image file does not say, or must agree with. */
public final class ImageOptions {
    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            converter = Converters.ToShape.class,
            description = "Axis lengths, slowest first, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = Converters.ToDataType.class,
            description = "u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 c64 c128, or numpy's name; f16 for milk streams "
                    + "and arrays; bool for arrays.")
    private DataType type;

    @Mixin
    private ExpansionOption expansion;

    /**
     * Does some work with the pixels of an image file. A large one can be mapped, and another process can truncate it
     * meanwhile.
     */
    public static <T> T using(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    FileNames.text(file) + " was truncated while it was read: copy it again", e);
        }
    }

    public Optional<Shape> shape() {
        return Optional.ofNullable(shape);
    }

    public Optional<DataType> type() {
        return Optional.ofNullable(type);
    }

    /** Reads an image file and passes its remarks on; fails if it has another shape or type than these options. */
    public MemoryImage read(Path file, Consumer<String> remarks) {
        LoadedImage loaded = ImageFiles.load(file, type(), shape(), expansion.bytes());
        loaded.remarks().forEach(remark -> remarks.accept(FileNames.text(file) + ": " + remark));
        MemoryImage image = loaded.image();
        if ((type != null && type != image.type()) || (shape != null && !shape.equals(image.shape()))) {
            throw new IllegalArgumentException(FileNames.text(file) + " contains " + image.shape() + " " + image.type()
                    + ", which differs from --shape or --dtype");
        }
        return image;
    }
}
