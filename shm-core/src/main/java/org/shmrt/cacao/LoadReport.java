package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The result of {@link FitsLoader#load}. Immutable; safe for any thread.
 *
 * @param stream file of the stream
 * @param fits name of the FITS file, as given or as in the conf file
 * @param outcome what happened to the stream
 * @param reasons why the image was loaded; empty if the stream was kept
 * @param format name of the format of the stream
 * @param type type of the elements of the stream
 * @param shape shape of the stream, slowest axis first
 * @param cnt0 counter of the loaded frame, or of the newest frame if the stream was kept
 * @param keywords number of keywords that were set from the FITS header
 * @param remarks additional remarks for the user
 */
public record LoadReport(
        Path stream,
        String fits,
        Outcome outcome,
        List<Reason> reasons,
        String format,
        DataType type,
        Shape shape,
        long cnt0,
        int keywords,
        List<String> remarks) {
    /** What happened to the stream. */
    public enum Outcome {
        /** Nothing, because it still contains the last loaded image. */
        KEPT,
        /** The image was written to it as one frame. */
        UPDATED,
        /** It was created again, because the image has another shape or type. */
        RECREATED,
        /** It was created. */
        CREATED
    }

    /** Reasons for loading an image. */
    public enum Reason {
        /** The FITS file is not the one of the last load, has changed since, or was never loaded. */
        FITS_CHANGED,
        /** The stream was written by another program since the last load. */
        STREAM_CHANGED,
        /** The stream did not exist. */
        STREAM_MISSING,
        /** {@link LoadRequest.Mode#ALWAYS} was requested. */
        FORCED,
        /** {@link LoadRequest.Mode#RESET} was requested. */
        RESET
    }

    /** Copies the lists. */
    public LoadReport {
        reasons = List.copyOf(reasons);
        remarks = List.copyOf(remarks);
    }
}
