package org.shmrt.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.shmrt.posix.Clocks;

/**
 * A writer of one stream of a set: {@code PATH STEP PAUSE_NS}. For each line {@code N} of its input it writes frames with
 * the ids from its last one to N that are multiples of the step, and prints the number of frames that it has written. A
 * frame contains its id, and its acquisition time is the id in milliseconds.
 */
final class SetWriterChild {
    /** Times of the frames are those of a clock that starts here. */
    static final long BASE_NS = 1_700_000_000_000_000_000L;

    private SetWriterChild() {}

    public static void main(String[] words) throws IOException {
        long step = Long.parseLong(words[1]);
        long pauseNs = Long.parseLong(words[2]);
        try (ImageStream stream = ImageStream.open(Path.of(words[0]));
                FrameWriter writer = stream.writer();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            long offsetNs = stream.layout().clock().offsetNs();
            long id = step;
            long written = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                for (long last = Long.parseLong(line); id <= last; id += step) {
                    if (pauseNs > 0) {
                        Clocks.sleepUntil(System.nanoTime() + pauseNs);
                    }
                    MemorySegment frame = writer.claim();
                    for (int i = 0; i < 4; i++) {
                        frame.setAtIndex(ValueLayout.JAVA_LONG, i, id);
                    }
                    writer.frameId(id);
                    writer.publish(BASE_NS + id * 1_000_000 + offsetNs);
                    written++;
                }
                System.out.println(written);
            }
        }
    }
}
