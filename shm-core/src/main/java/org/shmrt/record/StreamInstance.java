package org.shmrt.record;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.cacao.FrameCards;
import org.shmrt.error.ShmException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.stream.ImageStream;

/** One life of a recorded stream, from its creation to its removal: what its chunks say about it. For any thread. */
final class StreamInstance {
    /** Format of the stream. */
    static final String FORMAT = "SHMFMT";
    /** Frames that the stream keeps. */
    static final String DEPTH = "SHMDEPTH";
    /** How far the wall clock was set forward since the start of the recorder. */
    static final String CLOCK_STEP = "CLKSTEP";
    /** Name of the stream. */
    static final String STREAM = "STREAM";

    private final String name;
    private final ImageStream stream;
    private final long clockOffsetNs;
    private volatile List<FitsCard> lastCards = List.of();

    StreamInstance(String name, ImageStream stream) {
        this.name = name;
        this.stream = stream;
        this.clockOffsetNs = stream.layout().clock().offsetNs();
        rememberKeywords();
    }

    private void rememberKeywords() {
        try {
            lastCards = FrameCards.ofHistory(stream, 0, 0);
        } catch (ShmException e) {
            // truncated or closed: the ones before remain
        }
    }

    long frameBytes() {
        return stream.layout().frameBytes();
    }

    /** A time on the clock of the stream in UTC; 0 remains 0, for unknown. */
    long utcNs(long timeNs) {
        return timeNs == 0 ? 0 : timeNs - clockOffsetNs;
    }

    /** The description of a chunk that begins with a frame. Reads the keywords that the stream has now. */
    ChunkSpec spec(FrameRow first, RecordingClock clock) {
        List<FitsCard> cards = new ArrayList<>();
        cards.add(FitsCard.of(STREAM, name, "name of the stream"));
        cards.add(FitsCard.of(FORMAT, stream.layout().format(), "format of the stream"));
        cards.add(FitsCard.of(DEPTH, stream.layout().depth(), "frames that the stream keeps"));
        cards.add(FitsCard.of(CLOCK_STEP, clock.stepNs(), "[ns] clock of the machine set since the start"));
        try {
            long acquiredNs = first.acquiredNs() == 0 ? 0 : first.acquiredNs() + clockOffsetNs;
            List<FitsCard> ofFrame = FrameCards.of(stream, first.cnt0(), first.cnt1(), first.frameId(), acquiredNs);
            cards.addAll(ofFrame);
            lastCards = ofFrame;
        } catch (ShmException e) {
            // the stream was removed or re-created since this frame was copied
            cards.add(FitsCard.ofUnsigned("CNT0", first.cnt0(), "count of the frame"));
            lastCards.stream()
                    .filter(card -> !card.name().matches("CNT[0-2]|DATE-OBS|ACQTIME"))
                    .forEach(cards::add);
        }
        return new ChunkSpec(stream.type(), stream.shape(), cards);
    }
}
