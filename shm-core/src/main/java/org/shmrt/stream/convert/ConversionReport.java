package org.shmrt.stream.convert;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.stream.format.StreamLayout;

/**
 * What a conversion did.
 *
 * @param source the stream converted
 * @param target the stream made
 * @param layout the layout of the stream made
 * @param cnt0 counter of the newest frame, 0 if there was none
 * @param frames how many frames the new stream holds, the newest among them; 0 if there was none
 * @param keywords how many keywords it has
 * @param dropped what of the source is not in the new stream, in sentences
 */
public record ConversionReport(
        Path source, Path target, StreamLayout layout, long cnt0, int frames, int keywords, List<String> dropped) {}
