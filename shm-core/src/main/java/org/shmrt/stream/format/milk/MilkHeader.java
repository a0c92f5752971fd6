package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;
import org.shmrt.text.FixedText;

/** The header of a file that may be a milk stream. Reads a private copy, and checks every field before it is used. */
final class MilkHeader {
    /** The bytes needed for detection: the smallest header, and the last fields that a variant has after it. */
    static final int BYTES = Variant.DEFAULT.headerBytes + 16;

    private static final Pattern VERSION_NUMBER = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){1,3}");

    private final String version;
    private final String name;
    private final boolean nameEnds;
    private final MilkImage image;
    private final long imageType;
    private final int shared;
    private final int location;
    private final int semaphores;
    private final int traces;
    private final int keywords;
    private final long circular;
    private final long circularIndex;

    MilkHeader(MemorySegment head) {
        version = FixedText.get(head, 0, MilkDescriptor.VERSION_BYTES);
        name = FixedText.fileName(head, MilkDescriptor.NAME, MilkDescriptor.NAME_BYTES);
        nameEnds = FixedText.length(head, MilkDescriptor.NAME, MilkDescriptor.NAME_BYTES) < MilkDescriptor.NAME_BYTES;
        image = MilkImage.of(head);
        imageType = head.get(JAVA_LONG, MilkDescriptor.IMAGETYPE);
        shared = Byte.toUnsignedInt(head.get(JAVA_BYTE, MilkDescriptor.SHARED));
        location = head.get(JAVA_BYTE, MilkDescriptor.LOCATION);
        semaphores = Short.toUnsignedInt(head.get(JAVA_SHORT, MilkDescriptor.SEM));
        traces = Short.toUnsignedInt(head.get(JAVA_SHORT, MilkDescriptor.NBPROCTRACE));
        keywords = Short.toUnsignedInt(head.get(JAVA_SHORT, MilkDescriptor.NBKW));
        circular = Integer.toUnsignedLong(head.get(JAVA_INT, MilkDescriptor.CBSIZE));
        circularIndex = Integer.toUnsignedLong(head.get(JAVA_INT, MilkDescriptor.CBINDEX));
    }

    boolean hasVersion() {
        return version.equals(MilkDescriptor.VERSION_TEXT) || version.equals(MilkDescriptor.NEWER_VERSION_TEXT);
    }

    /** Whether the version text is a number like those of ImageStreamIO, but one that ShmRT does not know. */
    boolean isOtherVersion() {
        return !hasVersion() && VERSION_NUMBER.matcher(version).matches();
    }

    String version() {
        return version;
    }

    String name() {
        return name;
    }

    DataType type() {
        return image.type();
    }

    Shape shape() {
        return image.shape();
    }

    List<Long> axes() {
        return image.axes();
    }

    /** The GPU that holds the pixels, or {@link MilkDescriptor#LOCATION_CPU}. */
    int gpu() {
        return location;
    }

    /** What is wrong with the image that the header describes, as a clause; null if it is valid. */
    String imageFault() {
        Optional<String> fault = image.fault();
        if (fault.isPresent()) {
            return fault.get();
        }
        if (shared != 1) {
            return "its flag of a shared stream (offset " + MilkDescriptor.SHARED + ") is " + shared + ", not 1";
        }
        if (location < MilkDescriptor.LOCATION_CPU) {
            return "its location (offset " + MilkDescriptor.LOCATION + ") is " + location + ", not -1 or a GPU";
        }
        return name.isEmpty() ? "its name (offset " + MilkDescriptor.NAME + ") is empty" : null;
    }

    /** The regions of the file if it is of this variant; null if its stored frame size is not that of the variant. */
    MilkRegions regionsOrNull(Variant variant, MemorySegment head) {
        long frameBytes = shape().byteSize(type());
        if (head.get(JAVA_LONG, variant.dataBytes) != frameBytes) {
            return null;
        }
        boolean rolling = (imageType & 0xF) == MilkDescriptor.TYPE_CIRCULAR && image.naxis() == 3;
        boolean lists = (imageType & MilkDescriptor.CUBE_MASK) == MilkDescriptor.CUBE;
        if (circular > Integer.MAX_VALUE || (rolling && axes().get(2) > Integer.MAX_VALUE)) {
            return null;
        }
        try {
            return new MilkRegions(
                    variant,
                    new MilkRegions.Counts(
                            frameBytes,
                            location == MilkDescriptor.LOCATION_CPU,
                            keywords,
                            semaphores,
                            traces,
                            rolling ? axes().get(2) : 0,
                            circular,
                            lists && rolling));
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /** Why no variant fits, as a clause. */
    String sizeFault(long fileBytes) {
        return "its size is " + fileBytes + " bytes, which is none of the sizes a milk stream of " + shape() + " "
                + type() + " with " + keywords + " keywords, " + semaphores + " semaphores, " + traces
                + " process traces and a circular buffer of " + circular + " frames can have";
    }

    /** Irregularities that do not prevent the use of the stream. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!version.equals(MilkDescriptor.VERSION_TEXT)) {
            warnings.add("its version (offset 0) is " + version + ": programs built with ImageStreamIO "
                    + MilkDescriptor.VERSION_TEXT + " reject it, although the layout is the same");
        }
        if (!nameEnds) {
            warnings.add("the name in the header has no NUL at its end; milk's own programs read beyond it into the "
                    + "next fields");
        }
        if (circular > 0 && circularIndex >= circular) {
            warnings.add("the newest slot of the circular buffer (offset " + MilkDescriptor.CBINDEX + ") is "
                    + circularIndex + " of " + circular + "; ShmRT uses it modulo " + circular);
        }
        return warnings;
    }
}
