package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.stream.format.DetectionResult;

/**
 * Two states of ImageStreamIO that existed for some days, with the version text of another layout. Their files are
 * recognised, so that they are not called damaged, and not read: 0.0.00 of March 2019 with a header of 368 bytes and the
 * flag of a shared stream at 232, and 1.04 of 2021-04-25 with the size of a frame at 136 and the type at 144.
 */
final class InterimVersion {
    private static final String MARCH_2019_TEXT = "0.0.00";
    private static final int MARCH_2019_SHARED = 232;
    private static final int SHARED = 216;
    private static final String APRIL_2021_TEXT = "1.04";
    private static final int APRIL_2021_FRAME_BYTES = 136;
    private static final int APRIL_2021_TYPE = 144;

    private InterimVersion() {}

    /** Empty if the file is of neither. */
    static Optional<DetectionResult> detect(String versionText, MemorySegment head) {
        if (versionText.equals(MARCH_2019_TEXT)
                && head.get(JAVA_BYTE, SHARED) != 1
                && head.get(JAVA_BYTE, MARCH_2019_SHARED) == 1) {
            return Optional.of(other("0.0.00 as of March 2019, with a header of 368 bytes"));
        }
        return versionText.equals(APRIL_2021_TEXT) && isApril2021(head)
                ? Optional.of(other("1.04 as of 2021-04-25, with the size of a frame before its type"))
                : Optional.empty();
    }

    private static boolean isApril2021(MemorySegment head) {
        DataType type = MilkTypes.ofCode(Byte.toUnsignedInt(head.get(JAVA_BYTE, APRIL_2021_TYPE)));
        long frameBytes = head.get(JAVA_LONG, APRIL_2021_FRAME_BYTES);
        long elements = head.get(JAVA_LONG, MilkDescriptor.NELEMENT);
        return type != null
                && elements > 0
                && elements <= Long.MAX_VALUE / type.itemBytes()
                && frameBytes == elements * type.itemBytes()
                && MilkImage.of(head).fault().isPresent();
    }

    private static DetectionResult other(String version) {
        return DetectionResult.otherVersion("its layout is that of ImageStreamIO " + version
                + ", which existed for some days; create the stream again with another version");
    }
}
