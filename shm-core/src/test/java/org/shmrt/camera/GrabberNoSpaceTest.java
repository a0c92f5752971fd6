package org.shmrt.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** A grabber that writes a sparse stream on a full file system. */
@Timeout(600)
class GrabberNoSpaceTest {
    private static final FrameFormat FRAMES = FrameFormat.mono(DataType.UINT8, Shape.of(300, 1024));

    @Order(1)
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Order(2)
    @RegisterExtension
    final SmallFileSystem small = new SmallFileSystem(scratch);

    /** Delivers one frame at each call. */
    private static final class Ones implements FrameSource {
        @Override
        public FrameFormat format() {
            return FRAMES;
        }

        @Override
        public Arrival read(FrameTarget target, long timeoutNs) {
            target.pixels().fill((byte) 1);
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
        public void close() {
            // it has nothing to close
        }
    }

    /** At depth 1 the grabber copies a frame, else the source writes it in place. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldSayThatThereIsNoSpaceAndGoOnWhenThereIs(int depth) throws IOException {
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        ImageStream.create(path, Grabber.spec("dao", FRAMES, depth)).close();
        try (ImageStream stream = ImageStream.open(path);
                Grabber grabber = new Grabber(new Ones(), stream)) {
            SmallFileSystem.makeSparse(path, 8192, 16384); // the keywords are at the end
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                for (int i = 0; i < 2; i++) {
                    small.assertNoSpace(assertThrows(ShmException.class, () -> grabber.run(1)));
                }
            }

            assertTrue(grabber.run(3));
            assertEquals(3, stream.status().cnt0());
        }
        ImageStream.remove(path);
    }
}
