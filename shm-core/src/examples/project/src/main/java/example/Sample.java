package example;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/** Writes a frame into a stream and reads it; usually these are two programs. */
public final class Sample {
    private Sample() {}

    /**
     * Creates a stream, writes and reads one frame, and removes the stream.
     *
     * @param args the path of the stream
     */
    public static void main(String[] args) {
        Path path = Path.of(args[0]);
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(2, 3)));
                FrameReader reader = stream.reader(WaitStrategy.spin());
                FrameWriter writer = stream.writer()) {
            MemorySegment frame = writer.claim();
            for (int pixel = 0; pixel < 6; pixel++) {
                frame.setAtIndex(ValueLayout.JAVA_SHORT, pixel, (short) (100 + pixel));
            }
            long count = writer.publish();

            if (reader.awaitNext(1_000_000_000L).hasFrame()) {
                int last = Short.toUnsignedInt(reader.frame().getAtIndex(ValueLayout.JAVA_SHORT, 5));
                if (reader.validate()) {
                    String module = ImageStream.class.getModule().isNamed() ? "module path" : "class path";
                    System.out.println(
                            "frame " + count + " of " + stream.shape() + ", last pixel " + last + ", " + module);
                }
            }
        } finally {
            ImageStream.remove(path);
        }
    }
}
