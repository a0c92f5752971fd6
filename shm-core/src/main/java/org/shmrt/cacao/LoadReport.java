package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What a load did.
 *
 * @param stream file of the stream
 * @param fits name of the FITS file, as given or as the conf file has it
 * @param outcome what was done
 * @param reasons why it was loaded; empty if it was kept
 * @param format of the stream
 * @param type of the stream's elements
 * @param shape of the stream, slowest axis first
 * @param cnt0 counter of the frame loaded, or of the newest if the stream was kept
 * @param keywords how many keywords were set from the FITS header
 * @param remarks what else is worth knowing, in sentences
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
    /** What was done with the stream. */
    public enum Outcome {
        /** Nothing: it holds what was loaded last. */
        KEPT,
        /** The image was written into it as one frame. */
        UPDATED,
        /** It was made anew, because the image is of another shape or type. */
        RECREATED,
        /** It was made. */
        CREATED
    }

    /** Why an image was loaded. */
    public enum Reason {
        /** It is another FITS file than at the last load, or was never loaded. */
        FITS_CHANGED,
        /** Somebody wrote the stream since the last load. */
        STREAM_CHANGED,
        /** There was no stream. */
        STREAM_MISSING,
        /** It was asked for. */
        FORCED,
        /** The stream was removed first, because that was asked for. */
        RESET
    }

    /** Keeps copies of the lists. */
    public LoadReport {
        reasons = List.copyOf(reasons);
        remarks = List.copyOf(remarks);
    }
}
