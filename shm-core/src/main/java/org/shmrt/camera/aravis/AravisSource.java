package org.shmrt.camera.aravis;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.shmrt.bindings.aravis.Aravis;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FramesAhead;

/**
 * The frames of a camera. The library assembles them in the stream's slots if it can claim some ahead and the camera sends
 * the elements as they are stored; else in its own buffers, from which they are copied or unpacked.
 */
final class AravisSource implements FrameSource {
    /** Longest wait inside the library, so that a close does not wait longer. */
    private static final long MAX_WAIT_US = 100_000;
    /** Without a frame for this long, the connection is checked, and again after each such time. */
    private static final long CHECK_NS = 1_000_000_000L;

    private final AravisCamera camera;
    private final int buffers;
    private final PixelCode code;
    private final int width;
    private final int height;
    private final FrameFormat format;
    private final long payloadBytes;
    private final FrameIds ids;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();

    private long stream;
    private FramesAhead ahead;
    private boolean isStarted;
    private boolean isClosed;
    private long lastNs;
    private long checkedNs;

    AravisSource(AravisCamera camera, int buffers) {
        this.camera = camera;
        this.buffers = buffers;
        this.code = camera.pixelCode();
        this.width = camera.width();
        this.height = camera.height();
        this.format = camera.format(code);
        this.payloadBytes = camera.payloadBytes();
        this.ids = new FrameIds(camera.isGige());
        if (payloadBytes < code.sentBytes(format)) {
            throw new ShmException(camera.name() + " announces frames of " + payloadBytes + " bytes, but " + format
                    + " has " + code.sentBytes(format) + ": check its PixelFormat, Width and Height");
        }
        this.stream = camera.createStream();
    }

    @Override
    public FrameFormat format() {
        return format;
    }

    @Override
    public int preferredDepth() {
        return 2 * buffers;
    }

    @Override
    public synchronized Arrival read(FrameTarget target, long timeoutNs) {
        if (isClosed) {
            return Arrival.ENDED;
        }
        if (!isStarted) {
            start(target);
        }
        post();
        long buffer = Aravis.arv_stream_timeout_pop_buffer(stream, Math.min(timeoutNs / 1000, MAX_WAIT_US));
        if (buffer == 0) {
            checkConnection();
            return Arrival.TIMED_OUT;
        }
        lastNs = System.nanoTime();
        checkedNs = lastNs;
        return take(buffer, target);
    }

    private void start(FrameTarget target) {
        boolean fits = code.packing() == Packing.NONE && payloadBytes == format.frameBytes();
        int slots = fits ? Math.min(buffers, target.maxBuffers()) : 0;
        if (slots > 0) {
            ahead = target.ahead(slots);
        } else {
            for (int i = 0; i < buffers; i++) {
                push(0, 0);
            }
        }
        post();
        isStarted = true;
        lastNs = System.nanoTime();
        checkedNs = lastNs;
        camera.start();
    }

    /** Gives the library all buffers that it does not have. */
    private void post() {
        if (ahead == null) {
            return;
        }
        int buffer = ahead.claim();
        while (buffer >= 0) {
            push(ahead.memory(buffer).address(), buffer);
            buffer = ahead.claim();
        }
    }

    /** @param memory its address; 0 to let the library allocate it */
    private void push(long memory, int number) {
        long buffer = Aravis.arv_buffer_new_full(payloadBytes, memory, number, MemorySegment.NULL);
        if (buffer == 0) {
            throw new ShmException("cannot allocate a buffer of " + payloadBytes + " bytes for " + camera.name());
        }
        Aravis.arv_stream_push_buffer(stream, buffer);
    }

    private void checkConnection() {
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs < CHECK_NS) {
            return;
        }
        checkedNs = nowNs;
        if (!camera.isConnected()) {
            throw new ShmException(camera.name() + " does not answer any more: it was unplugged or switched off, or"
                    + " another program controls it; its last frame came " + (nowNs - lastNs) / 1_000_000_000L
                    + " s ago");
        }
    }

    /** Takes a buffer that the library has filled or given up. */
    private Arrival take(long buffer, FrameTarget target) {
        int status = Aravis.arv_buffer_get_status(buffer);
        boolean isWhole = status == Aravis.ARV_BUFFER_STATUS_SUCCESS();
        int number = (int) Aravis.arv_buffer_get_user_data(buffer);
        if (isUnused(status)) {
            giveBackUnused(buffer, number);
            return Arrival.TIMED_OUT;
        }
        long missing = ids.take(Aravis.arv_buffer_get_frame_id(buffer));
        boolean isCounted = missing == FrameIds.COUNTED;
        lost.addAndGet(isCounted ? 0 : missing);
        if (status == Aravis.ARV_BUFFER_STATUS_SIZE_MISMATCH() || (isWhole && !isExpected(buffer))) {
            lose(buffer, number, isCounted, isWhole);
            throw new ShmException("the frames of " + camera.name() + " are not " + format
                    + " any more: another program has changed the camera; start again");
        }
        if (!isWhole || isCounted) {
            lose(buffer, number, isCounted, isWhole);
            return Arrival.DAMAGED;
        }
        target.frameId(ids.number());
        target.acquiredNs(Aravis.arv_buffer_get_system_timestamp(buffer));
        if (ahead != null) {
            Aravis.g_object_unref(buffer);
            target.filled(number);
        } else {
            copy(buffer, target.pixels());
            Aravis.arv_stream_push_buffer(stream, buffer);
        }
        return Arrival.FRAME;
    }

    private static boolean isUnused(int status) {
        return status == Aravis.ARV_BUFFER_STATUS_CLEARED() || status < 0;
    }

    private boolean isExpected(long buffer) {
        return Aravis.arv_buffer_get_payload_type(buffer) == Aravis.ARV_BUFFER_PAYLOAD_TYPE_IMAGE()
                && Aravis.arv_buffer_get_image_width(buffer) == width
                && Aravis.arv_buffer_get_image_height(buffer) == height
                && Aravis.arv_buffer_get_image_pixel_format(buffer) == code.code();
    }

    /** Gives a buffer back that was not filled. */
    private void giveBackUnused(long buffer, int number) {
        if (ahead == null) {
            Aravis.arv_stream_push_buffer(stream, buffer);
        } else {
            Aravis.g_object_unref(buffer);
            ahead.giveBackUnused(number);
        }
    }

    /** Counts a frame that is not delivered, and gives its buffer back. */
    private void lose(long buffer, int number, boolean isCounted, boolean isWhole) {
        if (!isCounted) {
            lost.incrementAndGet();
        }
        if (!isWhole) {
            damaged.incrementAndGet();
        }
        if (ahead == null) {
            Aravis.arv_stream_push_buffer(stream, buffer);
        } else {
            Aravis.g_object_unref(buffer);
            ahead.giveBack(number);
        }
    }

    @SuppressWarnings("restricted")
    private void copy(long buffer, MemorySegment frame) {
        MemorySegment sent = MemorySegment.ofAddress(Aravis.arv_buffer_get_data(buffer, MemorySegment.NULL))
                .reinterpret(payloadBytes);
        code.packing().unpack(sent, frame, format.shape().elementCount());
    }

    @Override
    public long lost() {
        return lost.get();
    }

    @Override
    public long damaged() {
        return damaged.get();
    }

    /** When this returns, the library does not write to any buffer. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (isStarted) {
            camera.stop();
        }
        Aravis.g_object_unref(stream); // ends the thread of the library, and frees the buffers that it has
        camera.close();
    }
}
