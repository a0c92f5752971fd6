package org.shmrt.camera.program;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code gst-launch-1.0 -v} prints while it runs: the caps of the pixels, and for each frame its size, time and
 * number. They arrive shortly before or after the pixels of the frame. One thread reads the lines, another asks.
 */
final class GstMessages implements Predicate<String> {
    /** Names of the two elements whose properties are of interest. */
    static final String SINK = "shmrt-pixels";

    static final String IDENTITY = "shmrt-times";

    private static final Pattern FRAME = Pattern.compile(
            "\\(([0-9]+) bytes, dts: .*?, pts: ((?<h>[0-9]+):(?<m>[0-9]{2}):(?<s>[0-9]{2})\\.(?<ns>[0-9]{9})|none),"
                    + " .*?offset: +(?<offset>-?[0-9]+|none)");

    /** The pipe holds fewer frames than this. */
    private static final int RING = 4096;

    private final long[] bytes = new long[RING];
    private final long[] times = new long[RING];
    private final long[] offsets = new long[RING];
    private volatile long frames;
    private volatile String caps = "";
    private final CountDownLatch hasCaps = new CountDownLatch(1);

    @Override
    public boolean test(String line) {
        if (line.startsWith("ERROR") || line.startsWith("WARNING")) {
            return false;
        }
        int capsAt = line.indexOf(SINK + ".GstPad:sink: caps = ");
        if (capsAt >= 0 && caps.isEmpty()) {
            caps = line.substring(capsAt);
            hasCaps.countDown();
        } else if (line.contains("last-message = chain") && line.contains(IDENTITY)) {
            frame(line);
        }
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void frame(String line) {
        Matcher matcher = FRAME.matcher(line);
        int at = (int) (frames % RING);
        bytes[at] = -1;
        times[at] = -1;
        offsets[at] = -1;
        if (matcher.find()) {
            bytes[at] = Long.parseLong(matcher.group(1));
            if (matcher.group("h") != null) {
                long seconds = Long.parseLong(matcher.group("h")) * 3600
                        + Long.parseLong(matcher.group("m")) * 60
                        + Long.parseLong(matcher.group("s"));
                times[at] = seconds * 1_000_000_000L + Long.parseLong(matcher.group("ns"));
            }
            String offset = matcher.group("offset");
            offsets[at] = offset.equals("none") ? -1 : Long.parseLong(offset);
        }
        frames++;
    }

    /** Waits for the caps; an empty text if they have not come. */
    String awaitCaps(long timeoutMs) throws InterruptedException {
        return hasCaps.await(timeoutMs, TimeUnit.MILLISECONDS) ? caps : "";
    }

    /** Waits until a frame is described; false if it was not in time. */
    boolean await(long frame, long timeoutNs) {
        long limitNs = System.nanoTime() + timeoutNs;
        while (frames <= frame) {
            if (System.nanoTime() - limitNs > 0) {
                return false;
            }
            LockSupport.parkNanos(20_000);
        }
        return frames - frame < RING;
    }

    /** Size of a frame in the pipe, -1 if it is not known. */
    long bytes(long frame) {
        return bytes[(int) (frame % RING)];
    }

    /** Time of a frame from the start of the pipeline, -1 if it has none. */
    long timeNs(long frame) {
        return times[(int) (frame % RING)];
    }

    /** Number that its source gave the frame, -1 if it has none. */
    long offset(long frame) {
        return offsets[(int) (frame % RING)];
    }
}
