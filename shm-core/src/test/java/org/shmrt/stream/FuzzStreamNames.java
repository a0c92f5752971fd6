package org.shmrt.stream;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamDirectory;

/** A name, a shape and a type as users write them, up to the plan of the stream file in every format. */
final class FuzzStreamNames extends TextTarget {
    FuzzStreamNames() {
        super(
                "cam\n480x640\nu16\n1",
                "a/b.im.shm\n3\nfloat\n4",
                "x.im.shm\n2,3*4\nc128\n2",
                "../up\n0\ndouble\n9",
                "n\u00e4me\n9223372036854775807x2\nint8\n1",
                "w\n4294967296\nbool\n1",
                "a.b.c\n4294967295\nf16\n99999999");
    }

    @Override
    public void use(byte[] input) {
        String[] words = Seeds.text(input).split("\n", 4);
        if (words.length < 4) {
            return;
        }
        Path path;
        try {
            path = StreamDirectory.resolve(words[0].isEmpty() ? "x" : words[0]);
        } catch (InvalidPathException e) {
            return;
        }
        ImageStream.checkPath(path);
        StreamSpec spec = StreamSpec.of("dao", DataType.parse(words[2]), Shape.parse(words[1]));
        int number = words[3].hashCode();
        for (StreamFormat format : StreamFormats.all()) {
            boolean milk = format.name().equals("milk");
            StreamSpec wanted =
                    StreamSpec.of(format.name(), spec.type(), spec.shape()).withKeywords(number & 0xffff);
            wanted = milk ? wanted.withCircularBuffer(number >>> 8) : wanted.withDepth(1 + (number >>> 1 & 0xffffff));
            try {
                StreamLayout layout = format.plan(path, wanted);
                if (layout.fileBytes() < layout.frameBytes()) {
                    throw new AssertionError(
                            format.name() + " plans " + layout.fileBytes() + " bytes for " + spec.shape());
                }
                format.creationWarning(path, layout);
            } catch (IllegalArgumentException e) {
                // rejected by one format: try the next one as well
                if (e.getMessage() == null) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
