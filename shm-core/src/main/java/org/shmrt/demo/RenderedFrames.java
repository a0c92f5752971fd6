package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;

/**
 * Frames of a {@link SpotField} that are rendered before they are due, so that the camera can keep its rate after a
 * delay, and also if rendering takes longer than a period. For one thread.
 */
final class RenderedFrames {
    private static final int SLOTS = 64;
    private static final int WARM_UP_ROUNDS = 500;

    private final SpotField field;
    private final short[][] pixels = new short[SLOTS][LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
    private final MemorySegment[] segments = new MemorySegment[SLOTS];
    private long next;
    private long renderNs = Long.MAX_VALUE / 2;

    RenderedFrames(SpotField field) {
        this.field = field;
        for (int slot = 0; slot < SLOTS; slot++) {
            segments[slot] = MemorySegment.ofArray(pixels[slot]);
        }
        // Enough rounds for the compiler to finish before the first frame is due.
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            field.render(i, pixels[0]);
        }
        while (renderAhead(0)) {
            // fills every slot
        }
    }

    /** Renders the next frame, if there is a slot that frame {@code due} and later frames do not need. */
    boolean renderAhead(long due) {
        if (next - due >= SLOTS) {
            return false;
        }
        long startNs = System.nanoTime();
        field.render(next, pixels[(int) (next % SLOTS)]);
        next++;
        // Decreases immediately and increases slowly: one interrupted render must not prevent the next ones.
        renderNs = Math.min(System.nanoTime() - startNs, renderNs + renderNs / 8);
        return true;
    }

    /** How long rendering a frame currently takes. */
    long renderNs() {
        return renderNs;
    }

    /** The picture for a frame: its own, or that of an older frame if there was no time to render it. */
    MemorySegment picture(long frame) {
        if (!isRendered(frame)) {
            next = frame + 1;
            renderNs -= renderNs / 8; // so that rendering is tried again if it was slow once
        }
        return segments[(int) (frame % SLOTS)];
    }

    /** Whether a frame shows its own picture. */
    boolean isRendered(long frame) {
        return frame < next;
    }
}
