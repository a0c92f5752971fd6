package org.shmrt.stream.convert;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.stream.format.StreamLayout;

/**
 * The result of a conversion.
 *
 * @param source the source stream
 * @param target the new stream
 * @param layout layout of the new stream
 * @param cnt0 counter of the newest frame, 0 if there was none
 * @param frames number of frames in the new stream, including the newest; 0 if there was none
 * @param keywords number of keywords in the new stream
 * @param dropped the properties of the source that are not in the new stream, one text for each
 */
public record ConversionReport(
        Path source, Path target, StreamLayout layout, long cnt0, int frames, int keywords, List<String> dropped) {}
